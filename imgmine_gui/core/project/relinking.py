"""Find out whether the images of a source that was moved are in another folder, before it is taken.

An image is found at its place: at the same path below the folder, with the same size and time, or else with the same
content. Or it is found elsewhere in the folder by its content. Content is compared for some seconds only, and where it
has to be: the scan that follows compares the rest. So a hundred thousand images that were moved as a whole take as long
as looking for files does.
"""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.images.problems import ImageError
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.source_places import Move
from imgmine_gui.core.project.sources import Source
from imgmine_gui.core.project.spool import SAME_TIME
from imgmine_gui.core.project.walk import Walker, found_file, is_project, root_error
from imgmine_gui.core.text import N_

HASHING_SECONDS = 5.0
"""For comparing contents, a source."""
_SAMPLES = 16
_GUESSES = 2_000


@dataclass(frozen=True)
class FoundAgain:
    """How many images of a source were found in another folder.

    Attributes:
        move: the source, and the folder.
        before: where the source was.
        known: how many images it had there.
        in_place: found at the same path below the folder, as they were.
        elsewhere: found at another path in the folder, by their content.
        changed: another content is at their place.
        unchecked: may be there; the scan compares their content.
    """

    move: Move
    before: str
    known: int
    in_place: int
    elsewhere: int
    changed: int
    unchecked: int

    @property
    def missing(self) -> int:
        """How many were not found."""
        return self.known - self.in_place - self.elsewhere - self.changed - self.unchecked

    @property
    def is_nothing(self) -> bool:
        """Whether not one image was found, nor may be, although some are known."""
        return bool(self.known) and not (self.in_place or self.elsewhere or self.unchecked)


def find_again(catalogue: str, source_id: int, folder: str, context: JobContext) -> tuple[FoundAgain, ...]:
    """Look for the images of a source in another folder, and for sources that were moved along with it.

    Where the images lie in a folder inside the chosen one, or the chosen one is a folder among them, that is noticed,
    and the right folder taken.

    Args:
        catalogue: the database of the project, which is only read.
        source_id: of the source.
        folder: absolute; for a source that is a single image, that image.
        context: of the job.

    Returns:
        The source first; then others that are offline, and are found at the place to which the same move leads.

    Raises:
        UserError: the folder cannot be read, or is a project; or the source was removed meanwhile.
        Cancelled: the person cancelled.
    """
    reader = Catalogue(Path(catalogue), read_only=True)
    try:
        sources = {one.id: one for one in reader.sources()}
        if source_id not in sources:
            raise UserError(N_("This source is no longer part of the project."), N_("Add its folder again."))
        chosen = _compare(reader.path, sources[source_id], os.path.abspath(folder), context)
        found = [chosen]
        offline = [one for one in sources.values() if not one.online and one.id != source_id]
        for source, target in moved_along(chosen.before, chosen.move.path, offline):
            found.append(_compare(reader.path, source, target, context))
        return found[0], *(one for one in found[1:] if one.known and not one.is_nothing)
    finally:
        reader.close()


def moved_along(before: str, after: str, others: Iterable[Source]) -> list[tuple[Source, str]]:
    """The sources that the move from one path to another took along, if it was one of a folder above, and their places.

    Only those are told of which something is at that place.
    """
    old, new = _parts(before), _parts(after)
    while old and new and old[-1] == new[-1] and len(old) > 1:
        old, new = old[:-1], new[:-1]
    if old == new:
        return []
    along = []
    for one in others:
        parts = _parts(one.path)
        if parts[: len(old)] == old and len(parts) > len(old):
            along.append((one, str(Path(*new, *parts[len(old) :]))))
    return [(one, target) for one, target in along if os.path.exists(target)]


def _parts(path: str) -> tuple[str, ...]:
    """The parts of a path of whatever system the project was used on."""
    windows = PureWindowsPath(path)
    return windows.parts if windows.drive else PurePath(path).parts


def _compare(catalogue: Path, source: Source, folder: str, context: JobContext) -> FoundAgain:
    """Look in ``folder``, and where it turns out that another is meant, in that."""
    best = _Comparison(catalogue, source, folder, context)
    found, better = best.run()
    if better and better != folder:
        other, _ = _Comparison(catalogue, source, better, context).run()
        if other.in_place > found.in_place:
            return other
    return found


