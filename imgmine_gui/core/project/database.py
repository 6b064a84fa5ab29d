"""SQLite for a catalogue: a connection a thread, one writer at a time, faults of the disk in words."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from urllib.parse import quote

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.memory import give_back
from imgmine_gui.core.project.keeping import KeepingConnection
from imgmine_gui.core.text import N_

APPLICATION_ID = 0x494D4D4E
"""Marks a database as a catalogue: "IMMN"."""

BUSY_SECONDS = 10.0
"""For another process, or without a write-ahead log another thread, to let go of the file."""
_BUSY_SECONDS_WITHOUT_LOG = 120.0  # what many changes need to reach a network drive
_INTERRUPT_SECONDS = 0.02
_READING_KIB = 8 * 1024  # of pages, a connection
_MANY_CHANGES = 20_000  # after so many, memory is given back to the system
_WRITING_KIB = 48 * 1024  # while something is written; twice as much makes a million labels no quicker

_TEXTS = {
    sqlite3.SQLITE_FULL: (
        N_("There is no room left on the drive of “{path}”. Nothing was changed."),
        N_("Free some space on the drive, then try again."),
    ),
    sqlite3.SQLITE_READONLY: (
        N_("“{path}” cannot be written to. Nothing was changed."),
        N_("Change the permissions of the project's folder, or copy the project to a folder of yours."),
    ),
    sqlite3.SQLITE_IOERR: (
        N_("The drive failed while it read or wrote “{path}”. Nothing was changed."),
        N_("Check the drive or the network connection, then open the project again."),
    ),
    sqlite3.SQLITE_BUSY: (
        N_("Another program keeps “{path}” busy. Nothing was changed."),
        N_("Close the other program, then try again."),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        N_("“{path}” cannot be opened."),
        N_("Check whether it still exists, and whether you have permission to read and write its folder."),
    ),
    sqlite3.SQLITE_CORRUPT: (
        N_("“{path}” is damaged."),
        N_("Close the project and open it again: it is then restored from its newest good backup."),
    ),
}
_TEXTS[sqlite3.SQLITE_NOTADB] = _TEXTS[sqlite3.SQLITE_CORRUPT]
_TEXTS[sqlite3.SQLITE_PERM] = _TEXTS[sqlite3.SQLITE_READONLY]
_TEXTS[sqlite3.SQLITE_LOCKED] = _TEXTS[sqlite3.SQLITE_BUSY]

DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""What SQLite says of a damaged file."""


