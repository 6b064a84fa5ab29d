"""Whether sources are there: looked at in threads of their own, because a dead network drive may never answer."""

import errno
import os
import stat
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SECONDS = 4.0
"""A drive that has not answered after this time counts as not there."""


class Presence(StrEnum):
    """What was found at the place of a source."""

    THERE = "there"
    ABSENT = "absent"
    """There is no such folder or file."""
    EMPTY = "empty"
    """The folder is there, and holds none of the images that are known of it: a drive may not be connected."""
    DENIED = "denied"
    """It cannot be looked into, for want of rights."""
    FAILED = "failed"
    """The drive answers with an error."""
    SILENT = "silent"
    """The drive does not answer."""


@dataclass(frozen=True)
class Place:
    """Where a source was last, and by what it is known again.

    Attributes:
        source_id: of the source.
        path: absolute.
        is_file: whether it is a single image.
        offline: whether it was not there when it was last looked at.
        probes: paths of some of its images, relative to it; none where none are known.
        beside: where it lies if it was moved together with the project; "" where that is not known.
    """

    source_id: int
    path: str
    is_file: bool
    offline: bool
    probes: tuple[bytes, ...]
    beside: str


@dataclass(frozen=True)
class Seen:
    """What was found of a source.

    Attributes:
        presence: at its place.
        moved_to: where it is instead, beside the project; "" where it is not there either.
    """

    presence: Presence
    moved_to: str = ""


class Lookout:
    """Looks at sources, none of which keeps the others waiting.

    Args:
        seconds: after so long without an answer, a source is ``Presence.SILENT``.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._guard = threading.Lock()
        self._busy: set[str] = set()

    def look(self, places: Iterable[Place]) -> dict[int, Seen]:
        """Look at all of these, by their ids; returns after ``seconds`` at the latest.

        A drive that has not answered an earlier question is not asked again before it does.
        """
        asked = list(places)
        found: dict[int, Seen] = {}
        threads = [thread for one in asked if (thread := self._start(one, found)) is not None]
        deadline = time.monotonic() + self._seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._guard:
            return {one.source_id: found.get(one.source_id, Seen(Presence.SILENT)) for one in asked}

    def _start(self, place: Place, found: dict[int, Seen]) -> threading.Thread | None:
        with self._guard:
            if place.path in self._busy:
                return None
            self._busy.add(place.path)
        thread = threading.Thread(target=self._look, args=(place, found), name="lookout", daemon=True)
        thread.start()
        return thread

    def _look(self, place: Place, found: dict[int, Seen]) -> None:
        try:
            seen = see(place)
            with self._guard:
                found[place.source_id] = seen
        finally:
            with self._guard:
                self._busy.discard(place.path)


def see(place: Place) -> Seen:
    """Look at one source; may take as long as its drive does."""
    presence = presence_of(place.path, place.is_file, place.probes, need_known=place.offline)
    if presence is Presence.THERE or not place.beside or place.beside == place.path:
        return Seen(presence)
    beside = presence_of(place.beside, place.is_file, place.probes, need_known=True)
    return Seen(presence, place.beside if beside is Presence.THERE and place.probes else "")


def presence_of(path: str, is_file: bool, probes: tuple[bytes, ...], need_known: bool = False) -> Presence:
    """What is at ``path``.

    Args:
        path: absolute.
        is_file: whether it should be a single image, and not a folder.
        probes: paths of images that are known in the folder.
        need_known: whether one of them has to be there; otherwise it is enough that the folder holds anything.
    """
    try:
        mode = os.stat(path).st_mode
        if not (stat.S_ISREG(mode) if is_file else stat.S_ISDIR(mode)):
            return Presence.ABSENT
        if is_file:
            with open(path, "rb", buffering=0) as file:
                file.read(1)
            return Presence.THERE
        with os.scandir(path) as entries:
            is_empty = next(entries, None) is None
    except OSError as error:
        return _presence_after(error)
    if not probes or not (is_empty or need_known):
        return Presence.THERE
    base = os.fsencode(path)
    is_known = any(os.path.lexists(os.path.join(base, probe)) for probe in probes)
    return Presence.THERE if is_known else Presence.EMPTY


def _presence_after(error: OSError) -> Presence:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return Presence.ABSENT
    return Presence.DENIED if error.errno in {errno.EACCES, errno.EPERM} else Presence.FAILED
