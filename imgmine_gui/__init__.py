"""ImgMine: a desktop program for image data mining."""

# Before TensorFlow, which brings an SQLite of its own: the system's would otherwise be bound to that one, and it cannot
# search texts (FTS5).
import _sqlite3  # noqa: F401

__version__ = "0.1.0"
