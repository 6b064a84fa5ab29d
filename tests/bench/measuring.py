"""What the benches share."""

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = [sys.executable, "-m", "imgmine_gui"]


def imgmine(*arguments: object) -> tuple[dict[str, Any], float, float]:
    """Run a command with ``--json``: its result, its wall seconds and its processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run([*PYTHON, *map(str, arguments), "--json"], stdout=subprocess.PIPE, check=True, cwd=REPOSITORY)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout.splitlines()[-1]), wall, used


def row(name: str, **figures: object) -> None:
    """Print one line of figures."""
    told = "  ".join(
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
    )
    print(f"{name:32s} {told}", flush=True)


@contextmanager
def watched() -> Iterator[list[float]]:
    """How late another thread is at most, in seconds, that wants Python's lock each millisecond: as the window."""
    worst, stop = [0.0], threading.Event()

    def tick() -> None:
        due = time.perf_counter() + 0.001
        while not stop.wait(0.001):
            worst[0] = max(worst[0], time.perf_counter() - due)
            due = time.perf_counter() + 0.001

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    yield worst
    stop.set()
    thread.join()
