"""Which image of a project a path in a file means.

A path is tried as it is written: as a whole, below the folder of the file, and below each source. Where that leads to
no image, it is compared from its end, without regard to case, to how accents are encoded, and to whether a slash or a
backslash stands between its parts: the image whose path agrees in most parts is meant, so that one name is enough if no
other image has it. Where several agree in equally many parts, the path is ambiguous, and none is taken.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.names import searchable
from imgmine_gui.core.project.queries import location

_SPELLED = re.compile(rb"\\x([0-9a-f]{2})")
_PAGE = re.compile(r"#page=([1-9][0-9]{0,8})\Z")
_DRIVE = re.compile(r"(file://+)?[a-zA-Z]:[\\/]")
_REMEMBERED = 100_000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What a path leads to.

    Attributes:
        image_id: of the image; None if there is none, or several.
        by_name: whether only the name of the file agrees, although the path names folders too.
        candidates: some images that may be meant, where there are several.
    """

    image_id: int | None
    by_name: bool = False
    candidates: tuple[str, ...] = ()


_NONE = Match(None)


class Matcher:
    """Finds images by paths; ``close`` it in the end.

    Args:
        db: of the catalogue, in a transaction that lasts as long as the matcher.
        base: the folder that paths are relative to.
    """

    def __init__(self, db: sqlite3.Connection, base: Path) -> None:
        self._db = db
        self._base = base
        self._known: dict[tuple[tuple[str, ...], str], Match] = {}
        self._tails: dict[bool, _Tails] = {}
        self._sources = [
            (number, path, bool(is_file))
            for number, path, is_file in db.execute("SELECT id, path, is_file FROM sources WHERE removed = 0")
        ]

    def close(self) -> None:
        """Give back what was needed for the search."""
        for tails in self._tails.values():
            tails.close()

    def find(self, names: tuple[str, ...], stem: str = "") -> Match:
        """The image that is called by one of ``names``, or is named as ``stem`` with whatever suffix."""
        key = (names, stem)
        match = self._known.get(key)
        if match is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            match = self._known[key] = self._find(names, stem)
        return match

    def _find(self, names: tuple[str, ...], stem: str) -> Match:
        for name in names:
            if match := self._exact(name):
                return match
        first = _NONE
        for name, without_suffix in (*((name, False) for name in names), (stem, True)):
            if name:
                match = self._by_tail(name, without_suffix)
                if match.image_id is not None:
                    return match
                first = first if first.candidates else match
        return first

    def _exact(self, name: str) -> Match | None:
        """What the path leads to as it is written; None for nothing."""
        for form in _forms(name):
            plain = _PAGE.sub("", form)
            pages = [(form, 0)] if plain == form else [(form, 0), (plain, int(form[len(plain) + 6 :]) - 1)]
            for path, page in pages:
                found = self._by_location(os.path.join(self._base, path), page)
                found = found or ([] if os.path.isabs(path) else self._below_sources(path, page))
                if len(found) == 1:
                    return Match(found[0])
                if found:
                    return Match(None, candidates=self._locations(found))
        return None

    def _by_location(self, path: str, page: int) -> list[int]:
        found: list[int] = []
        absolute = os.fsencode(os.path.normpath(path))
        for number, source, is_file in self._sources:
            if is_file:
                found += self._rows(number, os.path.basename(source), page) if absolute == source else []
            elif absolute.startswith(os.path.join(source, b"")):
                found += self._rows(number, absolute[len(os.path.join(source, b"")) :], page)
        return found

    def _below_sources(self, path: str, page: int) -> list[int]:
        relative = os.fsencode(os.path.normpath(path))
        return [row for number, *_ in self._sources for row in self._rows(number, relative, page)]

    def _rows(self, source_id: int, path: bytes, page: int) -> list[int]:
        if os.sep != "/":
            path = path.replace(os.fsencode(os.sep), b"/")
        rows = self._db.execute(
            "SELECT id FROM images WHERE source_id = ? AND path = ? AND page = ? AND state = 0", [source_id, path, page]
        )
        return [row[0] for row in rows]

    def _by_tail(self, name: str, without_suffix: bool) -> Match:
        tails = self._tails.get(without_suffix)
        if tails is None:
            tails = self._tails[without_suffix] = _Tails(self._db, without_suffix)
        parts = [part for part in comparable(name).split("/") if part not in {"", "."}]
        while ".." in parts:
            del parts[: parts.index("..") + 1]
        if not parts:
            return _NONE
        found = tails.find(parts[-1:])
        if len(found) == 1:
            return Match(found[0], by_name=len(parts) > 1 and not tails.find(parts[-2:]))
        agreeing = 1
        for length in range(2, len(parts) + 1):
            closer = tails.find(parts[-length:])
            if len(closer) == 1:
                return Match(closer[0])
            if not closer:
                break
            found, agreeing = closer, length
        if not found:
            return _NONE
        written = printable(name.replace("\\", "/")).split("/")[-agreeing:]
        alike = [number for number in found if self._locations([number])[0].split("/")[-agreeing:] == written]
        if len(alike) == 1 and len(found) < _Tails.MOST:
            return Match(alike[0])
        return Match(None, candidates=self._locations(found))

    def _locations(self, ids: Sequence[int]) -> tuple[str, ...]:
        marks = ",".join("?" * len(ids[:_SHOWN]))
        rows = self._db.execute(f"{_IMAGES} AND images.id IN ({marks}) ORDER BY images.id", ids[:_SHOWN])
        return tuple(_shown_location(row) for row in rows)


