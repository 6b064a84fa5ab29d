"""The catalogue of a project: its sources, its images with their labels and splits, and what is wrong with them.

Safe to use from several threads: readers do not wait for the writer. Every method that writes does it in one
transaction, and returns when that is on the drive.
"""

import sqlite3
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from imgmine_gui.core.project import facts, image_rows, queries, sources
from imgmine_gui.core.project.apply import Applied, write_scan
from imgmine_gui.core.project.checks import ClassCounts, DataCheck, check_data
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.database import Database
from imgmine_gui.core.project.dividing import are_splits_stale, divide, divide_soon, read_split_settings
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.core.project.facts import Totals
from imgmine_gui.core.project.health.health import Health
from imgmine_gui.core.project.image_query import ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.image_rows import ImageRow
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.predicted import Predictions, stage_agreement, stage_predictions
from imgmine_gui.core.project.records import ScanResult
from imgmine_gui.core.project.source_places import SourcePlaces
from imgmine_gui.core.project.sources import Source
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.spool import Spool
from imgmine_gui.core.project.transcriptions.catalogued import read_options, select_transcriptions
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.project.watches import Watches

__all__ = [
    "Applied",
    "Catalogue",
    "ClassCounts",
    "ImageOrder",
    "ImageQuery",
    "ImageRow",
    "SortBy",
    "Source",
    "Totals",
]


