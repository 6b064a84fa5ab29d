"""What a scan finds, in a database of its own until the catalogue takes it over.

A scan of a million files keeps nothing in memory, compares them with what is known in one step, and does not send its
records to another process: the spool is a file that the one writes and the other reads.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project.absence import is_connected, is_gone
from imgmine_gui.core.project.database import STEPS, attached, translated_errors
from imgmine_gui.core.project.layout import Layout, Place
from imgmine_gui.core.project.names import stored_names
from imgmine_gui.core.project.records import FileRecord, ScanResult, stored_record
from imgmine_gui.core.project.walk import FoundFile

_SETTINGS = (
    # What a killed scan leaves behind is of no use: nothing needs to be safe.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",
)
_TABLES = (
    """
    CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,  -- relative to the source; empty for the source itself
        has_images INTEGER NOT NULL,  -- whether the names of some files in it are those of images
        label TEXT,
        split TEXT,
        class_given INTEGER,  -- in the catalogue
        class_id INTEGER  -- what class_given stands for there
    )
    """,
    """
    CREATE TABLE walked (
        path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, folder INTEGER
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE known (
        path BLOB, page INTEGER, size INTEGER, mtime_ns INTEGER, inode INTEGER, key TEXT, width INTEGER, height INTEGER,
        problem TEXT, explanation TEXT, PRIMARY KEY (path, page)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE unchanged (path BLOB PRIMARY KEY) WITHOUT ROWID",
    """
    CREATE TABLE found (
        path BLOB, page INTEGER, size INTEGER, mtime_ns INTEGER, inode INTEGER, key TEXT, width INTEGER, height INTEGER,
        problem TEXT, explanation TEXT, folder INTEGER,
        name_key TEXT, search TEXT,  -- NULL for what was not read, which the catalogue knows already
        position INTEGER,  -- of what is new among the rest of it; NULL: by paths
        PRIMARY KEY (path, page)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE gone (image_id INTEGER PRIMARY KEY)",  # images of other sources whose files are no longer there
    """
    CREATE TABLE texts (  -- what files say of the texts of images
        path BLOB, page INTEGER, text TEXT, split TEXT,
        problem TEXT,  -- JSON: why it cannot be used, or ''
        PRIMARY KEY (path, page)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID",
)
_KNOWN = "path, page, size, mtime_ns, inode, key, width, height, problem, explanation"
_FINEST, _COARSEST = 20_000_000, 2_000_000_000
"""By how many nanoseconds the time of a change may be earlier than the change: as the clocks of drives are, and on FAT,
which has even seconds only."""
SAME_TIME = f"abs(known.mtime_ns - walked.mtime_ns) < {_COARSEST}"
"""SQL for whether a file may have the time that it had on another drive."""
_SAMPLES = 16

_TOGETHER = 100


@dataclass(frozen=True)
class ScanSummary:
    """How many images and files a scan found.

    Attributes:
        images: that could be read, each page of a file one.
        unreadable: images that could not.
        not_images: other files.
    """

    images: int
    unreadable: int
    not_images: int


class Spool:
    """The database of one scan; a context manager that closes it.

    Every method raises ``UserError`` where the drive is full or fails, and ``Cancelled`` once ``cancelled`` says so.

    Args:
        path: of a file that is not there yet; in memory if none is given.
        cancelled: asked every millisecond.
    """

    def __init__(self, path: Path | None = None, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._path = path
        self._cancelled = cancelled
        self._folders: dict[bytes, int] = {}
        self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None, uri=True)
        for statement in (*_SETTINGS, *_TABLES):
            self._db.execute(statement)
        self._db.set_progress_handler(cancelled, STEPS)
        self._db.execute("BEGIN")

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def end(self) -> None:
        """Bring everything into the file."""
        with self._errors():
            self._db.execute("COMMIT")

    def add_files(self, folder: bytes, files: Iterable[FoundFile], has_images: bool) -> None:
        """Note what a walk found in a folder; ``has_images`` says whether some of the names are those of images."""
        number = self._folder(folder)
        with self._errors():
            if has_images:
                self._db.execute("UPDATE folders SET has_images = 1 WHERE id = ?", [number])
            self._insert("INSERT OR IGNORE INTO walked VALUES", 5, [(*file, number) for file in files])

    def add_records(self, records: Iterable[FileRecord]) -> None:
        """Note what was read: at most one record a path and page."""
        with self._errors():
            self._insert("INSERT OR REPLACE INTO found VALUES", 14, list(map(self._row, records)))

    def add_result(self, result: ScanResult) -> None:
        """Note all that a scan found which was not done by means of a spool."""
        numbers: dict[tuple[str | None, str | None], int] = {}
        with self._errors():
            for record in result.records:
                place = record.label, record.split
                if place not in numbers:
                    numbers[place] = len(numbers) + 1
                    folder = (numbers[place], repr(place).encode(errors="surrogateescape"), *place)
                    self._db.execute(
                        "INSERT INTO folders (id, path, has_images, label, split) VALUES (?, ?, 0, ?, ?)", folder
                    )
            rows = ((*_known(one), numbers[one.label, one.split], at) for at, one in enumerate(result.records))
            marks = ", ".join("?" * 12)
            self._db.executemany(f"INSERT OR REPLACE INTO found ({_KNOWN}, folder, position) VALUES ({marks})", rows)  # noqa: S608
        self.set_number("not_images", result.not_images)

    def add_known(self, records: Iterable[FileRecord]) -> None:
        """Note what the last scan found."""
        with self._errors():
            self._db.executemany("INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_known, records))

    def copy_known(self, catalogue: Path, source_id: int) -> None:
        """Take over what the last scans of a source found, with what has been missing lately.

        What was changed while, or right before, the last scan read it may have changed once more within the same tick
        of the drive's clock: it is left out, and so read again.
        """
        self.end()
        with self._errors(), attached(self._db, catalogue, "catalogue"):
            self._db.execute(
                f"""
                INSERT INTO main.known SELECT {_KNOWN} FROM catalogue.images AS images
                JOIN (SELECT scan_began_ns, scan_ended_ns FROM catalogue.sources WHERE id = ?1)
                WHERE source_id = ?1 AND displaced = 0 AND NOT (mtime_ns BETWEEN scan_began_ns
                    - CASE WHEN mtime_ns % 1000000000 THEN {_FINEST} ELSE {_COARSEST} END AND scan_ended_ns)
                """,  # noqa: S608 - constants
                [source_id],
            )
        self._db.execute("BEGIN")

    def find_unchanged(self, has_content: Callable[[bytes, str], bool]) -> None:
        """Take over what is known of the files that are as they were.

        None that had a problem, unless its content is known: then decoding it has failed, and would again.

        Where not one file has the inode that it had, the folder is on another drive, or on one that makes inodes up
        whenever it is connected: they say nothing then, and times are as exact as both drives are. That the files are
        the same is tried out on some of them.

        Args:
            has_content: whether the file at a path has the content of a key.
        """
        same = "USING (path, size, mtime_ns, inode)"
        with self._errors():
            if self._is_renumbered() and all(has_content(path, key) for path, key in self._samples()):
                same = f"ON known.path = walked.path AND known.size = walked.size AND {SAME_TIME}"
            self._db.execute(
                f"""
                INSERT INTO unchanged SELECT walked.path FROM walked JOIN known {same}
                GROUP BY walked.path HAVING sum(problem <> '' AND key = '') = 0 AND count(*) = max(page) + 1
                """  # noqa: S608 - constants
            )
            self._db.execute(
                f"""
                INSERT INTO found SELECT walked.path, page, walked.size, walked.mtime_ns, walked.inode, key, width,
                    height, problem, explanation, folder, NULL, NULL, NULL
                FROM unchanged JOIN walked USING (path) JOIN known {same}
                """  # noqa: S608 - constants
            )

    def _is_renumbered(self) -> bool:
        """Whether files are known here, and none of them has the inode that it had."""
        (known,) = self._db.execute("SELECT EXISTS (SELECT 1 FROM known JOIN walked USING (path))").fetchone()
        same = "SELECT EXISTS (SELECT 1 FROM known JOIN walked USING (path, inode))"
        return bool(known) and not self._db.execute(same).fetchone()[0]

    def _samples(self) -> list[tuple[bytes, str]]:
        """Some files that seem to be as they were, from all over the source, with the content that they had."""
        return self._db.execute(
            f"""
            SELECT path, key FROM (
                SELECT path, key, row_number() OVER (ORDER BY path) AS place, count(*) OVER () AS total
                FROM walked JOIN known USING (path, size) WHERE page = 0 AND key <> '' AND {SAME_TIME}
            ) WHERE place % max(1, total / {_SAMPLES}) = 0
            """  # noqa: S608 - constants
        ).fetchall()

    def count_to_read(self) -> int:
        """How many files are new or changed."""
        with self._errors():
            row = self._db.execute("SELECT (SELECT count(*) FROM walked) - (SELECT count(*) FROM unchanged)").fetchone()
        return int(row[0])

    def files_to_read(self) -> Iterator[FoundFile]:
        """The files that are new or changed, in the order of their paths."""
        with self._errors():
            rows = self._db.execute(
                """
                SELECT path, size, mtime_ns, inode FROM walked
                WHERE NOT EXISTS (SELECT 1 FROM unchanged WHERE unchanged.path = walked.path) ORDER BY path
                """
            )
            yield from map(FoundFile._make, rows)

    def find_gone(self, catalogue: Path, source_id: int) -> None:
        """Note images of other sources whose content was found here now and is no longer there: they were moved.

        Sources that are not there as a whole, or are empty, count as disconnected, not as moved.
        """
        self.end()
        with self._errors(), attached(self._db, catalogue, "catalogue"):
            rows = self._db.execute(
                """
                SELECT images.id, sources.path, images.path, images.page, images.key, images.size, images.mtime_ns,
                    images.inode
                FROM main.found JOIN catalogue.images AS images USING (key)
                JOIN catalogue.sources AS sources ON sources.id = source_id
                WHERE found.search IS NOT NULL AND key <> '' AND source_id <> ? AND state = 0 AND removed = 0
                AND offline = 0 AND is_file = 0
                """,
                [source_id],
            )
            gone = list(self._those_gone(rows))
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", gone)

    def _those_gone(self, rows: Iterable[tuple[int, bytes, bytes, int, str, int, int, int]]) -> Iterator[tuple[int]]:
        connected: dict[bytes, bool] = {}
        for image_id, source, path, page, key, *stamp in rows:
            if source not in connected:
                connected[source] = is_connected(source)
            if self._cancelled():
                raise Cancelled
            if connected[source] and is_gone(os.path.join(source, path), page, key, stamp):
                yield (image_id,)

    def image_folders(self) -> list[str]:
        """A path in each of the folders that hold files with the name of an image."""
        with self._errors():
            rows = self._db.execute("SELECT path FROM folders WHERE has_images ORDER BY path").fetchall()
        return [_inside(path) for (path,) in rows]

    def set_layout(self, layout: Layout) -> None:
        """Note what the folders say of the images in them."""
        with self._errors():
            folders = self._db.execute("SELECT id, path FROM folders").fetchall()
            places = ((*place_in(layout, path), number) for number, path in folders)
            self._db.executemany("UPDATE folders SET label = ?, split = ? WHERE id = ?", places)

    def set_number(self, name: str, value: int) -> None:
        """Note a number of the scan as a whole: "not_images", "began_ns" or "ended_ns"."""
        with self._errors():
            self._db.execute("INSERT OR REPLACE INTO numbers VALUES (?, ?)", [name, value])

    def other_files(self, suffixes: Sequence[bytes]) -> list[bytes]:
        """The paths of the files whose names end in one of some suffixes, in lower or upper case, in their order."""
        wanted = [form for suffix in suffixes for form in (suffix, suffix.upper())]
        marks = ", ".join("?" * len(wanted))
        with self._errors():
            rows = self._db.execute(
                f"SELECT path FROM walked WHERE substr(path, {-len(wanted[0])}) IN ({marks}) ORDER BY path",  # noqa: S608
                wanted,
            ).fetchall()
        return [path for (path,) in rows]

    def add_texts(self, rows: Iterable[tuple[bytes, int, str, str | None, str]]) -> None:
        """Note what files say of the texts of images: path, page, text or "", split, and JSON of a reason or ""."""
        with self._errors():
            self._db.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", rows)

    def add_note(self, name: str, value: str) -> None:
        """Note something of the scan as a whole: "text_problems"."""
        with self._errors():
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", [name, value])

    def summary(self) -> ScanSummary:
        """How much was found."""
        with self._errors():
            counts = self._db.execute("SELECT count(*), sum(problem <> '') FROM found").fetchone()
            row = self._db.execute("SELECT value FROM numbers WHERE name = 'not_images'").fetchone()
        images, unreadable = counts[0], counts[1] or 0
        return ScanSummary(images - unreadable, unreadable, row[0] if row else 0)

    def result(self) -> ScanResult:
        """Everything that was found."""
        with self._errors():
            rows = self._db.execute(
                """
                SELECT found.path, size, mtime_ns, inode, key, width, height, label, split, problem, explanation, page
                FROM found JOIN folders ON id = folder ORDER BY found.path, page
                """
            )
            records = tuple(map(stored_record, rows))
        unreadable = [record for record in records if record.problem]
        return ScanResult(records, unreadable, self.summary().not_images, len(records) - len(unreadable))

    def _row(self, record: FileRecord) -> tuple[object, ...]:
        folder = folder_of(record.path)
        number = self._folders.get(folder) or self._folder(folder)
        return (*_known(record), number, *stored_names(record.path, record.page), None)

    def _insert(self, into: str, columns: int, rows: list[tuple[object, ...]]) -> None:
        """Insert rows, many with a statement: SQLite works for long then without Python's lock, which readers want."""
        marks = f"({', '.join('?' * columns)})"
        whole = len(rows) // _TOGETHER * _TOGETHER
        for start in range(0, whole, _TOGETHER):
            together = f"{into} {', '.join([marks] * _TOGETHER)}"
            self._db.execute(together, list(chain.from_iterable(rows[start : start + _TOGETHER])))
        self._db.executemany(f"{into} {marks}", rows[whole:])

    def _folder(self, path: bytes) -> int:
        number = self._folders.get(path)
        if number is None:
            number = self._folders[path] = len(self._folders) + 1
            self._db.execute("INSERT INTO folders (id, path, has_images) VALUES (?, ?, 0)", [number, path])
        return number

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with translated_errors(self._path or Path()):
                yield
        except sqlite3.OperationalError:
            if self._cancelled():
                raise Cancelled from None
            raise


def place_in(layout: Layout, folder: bytes) -> Place:
    """What a folder, relative to the source, says of the images that lie in it."""
    return layout.place(_inside(folder))


def _inside(folder: bytes) -> str:
    return os.fsdecode(folder + b"/x" if folder else b"x")


def folder_of(path: bytes) -> bytes:
    """The folder in which a path lies, relative as the path is; empty for the source itself."""
    return path.rpartition(b"/")[0]


def _known(record: FileRecord) -> tuple[object, ...]:
    path, size, mtime_ns, inode, key, width, height, _, _, problem, _, explanation, page = record
    return path, page, size, mtime_ns, inode, key, width, height, problem, explanation