class Database:
    """A database file, for all threads of one process.

    Readers never wait for the writer. Connections of threads that ended are closed with them, all others by ``close``.

    Args:
        path: of the file, which exists.
        read_only: open it so that nothing is ever written.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._local = threading.local()
        self._open: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._writer = threading.RLock()
        self._closed = False
        self.changed = False
        """Whether anything was written through it."""
        self.damaged = False
        """Whether damage was found in the file: nothing is written any more."""

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, in a transaction, so that several queries see one state.

        Raises:
            UserError: the file cannot be read.
            Cancelled: the database was closed.
        """
        with self._errors(), self._connection() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if not self._closed:
                    connection.rollback()

    def prepare(self, make: Callable[[sqlite3.Connection], None]) -> None:
        """Let the connection of this thread have temporary tables, which outlast its transactions.

        Raises:
            UserError: the file cannot be read.
            Cancelled: the database was closed.
        """
        with self._errors(), self._connection() as connection:
            make(connection)

    @contextmanager
    def writing(
        self, spool: Path | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, in a transaction: all of the block happens, or nothing of it.

        When the block has ended, what it wrote is on the drive.

        Args:
            spool: a database to be at hand as the schema ``spool``, for writing too.
            cancelled: asked every millisecond whether to give up.

        Raises:
            UserError: the file cannot be written, or this is a read-only database.
            Cancelled: the database was closed, or ``cancelled`` said so.
        """
        self.require_writable()
        with (
            self._writer,
            self._errors(cancelled),
            self._connection() as connection,
            _much_memory(connection),
            attached(connection, spool, "spool", "mode=rw") if spool else nullcontext(),
            _asking(connection, cancelled),
        ):
            if spool:
                connection.execute("PRAGMA spool.journal_mode = MEMORY")
                connection.execute("PRAGMA spool.synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            before = connection.total_changes
            try:
                yield connection
                self.changed |= connection.total_changes > before
                connection.commit()
            except BaseException:
                if not self._closed:
                    connection.set_progress_handler(None, 0)
                    connection.rollback()
                raise

    def require_writable(self) -> None:
        """Do nothing where something can be changed.

        Raises:
            UserError: the database was opened for reading only, or is damaged.
        """
        if self.damaged:
            raise UserError(*_TEXTS[sqlite3.SQLITE_CORRUPT], path=printable(str(self.path)))
        if self.read_only:
            raise UserError(
                N_("The project is open for reading only, so nothing in it can be changed."),
                N_(
                    "Close other windows that have it open, and see that its folder can be written to. Then open it "
                    "again."
                ),
            )

    def close(self) -> None:
        """Close the connections of all threads; what other threads still do with it is cancelled."""
        with self._guard:
            self._closed = True
            held_now = list(self._open)
        for held in held_now:
            # A connection that is closed under the hands of a thread takes the process with it.
            while not held.in_use.acquire(timeout=_INTERRUPT_SECONDS):
                held.connection.interrupt()
            held.connection.close()
            held.in_use.release()

    @contextmanager
    def _errors(self, cancelled: Callable[[], bool] | None = None) -> Iterator[None]:
        try:
            with translated_errors(self.path):
                yield
        except UserError as error:
            self.damaged |= isinstance(error.__cause__, sqlite3.Error) and error_code(error.__cause__) in DAMAGED
            raise
        except (sqlite3.ProgrammingError, sqlite3.OperationalError) as error:
            interrupted = error_code(error) == sqlite3.SQLITE_INTERRUPT
            if interrupted and cancelled and cancelled():
                raise Cancelled from None
            if self._closed and (interrupted or isinstance(error, sqlite3.ProgrammingError)):
                raise Cancelled from None
            raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, which stays open for the block."""
        held = self._held()
        with held.in_use:
            if self._closed:  # since the last block of this thread, whose transaction may still be open
                raise Cancelled
            yield held.connection

    def _held(self) -> "_Held":
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            held = _Held(connect(self.path, self.read_only))
            with self._guard:
                if self._closed:
                    held.connection.close()
                self._open.add(held)
            self._local.held = held
        return held


class _Held:
    """Closes its connection when the thread that holds it ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.in_use = threading.RLock()

    def __del__(self) -> None:
        self.connection.close()


def connect(path: Path, read_only: bool) -> sqlite3.Connection:
    """A connection on which transactions are begun by hand; the file must exist.

    A read-only connection to a file in a folder that cannot be written to takes the file as unchangeable, because
    SQLite could not make the files there by which it would notice changes.
    """
    mode = "ro" if read_only else "rw"
    connection = _connect(path, f"mode={mode}")
    try:
        connection.execute(f"PRAGMA cache_size = -{_READING_KIB}")
        if read_only:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            return connection
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not has_log(connection):
            # Readers wait for the writer then: no longer than it takes to write, and not while it is working it out.
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS_WITHOUT_LOG * 1000:.0f}")
            connection.execute("PRAGMA cache_spill = OFF")
    except sqlite3.OperationalError as error:
        connection.close()
        blocked = error_code(error) in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        if not read_only or not blocked or _beside(path, "-journal").exists():
            raise
        return _connect(path, "mode=ro&immutable=1")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def has_log(connection: sqlite3.Connection) -> bool:
    """Whether the database has a write-ahead log, so that reading and writing go side by side."""
    return bool(connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def connect_for_check(path: Path, alone: bool = False) -> sqlite3.Connection:
    """A read-only connection for a moment, which leaves nothing beside the file.

    Where a write-ahead log belongs to the file and there is none, nobody is writing, so that the file can be taken as
    unchangeable.

    Args:
        path: of the file.
        alone: take it as unchangeable although there is a log.
    """
    if not alone and (_beside(path, "-wal").exists() or not _made_for_log(path)):
        return connect(path, read_only=True)
    return _connect(path, "mode=ro&immutable=1")


def _made_for_log(path: Path) -> bool:
    """Whether the head of the file says that it has a write-ahead log while it is open."""
    try:
        with open(path, "rb") as file:
            return file.read(20)[18:19] == b"\2"
    except OSError:
        return False  # SQLite says what is wrong


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


STEPS = 20_000
"""Of SQLite's machine between two questions whether to go on: about a millisecond."""


@contextmanager
def _much_memory(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep many pages while something is written; afterwards, others need the memory more."""
    connection.execute(f"PRAGMA cache_size = -{_WRITING_KIB}")
    before = connection.total_changes
    try:
        yield
    finally:
        with suppress(sqlite3.ProgrammingError):  # closed meanwhile
            connection.execute(f"PRAGMA cache_size = -{_READING_KIB}")
            if connection.total_changes - before > _MANY_CHANGES:
                give_back()


@contextmanager
def _asking(connection: sqlite3.Connection, cancelled: Callable[[], bool] | None) -> Iterator[None]:
    """Ask again and again whether to give up."""
    if cancelled is None:
        yield
        return
    connection.set_progress_handler(cancelled, STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def attached(connection: sqlite3.Connection, path: Path, name: str, options: str = "mode=ro") -> Iterator[None]:
    """Have another database file at hand in the block, as the schema ``name``.

    Args:
        connection: made for URIs; in no transaction at the beginning and the end of the block.
        path: of the file.
        name: that its tables are called by.
        options: of SQLite's URI.
    """
    connection.execute(f"ATTACH ? AS {name}", [_address(path, options)])
    try:
        yield
    finally:
        connection.execute(f"DETACH {name}")


def _address(path: Path, options: str) -> str:
    location = quote(os.fsencode(path.absolute().as_posix()))
    # Of a Windows share, SQLite wants the server in the path, where ``Path.as_uri`` does not put it.
    start = "file://" if location.startswith("/") else "file:///"
    return f"{start}{location}?{options}"


def _connect(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(
        _address(path, options),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=KeepingConnection,
    )


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the drive and of the file into words; faults of the program pass unchanged.

    Raises:
        UserError: the file at ``path`` cannot be read or written.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        texts = _TEXTS.get(error_code(error))
        if texts is None:
            raise
        raise UserError(*texts, path=printable(str(path))) from error


def error_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