class _Tails:
    """The paths of all images from their ends, in an order in which they can be searched; on the drive if large."""

    MOST = 8
    """The most images that are returned."""

    def __init__(self, db: sqlite3.Connection, without_suffix: bool) -> None:
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("CREATE TABLE tails (tail TEXT, id INTEGER, PRIMARY KEY (tail, id)) WITHOUT ROWID")
        self._table.execute("BEGIN")
        self._table.executemany(
            "INSERT INTO tails VALUES (?, ?)",
            ((_tail(_parts(row, without_suffix)), row[0]) for row in db.execute(_IMAGES)),
        )
        self._table.execute("COMMIT")

    def find(self, parts: Sequence[str]) -> list[int]:
        """At most ``MOST`` images whose paths end in these parts."""
        tail = _tail(parts)
        after = tail[:-1] + "0"  # the character that follows /
        query = "SELECT id FROM tails WHERE tail >= ? AND tail < ? LIMIT ?"
        return [row[0] for row in self._table.execute(query, [tail, after, self.MOST])]

    def close(self) -> None:
        """Delete the table."""
        with closing(self._table):
            pass


_Row = tuple[int, bytes, int, bytes, int]

_IMAGES = """
    SELECT images.id, sources.path, is_file, images.path, page
    FROM images JOIN sources ON sources.id = source_id WHERE state = 0
"""


def comparable(path: str) -> str:
    """What of a path is compared when it is not found as it is written."""
    return searchable(printable(path.replace("\\", "/")))


def _shown_location(row: _Row) -> str:
    _, source, is_file, path, page = row
    return printable(os.fsdecode(location(source, is_file, path, page)).replace(os.sep, "/"))


def _parts(row: _Row, without_suffix: bool) -> list[str]:
    parts = comparable(_shown_location(row)).split("/")
    if without_suffix:
        parts[-1] = os.path.splitext(parts[-1])[0]
    return parts


def _tail(parts: Iterable[str]) -> str:
    return "/".join(reversed(list(parts))) + "/"


def _forms(name: str) -> Iterator[str]:
    """``name``, and what it may have been before it was written: bytes spelled out, other separators, an address."""
    if not name or "\0" in name or (_DRIVE.match(name) and os.sep == "/"):
        return
    try:
        encoded = os.fsencode(name)
    except UnicodeEncodeError:
        return
    yield name.removeprefix("file://")
    if "\\" in name:
        yield os.fsdecode(_SPELLED.sub(lambda found: bytes([int(found[1], 16)]), encoded))
        yield name.replace("\\", "/")
