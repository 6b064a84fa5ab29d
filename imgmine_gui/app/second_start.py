"""One window a person: a second start hands what it is to open to the window that is there. Imports no Qt.

The window listens at an address of this person and these settings (``gui/reception.py``): a socket in the file system,
or a named pipe on Windows. Neither can be reached over a network.
"""

import contextlib
import hashlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imgmine_gui.app import places

PATIENCE = 2.0
"""Seconds in which the window must answer; else this start opens a window of its own."""
ACCEPTED = b"ok\n"
LONGEST = 1 << 20
"""Bytes of a message."""
TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""Environment variables by which a desktop lets one program bring the window of another to the front."""


def address() -> str:
    """Where the window of this person listens: a path, or the name of a pipe on Windows."""
    digest = hashlib.sha256(os.fsencode(os.path.abspath(places.settings_file()))).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\imgmine-{digest}"
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return os.path.join(folder, f"imgmine-{os.getuid()}-{digest}.socket")


def encode(paths: Sequence[Path]) -> bytes:
    """The message of a start that is to open ``paths``, which may be none."""
    token = next((os.environ[name] for name in TOKENS if os.environ.get(name)), "")
    told = {"paths": [os.path.abspath(path) for path in paths], "token": token}
    return json.dumps(told).encode("ascii") + b"\n"


def decode(message: bytes) -> tuple[list[Path], str]:
    """The paths and the activation token of a message.

    Raises:
        ValueError: it is none.
    """
    told: Any = json.loads(message)
    if not isinstance(told, dict) or not isinstance(told.get("paths"), list):
        raise ValueError(f"no message of a second start. Received: {message[:80]!r}")
    return [Path(path) for path in told["paths"] if isinstance(path, str)], str(told.get("token", ""))


def hand_over(paths: Sequence[Path]) -> bool:
    """Give ``paths`` to the window that is open, and bring it to the front; whether there is one that answered."""
    with contextlib.suppress(OSError):
        return _ask(address(), encode(paths)) == ACCEPTED
    return False


def _ask(where: str, message: bytes) -> bytes:
    if sys.platform == "win32":
        with open(where, "r+b", buffering=0) as pipe:
            pipe.write(message)
            return pipe.readline()
    if os.lstat(where).st_uid != os.getuid():
        return b""  # whoever made it may not read what this person opens
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(where)
        connection.sendall(message)
        return connection.makefile("rb").readline()