class Catalogue:
    """A project's database.

    Every method raises ``UserError`` where the drive is full, fails or cannot be written to (the old state stands),
    and ``Cancelled`` once the catalogue is closed.

    Args:
        path: of the database file, made by ``create_catalogue`` and of the newest version.
        read_only: never write; the methods that would raise ``UserError``.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self._database = Database(path, read_only)
        self.edits = Edits(self._database, divide_soon)
        """What a person changes by hand, with its history."""
        self.health = Health(self._database, divide_soon)
        """What is measured of the images, and what was found by that."""
        self._predictions = Predictions()
        self.watches = Watches(self._database)
        """Which sources are to be watched."""
        self.places = SourcePlaces(self._database)
        """Where the sources are, and whether they are there now."""

    @property
    def path(self) -> Path:
        """Of the database file."""
        return self._database.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._database.read_only or self._database.damaged

    @property
    def damaged(self) -> bool:
        """Whether damage was found; the next opening of the project restores a backup."""
        return self._database.damaged

    @property
    def changed(self) -> bool:
        """Whether something was changed since it was opened."""
        return self._database.changed

    def require_writable(self) -> None:
        """Do nothing where something can be changed.

        Raises:
            UserError: it is open for reading only, or damaged.
        """
        self._database.require_writable()

    def stop_writing(self) -> None:
        """Damage was found: from now on, the methods that write raise ``UserError``."""
        self._database.damaged = True

    def show_predictions(self, predictions: Predictions) -> None:
        """Let queries, orders and marks know what a model says of the images, from now on."""
        self._predictions = predictions

    @contextmanager
    def reading(self, query: ImageQuery | None = None) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction for reading, with ``temp.predicted`` at hand as ``query`` needs it."""

        def prepare(db: sqlite3.Connection) -> None:
            stage_predictions(db, self._predictions)
            if query is not None and query.agrees is not None:
                stage_agreement(db)

        self._database.prepare(prepare)
        with self._database.reading() as db:
            yield db

    def close(self) -> None:
        """Close the file, in all threads."""
        self._database.close()

    def sources(self) -> list[Source]:
        """All sources, in the order in which they were added."""
        with self._database.reading() as db:
            return sources.select_sources(db)

    def add_source(self, path: str) -> Source:
        """Make a folder, or a single image, a source; it is empty until a scan is applied.

        One that was removed, and that an undo could still bring back, comes back with its images and their labels.

        Raises:
            UserError: there is nothing, it is a project, or some of its images belong to another source already.
        """
        with self._database.writing() as db:
            source = sources.insert_source(db, path)
            divide_soon(db)
            return source

    def remove_source(self, source_id: int) -> None:
        """Take a source out of the project for good; ``edits.remove_source`` does it so that it can be undone.

        The files stay where they are.
        """
        with self._database.writing() as db:
            sources.hide_source(db, source_id)
            divide_soon(db)

    def purge(self) -> None:
        """Delete for good what was removed."""
        with self._database.writing() as db:
            sources.purge_sources(db)

    def last_scan(self) -> ScanResult:
        """What the last scans of all sources found, as if they were one; paths are relative to their sources."""
        with self._database.reading() as db:
            return image_rows.select_scan(db)

    def apply_scan(
        self,
        source_id: int,
        found: ScanResult | Path,
        may_be_empty: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Applied:
        """Bring the catalogue in line with a scan, and assign the splits anew.

        Args:
            source_id: of the source.
            found: what the scan found; or the spool file of ``scan_source``, to which tables are added.
            may_be_empty: whether all images of the source may be missing now; see ``Applied.withheld``.
            cancelled: asked every millisecond whether to give up.

        Raises:
            UserError: the source was removed meanwhile.
            Cancelled: ``cancelled`` said so; the old state stands.
        """
        if isinstance(found, ScanResult):
            with tempfile.TemporaryDirectory() as folder:
                spool_file = Path(folder) / "scan.db"
                with Spool(spool_file) as spool:
                    spool.add_result(found)
                    spool.end()
                return self.apply_scan(source_id, spool_file, may_be_empty, cancelled)
        with self._database.writing(found, cancelled) as db:
            sources.select_source(db, source_id)
            return write_scan(db, source_id, may_be_empty)

    def split_settings(self) -> SplitSettings:
        """How images are divided that no folder divides."""
        with self._database.reading() as db:
            return read_split_settings(db)

    def set_split_settings(self, settings: SplitSettings) -> None:
        """Divide the images anew."""
        self.edits.set_split_settings(settings)

    def are_splits_stale(self) -> bool:
        """Whether something changed in a large catalogue from which splits follow: call ``renew_splits`` soon."""
        with self._database.reading() as db:
            return are_splits_stale(db)

    def renew_splits(self) -> None:
        """Assign the splits anew where they are stale; takes a second or two for a million images."""
        if self.are_splits_stale():
            with self._database.writing() as db:
                divide(db)

    def given_splits(self) -> frozenset[Split]:
        """The splits that folders give to readable images; what they leave open, the settings divide."""
        with self._database.reading() as db:
            return facts.select_given_splits(db)

    def classes(self) -> list[ClassCounts]:
        """The classes that have a readable image, in their order, with counts of readable images."""
        with self._database.reading() as db:
            return facts.select_classes(db)

    def totals(self) -> Totals:
        """Counts over all sources."""
        with self._database.reading() as db:
            return facts.select_totals(db)

    def typical_size(self) -> tuple[int, int] | None:
        """Median width and median height of the readable images, in pixels; None without any."""
        with self._database.reading() as db:
            return facts.select_typical_size(db)

    def checks(self) -> list[DataCheck]:
        """What is wrong with the images, what blocks training first."""
        with self._database.reading() as db:
            return check_data(facts.select_facts(db))

    def transcriptions(self) -> Transcriptions:
        """The texts of the readable images, why others have none, and what is wrong with the files that hold them."""
        with self._database.reading() as db:
            return select_transcriptions(db)

    def transcription_options(self) -> TranscriptionOptions | None:
        """How the person wants transcriptions to be read; None if nothing was said of them."""
        with self._database.reading() as db:
            return read_options(db)

    def page(
        self,
        query: ImageQuery,
        after: int | None,
        limit: int,
        order: ImageOrder = ImageOrder(),  # noqa: B008 - frozen
    ) -> list[ImageRow]:
        """At most ``limit`` images (-1: all) in order, behind the image with the id ``after``.

        The next page begins after the last of them, whatever was changed meanwhile.
        """
        with self.reading(query) as db:
            return queries.select_page(db, query, after, limit, order)

    def count(self, query: ImageQuery) -> int:
        """How many images meet the query."""
        with self.reading(query) as db:
            return queries.count_images(db, query)

    def ids(self, query: ImageQuery, order: ImageOrder = ImageOrder()) -> "array[int]":  # noqa: B008 - frozen
        """The ids of all images that meet the query, in order: 64 bits each; a million take some tenths of a second."""
        with self.reading(query) as db:
            return queries.select_ids(db, query, order)

    def rows(self, ids: Sequence[int]) -> list[ImageRow]:
        """The images of these ids, in this order; those that are gone are left out."""
        with self._database.reading() as db:
            return image_rows.select_rows(db, ids)

    def problems(self) -> list[ImageRow]:
        """All images that could not be read, each with its reason."""
        with self._database.reading() as db:
            return queries.select_page(db, ImageQuery(problems=True), None, -1, ImageOrder())

    def items(self, split: Split | None = None, labelled: bool | None = None) -> list[DataItem]:
        """The readable images, in the order of sources and paths.

        Args:
            split: only those of this split.
            labelled: only those with a label, or only those without.
        """
        with self._database.reading() as db:
            return image_rows.select_items(db, split, labelled)
