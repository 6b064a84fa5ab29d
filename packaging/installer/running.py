"""Runs the programs that the build needs."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.plan import BuildError


def run(command: Sequence[object], folder: Path | None = None, environ: Mapping[str, str] | None = None) -> str:
    """Run a program to its end; returns what it printed on stdout.

    Args:
        environ: is added to our environment.

    Raises:
        BuildError: it failed, with what it said.
    """
    words = [str(word) for word in command]
    env = None if environ is None else {**os.environ, **environ}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{words[0]} failed ({done.returncode}): {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
