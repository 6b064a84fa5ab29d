"""Ends a long statement of SQLite from another thread: reading a whole catalogue takes seconds."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from imgmine_gui.core.errors import Cancelled


class Halt:
    """Asked once, it ends what watches it, within some milliseconds."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._guard = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def ask(self) -> None:
        """End what runs, and what is begun later; from any thread, as often as need be."""
        self._asked.set()
        with self._guard:
            if self._connection is not None:
                self._connection.interrupt()

    def check(self) -> None:
        """Do nothing where nobody asked.

        Raises:
            Cancelled: somebody did.
        """
        if self._asked.is_set():
            raise Cancelled

    @contextmanager
    def over(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Have statements on a connection, which stays open for the block, ended where somebody asks.

        Raises:
            Cancelled: somebody asked.
        """
        with self._guard:
            self._connection = connection
        try:
            self.check()
            yield
        except sqlite3.OperationalError:
            self.check()
            raise
        finally:
            with self._guard:
                self._connection = None