class _Comparison:
    """What is known of one source, and what lies in one folder, side by side in a database for the moment."""

    def __init__(self, catalogue: Path, source: Source, folder: str, context: JobContext) -> None:
        self._catalogue = catalogue
        self._source = source
        self._folder = folder
        self._context = context
        self._db = sqlite3.connect("", isolation_level=None, uri=True)  # a file that goes with the connection
        self._db.create_function("base_name", 1, os.path.basename, deterministic=True)
        self._db.execute(
            "CREATE TABLE known (path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, key TEXT, pages INTEGER,"
            " name BLOB, found TEXT) WITHOUT ROWID"
        )
        self._db.execute(
            "CREATE TABLE walked (path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, name BLOB, taken INTEGER)"
            " WITHOUT ROWID"
        )

    def run(self) -> tuple[FoundAgain, str]:
        """How much was found; and a folder that may be meant instead, or ""."""
        try:
            self._read_known()
            self._context.report(PhaseStarted(N_("Looking for the images")))
            self._walk()
            unsure = self._match_places()
            better = self._guess()
            self._context.report(PhaseStarted(N_("Comparing images")))
            deadline = time.monotonic() + HASHING_SECONDS
            self._match_contents_in_place(unsure, deadline)
            self._match_elsewhere(deadline)
            return self._counted(), better
        finally:
            self._db.close()

    def _read_known(self) -> None:
        """The images of the source; those that are missing only where all of them are."""
        address = f"{self._catalogue.absolute().as_uri()}?mode=ro"
        self._db.execute("ATTACH ? AS catalogue", [address])
        in_use = "SELECT EXISTS (SELECT 1 FROM catalogue.images WHERE source_id = ? AND state = 0)"
        present = self._db.execute(in_use, [self._source.id]).fetchone()[0]
        self._db.execute(
            """
            INSERT INTO known SELECT path, max(size), max(mtime_ns), max(CASE page WHEN 0 THEN key ELSE '' END),
                count(*), base_name(path), NULL
            FROM catalogue.images WHERE source_id = ? AND displaced = 0 AND state & 2 = 0 AND (state = 0 OR NOT ?)
            GROUP BY path
            """,
            [self._source.id, present],
        )
        self._db.execute("DETACH catalogue")

    def _walk(self) -> None:
        """What lies in the folder."""
        root = os.fsencode(self._folder)
        if is_project(root):
            raise UserError(
                N_("“{path}” is a project, not a folder of images."),
                N_("Choose the folder in which the images lie."),
                path=self._folder,
            )
        try:
            if os.path.isfile(root):
                self._add([found_file(os.path.basename(root), os.stat(root))])
                return
            self._add(file for _, files in Walker(root, self._breathe) for file in files)
        except OSError as error:
            raise root_error(root, error) from error

    def _add(self, files: Iterable[tuple[bytes, int, int, int]]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR IGNORE INTO walked VALUES (?, ?, ?, ?, 0)",
            ((path, size, mtime_ns, os.path.basename(path)) for path, size, mtime_ns, _ in files),
        )
        self._db.execute("COMMIT")

    def _breathe(self, found: int) -> None:
        check_cancelled(self._context)
        self._context.report(Progress(found))

    def _match_places(self) -> bool:
        """Match what is at its place by size and time; whether that is not to be trusted, as some contents say."""
        self._db.execute(
            f"""
            UPDATE known SET found = CASE
                WHEN walked.size <> known.size THEN 'changed' WHEN {SAME_TIME} THEN 'in_place' ELSE 'unchecked'
            END FROM walked WHERE walked.path = known.path
            """  # noqa: S608 - a constant
        )
        self._db.execute("UPDATE walked SET taken = 1 WHERE path IN (SELECT path FROM known WHERE found NOT NULL)")
        samples = self._db.execute(
            """
            SELECT path, key FROM (
                SELECT path, key, row_number() OVER (ORDER BY path) AS place, count(*) OVER () AS total
                FROM known WHERE found = 'in_place' AND key <> ''
            ) WHERE place % max(1, total / ?) = 0
            """,
            [_SAMPLES],
        ).fetchall()
        if all(self._key_of(path) == key for path, key in samples):
            return False
        self._db.execute("UPDATE known SET found = 'unchecked' WHERE found = 'in_place' AND key <> ''")
        return True

    def _guess(self) -> str:
        """The folder from which most paths would be the same, where it is another than the one that was chosen."""
        rows = self._db.execute(
            """
            SELECT known.path, walked.path FROM known JOIN walked USING (name, size)
            WHERE known.found IS NULL AND taken = 0 LIMIT ?
            """,
            [_GUESSES],
        ).fetchall()
        folder, guesses = os.fsencode(self._folder), Counter[bytes]()
        for known, walked in rows:
            if walked.endswith(b"/" + known):
                guesses[os.path.join(folder, walked[: -len(known) - 1])] += 1
            elif known.endswith(b"/" + walked):
                inner = b"/" + known[: -len(walked) - 1]
                if folder.replace(os.fsencode(os.sep), b"/").endswith(inner):
                    guesses[folder[: -len(inner)]] += 1
        return os.fsdecode(os.path.normpath(guesses.most_common(1)[0][0])) if guesses else ""

    def _match_contents_in_place(self, unsure: bool, deadline: float) -> None:
        """Compare what is at its place, has its size and another time."""
        rows = self._db.execute("SELECT path, key, found FROM known WHERE found = 'unchecked'").fetchall()
        for number, (path, key, _) in enumerate(rows, 1):
            if time.monotonic() > deadline and not (unsure and number <= _SAMPLES):
                break
            self._tell(number, len(rows))
            same = self._key_of(path) == key
            self._db.execute("UPDATE known SET found = ? WHERE path = ?", ["in_place" if same else "changed", path])

    def _match_elsewhere(self, deadline: float) -> None:
        """Compare what is at no known place with the images that are not found yet: the likeliest first."""
        lost = "known WHERE (found IS NULL OR found = 'changed') AND key <> ''"
        rows = self._db.execute(
            f"""
            SELECT path FROM walked WHERE taken = 0 AND size IN (SELECT size FROM {lost})
            ORDER BY (name, size) NOT IN (SELECT name, size FROM {lost}), path
            """  # noqa: S608 - a constant
        ).fetchall()
        wanted = dict(self._db.execute(f"SELECT key, path FROM {lost}").fetchall())  # noqa: S608 - a constant
        for number, (path,) in enumerate(rows, 1):
            if time.monotonic() > deadline:
                self._leave_unchecked()
                return
            self._tell(number, len(rows))
            known = wanted.pop(self._key_of(path), None)
            self._db.execute("UPDATE walked SET taken = 1 WHERE path = ?", [path])
            if known is not None:
                self._db.execute("UPDATE known SET found = 'elsewhere' WHERE path = ?", [known])

    def _leave_unchecked(self) -> None:
        """There was no time to compare these: as many as there are files of their size."""
        self._db.execute(
            """
            UPDATE known SET found = 'unchecked' WHERE path IN (
                SELECT path FROM (
                    SELECT path, size, row_number() OVER (PARTITION BY size) AS place FROM known WHERE found IS NULL
                ) JOIN (SELECT size, count(*) AS files FROM walked WHERE taken = 0 GROUP BY size) USING (size)
                WHERE place <= files
            )
            """
        )

    def _counted(self) -> FoundAgain:
        counts = dict(self._db.execute("SELECT found, sum(pages) FROM known GROUP BY found").fetchall())
        move = Move(self._source.id, self._folder)
        names = ("in_place", "elsewhere", "changed", "unchecked")
        return FoundAgain(move, self._source.path, sum(counts.values()), *(counts.get(name, 0) for name in names))

    def _key_of(self, path: bytes) -> str:
        base = self._folder if os.path.isdir(self._folder) else os.path.dirname(self._folder)
        try:
            return content_key(os.path.join(base, os.fsdecode(path)))
        except ImageError:
            return ""

    def _tell(self, done: int, total: int) -> None:
        check_cancelled(self._context)
        self._context.report(Progress(done, total))


def require_chosen(found: Sequence[FoundAgain], anyway: bool) -> None:
    """Do nothing if these may be taken.

    Raises:
        UserError: not one image of the first was found, and nobody said that it is to be taken all the same.
    """
    if found[0].is_nothing and not anyway:
        raise UserError(
            N_("None of the {count} images that are known in “{before}” was found in “{path}”."),
            N_("Choose another folder; or take it all the same, if the images in it are to take their place."),
            count=found[0].known,
            before=found[0].before,
            path=found[0].move.path,
        )
