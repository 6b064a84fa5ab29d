"""How dev.py speaks to the person and starts other programs; any Python from 3.9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
INTERRUPTED = 130  # what a shell reports after Ctrl+C


class SetupError(Exception):
    """What the person has to mend before anything can run.

    Args:
        message: what happened and what to do.
        code: the exit code.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """One line for the person, on stderr: stdout belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str], env: Mapping[str, str] | None = None, to_stderr: bool = False) -> int:
    """Run ``command`` to its end and give its exit code, 128 + n where signal n ended it.

    Ctrl+C reaches the command by itself, since it shares the terminal; it is given the time to end in its own way.

    Args:
        command: the program and its arguments; no shell.
        env: its environment; None for ours.
        to_stderr: send what it prints to stderr, where stdout must stay clean.

    Raises:
        KeyboardInterrupt: Ctrl+C was pressed; the command has ended.
    """
    interrupts: list[int] = []
    # A handler of ours, and not SIG_IGN: the command would inherit that, and never hear of Ctrl+C.
    before = signal.signal(signal.SIGINT, lambda number, frame: interrupts.append(number))
    try:
        code = subprocess.Popen(list(command), env=env, stdout=2 if to_stderr else None).wait()
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupts:
        raise KeyboardInterrupt
    return code if code >= 0 else 128 - code


def become(command: Sequence[str]) -> int:
    """Hand over to ``command``: signals, terminal and exit code are its own. Where that cannot be done, run it."""
    if os.name == "posix":
        os.execv(command[0], list(command))
    return run(command)


def ask(command: Sequence[str]) -> str | None:
    """What ``command`` prints, or None where it does not exist, fails or hangs."""
    try:
        answer = subprocess.run(
            list(command), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout if answer.returncode == 0 else None
