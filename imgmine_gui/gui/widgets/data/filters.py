"""Which images the page of data shows and in which order; the table of classes, the bar and the checks turn this."""

import json
from dataclasses import asdict, fields, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.core.project.catalogue import ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.edits.changes import Sql
from imgmine_gui.core.project.layout import Split

LIVE = "live"
"""In the place of the path of a run: live training."""


class Filters(QObject):
    """The conditions that are set now, and the order."""

    changed = Signal()
    """``query`` or ``order`` is another one."""

    offered = Signal()
    """Another run, or another state of it, is the one whose predictions are shown."""
    run_wanted = Signal(str)
    """The predictions of the run with this path are wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: tuple[tuple[str, str], ...] = ()
        """Path and name of the runs that have predicted something."""
        self.run = ""
        """The path of the one whose predictions are shown; "" for none."""
        self.predicted_classes: tuple[str, ...] = ()
        """What it can say."""
        self.among_title = ""
        """What the images are called that another page has found, marked with ``N_``; "" where it has found none."""
        self.query = ImageQuery()
        self.order = ImageOrder()

    @property
    def readable(self) -> ImageQuery:
        """The same, without what could not be read: that is a list of its own."""
        return replace(self.query, problems=False)

    @property
    def are_set(self) -> bool:
        """Whether anything is left out."""
        return self.query != ImageQuery()

    @property
    def show_predictions(self) -> bool:
        """Whether predictions are what the person looks at, so that the grid shows them, too."""
        return self.run == LIVE or (
            bool(self.run) and (self.query.of_predictions or self.order.by is SortBy.CONFIDENCE)
        )

    @property
    def follow_edits(self) -> bool:
        """Whether an edit may change which images are shown, or their order."""
        of_files = replace(self.query, source_id=None, text="", sides=(None, None), since_ns=None)
        return of_files != ImageQuery() or self.order.by not in _OF_FILES

    def set(self, **conditions: Any) -> None:
        """Change some conditions (fields of ``ImageQuery``) and keep the others."""
        query = replace(self.query, **conditions)
        if query != self.query:
            self.query = query
            self.changed.emit()

    def show_only(self, **conditions: Any) -> None:
        """Set these conditions and drop all others."""
        self.set(**{**_NOTHING, **conditions})

    def show_among(self, ids: Sql, title: str) -> None:
        """Show the images that another page has found, and drop all other conditions.

        Args:
            ids: a SELECT of their ids.
            title: what they are called, marked with ``N_``.
        """
        self.among_title = title
        self.show_only(among=ids)

    def clear(self) -> None:
        """Show all images."""
        self.show_only()

    def offer(self, runs: tuple[tuple[str, str], ...], run: str, classes: tuple[str, ...]) -> None:
        """Offer the predictions of a run; without one, nothing is asked for that only predictions answer."""
        self.runs, self.run, self.predicted_classes = runs, run, classes
        self.offered.emit()
        if not run:
            self.set(**{name: _NOTHING[name] for name in _OF_PREDICTIONS})
            if self.order.by is SortBy.CONFIDENCE:
                self.sort(ImageOrder())

    def sort(self, order: ImageOrder) -> None:
        """Show the images in another order."""
        if order != self.order:
            self.order = order
            self.changed.emit()

    def as_text(self) -> str:
        """All of it, to be kept."""
        # What another page has found is not what the person has set, and predictions are another thing each time.
        kept = replace(self.query, among=None, **{name: _NOTHING[name] for name in _OF_PREDICTIONS})
        order = ImageOrder() if self.order.by is SortBy.CONFIDENCE else self.order
        conditions = {name: value for name, value in asdict(kept).items() if value != _NOTHING[name]}
        return json.dumps({"query": conditions, "by": order.by, "descending": order.descending})

    def restore(self, text: str) -> None:
        """Set what was kept; what cannot be understood is as if it had not been set."""
        try:
            kept = json.loads(text)
            order = ImageOrder(SortBy(kept["by"]), bool(kept["descending"]))
            conditions = {**_NOTHING, **kept["query"]}
            conditions |= {name: tuple(value) for name, value in conditions.items() if isinstance(value, list)}
            conditions["split"] = Split(conditions["split"]) if conditions["split"] else None
            query = ImageQuery(**conditions)
        except (ValueError, KeyError, TypeError):
            query, order = ImageQuery(), ImageOrder()
        if (query, order) != (self.query, self.order):
            self.query, self.order = query, order
            self.changed.emit()


_NOTHING: dict[str, Any] = {one.name: one.default for one in fields(ImageQuery)}
_OF_PREDICTIONS = ("predicted", "agrees", "confidence")
_OF_FILES = (SortBy.ADDED, SortBy.NAME, SortBy.DATE, SortBy.SIZE, SortBy.PIXELS)
"""Orders that no edit changes."""
