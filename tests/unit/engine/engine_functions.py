"""What the tests have an engine do; runs in the child."""

import hashlib
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, ImageSkipped, PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled, stop_asked
from imgmine_gui.core.text import language
from imgmine_gui.engine.client import STOP_GRACE
from imgmine_gui.engine.functions import FUNCTIONS

PREFIX = "tests.unit.engine.engine_functions:"


def add(first: int, second: int, context: JobContext) -> int:
    return first + second


def report_batches(count: int, context: JobContext) -> int:
    context.report(PhaseStarted("Counting", count))
    for step in range(count):
        context.report(BatchEnded(0, step, count, {"loss": float(step)}, 1.0))
    return count


def flood(context: JobContext) -> None:
    step = 0
    while True:
        check_cancelled(context)
        context.report(BatchEnded(0, step, 1 << 40, {"loss": 1.0}, 1.0))
        context.report(Progress(step))
        step += 1


def count_until_stopped(context: JobContext) -> int:
    done = 0
    context.report(PhaseStarted("Counting"))
    while not stop_asked(context):
        done += 1
        context.report(Progress(done))
        hashlib.pbkdf2_hmac("sha1", b"", b"", 1000)
    context.report(PhaseStarted("Saving"))
    end = time.monotonic() + STOP_GRACE + 0.7
    while time.monotonic() < end:
        hashlib.pbkdf2_hmac("sha1", b"", b"", 1000)
    return done


def stuck_in_native_code(context: JobContext) -> None:
    """For hours, without Python being able to interrupt it."""
    context.report(PhaseStarted("Stuck"))
    hashlib.pbkdf2_hmac("sha1", b"", b"", 2_000_000_000)


def stuck_and_deaf(context: JobContext) -> None:
    """Like ``stuck_in_native_code``, and SIGTERM does not help."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stuck_in_native_code(context)


def stuck_with_the_lock(started: str, context: JobContext) -> None:
    """Holds Python's lock in native code, so that no thread of the child runs."""
    Path(started).write_text(str(os.getpid()))
    (10**7) ** (10**9)


def kill_self(number: int, context: JobContext) -> None:
    context.report(PhaseStarted("Dying"))
    context.report(ImageSkipped("a.png", "last words"))
    hashlib.pbkdf2_hmac("sha1", b"", b"", 500_000)  # lets the bundle go
    os.kill(os.getpid(), number)
    threading.Event().wait()


def leave(code: int, context: JobContext) -> None:
    os._exit(code)


def refuse(path: str, context: JobContext) -> None:
    raise UserError("{path} is not there.", "Choose another of {count}.", path=Path(path), count=3)


def fail(context: JobContext) -> None:
    raise ValueError("a fault")


def run_out_of_memory(context: JobContext) -> None:
    raise MemoryError


def return_unpicklable(context: JobContext) -> Any:
    return lambda: None


def return_bytes(size: int, context: JobContext) -> bytes:
    return bytes(size)


def return_length(content: bytes, context: JobContext) -> int:
    return len(content)


@dataclass(frozen=True)
class Surroundings:
    modules: frozenset[str]
    environment: dict[str, str]
    pid: int
    interrupt_ignored: bool


def look_around(context: JobContext) -> Surroundings:
    return Surroundings(
        frozenset(sys.modules),
        dict(os.environ),
        os.getpid(),
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    )


def speaks(context: JobContext) -> str:
    return language()


def speak(context: JobContext) -> None:
    print("from Python")
    os.write(1, b"from native code\n")
    os.write(2, b"an error from native code\n")


def report_slowly(seconds: float, context: JobContext) -> int:
    """Some thousand events a second; returns how many there were."""
    end = time.monotonic() + seconds
    step = 0
    while time.monotonic() < end:
        context.report(BatchEnded(0, step, 1 << 40, {"loss": 1.0}, 1.0))
        hashlib.pbkdf2_hmac("sha1", b"", b"", 500)
        step += 1
    return step


def load_all(context: JobContext) -> list[str]:
    return [function.load().__name__ for function in FUNCTIONS.values()]


def train_with_slow_steps(seconds: float, context: JobContext) -> str:
    """Steps that take longer than an answer to a stop may take otherwise; what was learned is kept."""
    for step in range(100):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            hashlib.pbkdf2_hmac("sha256", b"step", b"of training", 10_000)
        context.report(BatchEnded(0, step, 100, {"loss": 1.0}, 1.0))
        if stop_asked(context):
            return f"kept {step + 1}"
    return "never stopped"
