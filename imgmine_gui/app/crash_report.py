"""A fault of the program as a file beside the log, which a person may send; nothing is sent by itself."""

import contextlib
import datetime
import faulthandler
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from imgmine_gui.app import places
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.atomic import write_bytes

KEPT = 20
"""So many reports are kept; the oldest go."""
LAST_BYTES = 20_000
"""So much of the end of each log stands in a report."""
PATTERN = "fault-*.txt"
HEADING = """\
A fault of ImgMine, {time}. It was sent to nobody.
The lines of the log may name files of yours: look before you send it.

"""


def write_report(details: str) -> Path | None:
    """Write what is known of a fault; returns the file, or None where the folder cannot be written.

    Args:
        details: the traceback and the versions.
    """
    now = datetime.datetime.now().astimezone()
    parts = [HEADING.format(time=now.isoformat(timespec="seconds")), details]
    for log in (places.log_file(), places.engine_log_file()):
        parts.append(f"\n--- the end of {log.name}\n{_end_of(log)}")
    file = places.log_folder() / f"fault-{now:%Y%m%d-%H%M%S}.txt"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(file, "".join(parts).encode("utf-8", "replace"))
        for old in sorted(file.parent.glob(PATTERN))[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, UserError):
        return None
    return file


@contextlib.contextmanager
def native_crashes_told() -> Iterator[None]:
    """Where native code ends the process within, the stacks of all threads are written to ``crash.txt``."""
    stream = _open_crash_file()
    if stream is None:
        yield
        return
    with stream:
        faulthandler.enable(stream)
        try:
            yield
        finally:
            faulthandler.disable()


def _open_crash_file() -> IO[str] | None:
    try:
        places.log_folder().mkdir(parents=True, exist_ok=True)
        return open(places.log_folder() / "crash.txt", "a", encoding="utf-8")
    except OSError:
        return None


def _end_of(log: Path) -> str:
    try:
        with open(log, "rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - LAST_BYTES))
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return "(there is none)\n"
