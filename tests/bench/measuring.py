"""What the benches share."""

import json
import resource
import subprocess
import sys
import time
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
