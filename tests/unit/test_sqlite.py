"""The SQLite of Python stays the one that is used, whatever is imported when."""

import subprocess
import sys

PROBE = """
import imgmine_gui
import tensorflow
import sqlite3
sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = trigram)")
"""


def test_tensorflow_does_not_replace_sqlite() -> None:
    child = subprocess.run([sys.executable, "-c", PROBE], check=False, capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
