"""Where the sources of a catalogue are: whether they are there now, and where they have gone.

A source that is not there is offline: its images keep their rows, labels and splits, and none of them is missing.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.checks import OFFLINE_REMEDY
from imgmine_gui.core.project.database import Database
from imgmine_gui.core.project.presence import Lookout, Place, Presence, Seen
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.sources import require_apart, select_source
from imgmine_gui.core.text import N_

_PROBES = 8
"""From each end of a source; reading more of a million images would take time."""


@dataclass(frozen=True)
class Move:
    """A source that is somewhere else now.

    Attributes:
        source_id: of the source.
        path: the new place, absolute.
    """

    source_id: int
    path: str


@dataclass(frozen=True)
class Looked:
    """What came of looking at the sources.

    Attributes:
        presence: of each that was looked at, by its id.
        went: ids of those that are offline since now.
        came: ids of those that were offline and are there again.
        followed: ids of those that were found beside the project, with which they were moved.
    """

    presence: dict[int, Presence] = field(default_factory=dict)
    went: tuple[int, ...] = ()
    came: tuple[int, ...] = ()
    followed: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the catalogue says something else now."""
        return bool(self.went or self.came or self.followed)


class SourcePlaces:
    """The places of the sources of a catalogue.

    Methods that write raise ``UserError`` where the drive of the catalogue is full, fails or cannot be written to.

    Args:
        database: of the catalogue, which lies in the folder of its project.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._project = os.path.abspath(database.path.parent)

    def all(self, source_ids: Collection[int] | None = None) -> list[Place]:
        """The places of all sources in use, or of these."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id, path, is_file, offline, beside FROM sources WHERE removed = 0 ORDER BY id"
            ).fetchall()
            return [
                Place(
                    number, os.fsdecode(path), bool(is_file), bool(offline), _probes(db, number), self._beside(beside)
                )
                for number, path, is_file, offline, beside in rows
                if source_ids is None or number in source_ids
            ]

    def look(self, lookout: Lookout, source_ids: Collection[int] | None = None) -> Looked:
        """Look whether the sources are there, and keep that; takes a few seconds where a drive does not answer.

        One that was moved together with the project is taken from its new place. A catalogue that can only be read
        keeps nothing.

        Args:
            lookout: that looks at them.
            source_ids: of the sources; by default all that are in use.
        """
        places = self.all(source_ids)
        seen = lookout.look(places)
        presence = {number: one.presence for number, one in seen.items()}
        if self._database.read_only:
            return Looked(presence)
        followed = self._follow(seen)
        presence.update(dict.fromkeys(followed, Presence.THERE))
        went = tuple(
            one.source_id for one in places if not one.offline and presence[one.source_id] is not Presence.THERE
        )
        came = tuple(one.source_id for one in places if one.offline and presence[one.source_id] is Presence.THERE)
        self._keep(went, came, [one for one in places if presence[one.source_id] is Presence.THERE])
        return Looked(presence, went, tuple(number for number in came if number not in followed), tuple(followed))

    def relink(self, moves: Sequence[Move]) -> None:
        """Take sources from other places from now on, all of them or none; their images keep all that they have.

        Raises:
            UserError: one was removed meanwhile, or its new place holds images of another source.
        """
        moving = {move.source_id for move in moves}
        with self._database.writing() as db:
            for number, move in enumerate(moves):
                select_source(db, move.source_id)
                waiting = moving - {one.source_id for one in moves[:number]}
                require_apart(db, move.path, waiting)
                db.execute(
                    "UPDATE sources SET path = ?, beside = ?, offline = 0 WHERE id = ?",
                    [os.fsencode(move.path), self._relative(move.path), move.source_id],
                )

    def _follow(self, seen: dict[int, Seen]) -> list[int]:
        """Take those that were moved with the project from where they are now; which they are."""
        followed = []
        for number, one in seen.items():
            if one.moved_to:
                try:
                    self.relink([Move(number, one.moved_to)])
                except UserError:
                    continue  # another source holds it: it stays offline, and a person can find it
                followed.append(number)
        return followed

    def _keep(self, went: Sequence[int], came: Sequence[int], there: Sequence[Place]) -> None:
        """Write what is not written yet."""
        outdated = [one for one in there if one.beside != one.path and self._relative(one.path) is not None]
        if not (went or came or outdated):
            return
        with self._database.writing() as db:
            _mark(db, went, True)
            _mark(db, came, False)
            db.executemany(
                "UPDATE sources SET beside = ? WHERE id = ? AND path = ?",
                [(self._relative(one.path), one.source_id, os.fsencode(one.path)) for one in outdated],
            )

    def _relative(self, path: str) -> bytes | None:
        """The way from the project to ``path``, with / between its parts; None where there is none: another drive."""
        try:
            return os.fsencode(os.path.relpath(path, self._project).replace(os.sep, "/"))
        except ValueError:
            return None

    def _beside(self, relative: bytes | None) -> str:
        return "" if relative is None else os.path.normpath(os.path.join(self._project, os.fsdecode(relative)))


def require_there(lookout: Lookout, places: Iterable[Place]) -> None:
    """Do nothing if all sources in which images are known are there; takes a few seconds where a drive is silent.

    Raises:
        UserError: one is not; names it.
    """
    known = [one for one in places if one.probes]
    seen = lookout.look(known)
    for place in known:
        if seen[place.source_id].presence is not Presence.THERE:
            raise UserError(OFFLINE, OFFLINE_REMEDY, path=shown(os.fsencode(place.path)))


OFFLINE = N_("The source “{path}” is not there, so its images cannot be read.")


def _probes(db: sqlite3.Connection, source_id: int) -> tuple[bytes, ...]:
    """Paths of some images of a source: the first and the last of them."""
    found: dict[bytes, None] = {}
    for order in ("ASC", "DESC"):
        rows = db.execute(
            f"SELECT path FROM images WHERE source_id = ? AND state = 0 ORDER BY path {order} LIMIT ?",  # noqa: S608
            [source_id, _PROBES],
        )
        found.update((path, None) for (path,) in rows)
    return tuple(found)


def _mark(db: sqlite3.Connection, source_ids: Iterable[int], offline: bool) -> None:
    rows = [(int(offline), number) for number in source_ids]
    db.executemany("UPDATE sources SET offline = ? WHERE id = ?", rows)
