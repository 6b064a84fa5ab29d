"""The health of a catalogue's images: what was measured, what is to be measured, and what was found."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from imgmine_gui.core.project.database import Database
from imgmine_gui.core.project.health import store
from imgmine_gui.core.project.health.findings import (
    Finding,
    FindingKind,
    Group,
    Member,
    duplicate_findings,
    duplicates,
    single_findings,
)
from imgmine_gui.core.project.health.measures import Measures
from imgmine_gui.core.project.health.measuring import ImagesMeasured, Unmeasured
from imgmine_gui.core.project.health.table import load_table
from imgmine_gui.core.project.health.thresholds import HealthThresholds

Findings = dict[FindingKind, Finding]


@dataclass(frozen=True)
class MeasuringState:
    """How many different contents the readable images have, and how many of them are measured."""

    contents: int
    measured: int

    @property
    def left(self) -> int:
        """How many are still to be measured."""
        return self.contents - self.measured


class Health:
    """What a catalogue knows of the health of its images.

    Every method raises ``UserError`` where the drive is full, fails or cannot be written to (the old state stands),
    and ``Cancelled`` once the catalogue is closed.

    Args:
        database: of the catalogue.
        divide: assigns the splits anew, in a transaction.
    """

    def __init__(self, database: Database, divide: Callable[[sqlite3.Connection], None]) -> None:
        self._database = database
        self._divide = divide

    def state(self) -> MeasuringState:
        """How far the measuring has come."""
        with self._database.reading() as db:
            return MeasuringState(*store.count_contents(db))

    def unmeasured(self, after: str, limit: int) -> list[Unmeasured]:
        """At most ``limit`` contents that are not measured yet, with keys above ``after``, in their order."""
        with self._database.reading() as db:
            return store.select_unmeasured(db, after, limit)

    def write(self, batch: ImagesMeasured) -> int:
        """Keep what was measured, and give the images that cannot be decoded their reason.

        Returns:
            How many images got a reason; ``divide`` has then to be called once all is written.
        """
        with self._database.writing() as db:
            store.insert_measures(db, batch.measured)
            return store.write_problems(db, batch.undecodable)

    def measures(self, key: str) -> Measures | None:
        """What was measured of a content; ``None`` where it is not measured yet."""
        with self._database.reading() as db:
            return store.select_measures(db, key)

    def divide(self) -> None:
        """Assign the splits anew, because images turned out to be unreadable."""
        with self._database.writing() as db:
            self._divide(db)

    def thresholds(self) -> HealthThresholds:
        """From where on an image counts as blurred, dark and so on."""
        with self._database.reading() as db:
            row = db.execute("SELECT value FROM settings WHERE name = 'health'").fetchone()
        # A threshold that a newer version knows, or that has other bounds now, must not cost the others.
        values = json.loads(row[0]) if row else {}
        return HealthThresholds.model_validate(_accepted(values))

    def set_thresholds(self, thresholds: HealthThresholds) -> None:
        """Keep other thresholds with the project."""
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES ('health', ?)", [thresholds.model_dump_json()])

    def findings(self, thresholds: HealthThresholds, pause: Callable[[], None] = lambda: None) -> Findings:
        """All findings about the images that are in use and not excluded; of a million images in about half a minute.

        Args:
            thresholds: from where on an image counts.
            pause: called many times a second; may raise to end it.
        """
        with self._database.reading() as db:
            table = load_table(db, pause)
            exact = store.select_exact_groups(db)
            unreadable = store.select_unreadable(db)
        near, every = duplicates(table, exact, thresholds, pause)
        members = self._members((*exact, *every))
        exact, near, every = (_known(groups, members) for groups in (exact, near, every))
        found = duplicate_findings(exact, near, every, members)
        found += [*single_findings(table, thresholds), Finding(FindingKind.UNREADABLE, tuple(unreadable))]
        return {finding.kind: finding for finding in found}

    def _members(self, groups: Iterable[Group]) -> dict[int, Member]:
        with self._database.reading() as db:
            return store.select_members(db, {number for group in groups for number in group})


def _known(groups: Iterable[Group], members: dict[int, Member]) -> list[Group]:
    """The groups without the images that went since they were read."""
    left = (tuple(number for number in group if number in members) for group in groups)
    return [group for group in left if len(group) > 1]


def _accepted(values: dict[str, object]) -> dict[str, object]:
    accepted: dict[str, object] = {}
    for name, value in values.items():
        try:
            HealthThresholds.model_validate({name: value})
        except ValueError:
            continue
        accepted[name] = value
    return accepted
