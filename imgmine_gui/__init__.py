"""ImgMine: a desktop program for image data mining."""

# Before TensorFlow, which brings an SQLite of its own: the system's would otherwise be bound to that one, and it cannot
# search texts (FTS5).
import _sqlite3  # noqa: F401
import sys

__version__ = "0.1.0"

# OpenVINO brings a package that reports its use to its makers as soon as OpenVINO is imported, by whomever: a module
# that is None here cannot be imported, and OpenVINO goes on without it.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
