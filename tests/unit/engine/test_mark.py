"""A worker is a worker whatever happens: it opens no window, runs no command, starts no further worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imgmine_gui.__main__ import WORKER_LOST
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.engine.client import Engine
from imgmine_gui.engine.errors import EngineFault
from imgmine_gui.engine.mark import WORKER, marked_as_worker

REPOSITORY = Path(__file__).resolve().parents[3]


def start_another(context: JobContext) -> None:
    Engine().start()


def mark_of_this_process(context: JobContext) -> str:
    return os.environ[WORKER]


def test_a_worker_that_lost_its_arguments_does_nothing() -> None:
    for arguments in ([], ["architectures"], [str(REPOSITORY)]):
        done = subprocess.run(
            [sys.executable, "-m", "imgmine_gui", *arguments],
            env={**os.environ, WORKER: "1"}, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == WORKER_LOST
        assert "worker" in done.stderr and not done.stdout


def test_an_engine_has_the_mark_and_starts_no_engine() -> None:
    engine = Engine()
    try:
        assert engine.run(f"{__name__}:mark_of_this_process", ()) == str(os.getpid())
        assert WORKER not in os.environ
        with pytest.raises(EngineFault, match="worker process cannot start another"):
            engine.run(f"{__name__}:start_another", ())
    finally:
        engine.close()


def test_the_mark_goes_with_its_block() -> None:
    with pytest.raises(ZeroDivisionError), marked_as_worker():
        assert os.environ[WORKER] == str(os.getpid())
        raise ZeroDivisionError
    assert WORKER not in os.environ
