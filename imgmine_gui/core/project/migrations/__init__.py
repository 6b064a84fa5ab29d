"""The steps that bring a catalogue from one version of its schema to the next.

``MIGRATIONS[n]`` brings a catalogue of version n to version n + 1; the first makes an empty file a catalogue. A step
that was published is never changed again: files that it made exist.
"""

import sqlite3
from collections.abc import Callable

from imgmine_gui.core.project.migrations import v001, v002, v003

Migration = Callable[[sqlite3.Connection], None]
"""Runs inside a transaction; must not end it."""

MIGRATIONS: tuple[Migration, ...] = (v001.migrate, v002.migrate, v003.migrate)
