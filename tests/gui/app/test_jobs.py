"""Jobs in threads and in engines, with real child processes."""

import signal
import threading
import time
import weakref
from collections.abc import Iterator

import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.job_runner import JobRunner, engine_call
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, MemoryUsed, PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.engine.errors import EngineDied, EngineFault
from tests.gui.app.job_recorder import Recorder
from tests.timing import LENIENCY
from tests.unit.engine.engine_functions import PREFIX

LATE = 20_000


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    for job in runner.jobs:
        job.cancel()
    qtbot.waitUntil(lambda: not runner.jobs, timeout=LATE)


def engine_job(runner: JobRunner, function: str, *arguments: object) -> tuple[Job, Recorder]:
    job = Job("test", "Doing {thing}", {"thing": function})
    recorder = Recorder(job)
    runner.start_engine(job, engine_call(PREFIX + function, *arguments))
    return job, recorder


def wait_for_end(qtbot: QtBot, job: Job) -> None:
    if not job.is_over:
        with qtbot.waitSignal(job.finished, timeout=LATE):
            pass


def test_a_job_ends_in_one_outcome_and_then_finishes(qtbot: QtBot, runner: JobRunner) -> None:
    job, recorder = engine_job(runner, "add", 2, 3)
    assert job.state is JobState.WAITING
    assert job.title == "Doing add"
    assert runner.jobs == [job]
    wait_for_end(qtbot, job)
    assert recorder.ending == ["succeeded", "finished"]
    assert recorder.outcome == 5
    assert job.state is JobState.SUCCEEDED
    assert runner.jobs == []


def test_every_event_arrives_in_order_at_most_ten_times_a_second(qtbot: QtBot, runner: JobRunner) -> None:
    job, recorder = engine_job(runner, "report_slowly", 3.0)
    wait_for_end(qtbot, job)
    assert recorder.ending == ["succeeded", "finished"]
    steps = [event.step for event in recorder.events if isinstance(event, BatchEnded)]
    assert steps == list(range(recorder.outcome))  # type: ignore[call-overload]
    assert len(steps) > 1000
    assert 2 <= len(recorder.deliveries) <= 32
    assert recorder.busiest_second <= 10 + 1  # the last delivery comes with the outcome


def test_a_flood_of_events_does_not_hold_up_the_window(qtbot: QtBot, runner: JobRunner) -> None:
    idle = lateness(qtbot)
    job, recorder = engine_job(runner, "flood")
    qtbot.waitUntil(lambda: bool(recorder.events), timeout=LATE)
    flooded = lateness(qtbot)
    assert flooded < idle + 0.050 * LENIENCY, f"late by {flooded:.3f} s, where an idle loop is late by {idle:.3f} s"
    assert len(recorder.events) > 1000
    job.cancel()
    wait_for_end(qtbot, job)
    assert recorder.ending == ["cancelled", "finished"]


@pytest.mark.parametrize("function", ["stuck_in_native_code", "flood"])
def test_cancel_takes_effect_within_two_seconds(qtbot: QtBot, runner: JobRunner, function: str) -> None:
    job, recorder = engine_job(runner, function)
    qtbot.waitUntil(lambda: bool(recorder.events), timeout=LATE)
    assert job.state is JobState.RUNNING
    began = time.monotonic()
    job.cancel()
    assert job.state is JobState.CANCELLING
    wait_for_end(qtbot, job)
    assert time.monotonic() - began < 2.0 * LENIENCY
    assert recorder.ending == ["cancelled", "finished"]


def test_a_job_that_is_cancelled_before_it_began_never_begins(qtbot: QtBot, runner: JobRunner) -> None:
    began = threading.Event()
    job = Job("test", "Doing")
    recorder = Recorder(job)
    job.cancel()
    runner.start(job, lambda context: began.set())
    wait_for_end(qtbot, job)
    assert recorder.ending == ["cancelled", "finished"]
    assert not began.is_set()


def test_a_killed_engine_is_a_message_and_the_next_job_works(qtbot: QtBot, runner: JobRunner) -> None:
    job, recorder = engine_job(runner, "stuck_in_native_code")
    qtbot.waitUntil(lambda: bool(recorder.events), timeout=LATE)
    (child,) = [one for one in psutil.Process().children() if "--multiprocessing-fork" in one.cmdline()]
    child.send_signal(signal.SIGKILL)
    wait_for_end(qtbot, job)
    assert recorder.ending == ["failed", "finished"]
    assert isinstance(recorder.outcome, EngineDied)
    assert "memory" in recorder.outcome.message
    assert recorder.outcome.remedy
    following, heard = engine_job(runner, "add", 1, 1)
    wait_for_end(qtbot, following)
    assert heard.outcome == 2


def test_errors_arrive_as_they_were_raised(qtbot: QtBot, runner: JobRunner) -> None:
    refused, heard = engine_job(runner, "refuse", "a.png")
    faulty, heard_too = engine_job(runner, "fail")
    wait_for_end(qtbot, refused)
    wait_for_end(qtbot, faulty)
    assert isinstance(heard.outcome, UserError)
    assert heard.outcome.values["count"] == 3
    assert isinstance(heard_too.outcome, EngineFault)
    assert "ValueError: a fault" in str(heard_too.outcome)


def test_pause_rests_and_resume_goes_on(qtbot: QtBot, runner: JobRunner) -> None:
    job, recorder = engine_job(runner, "count_until_stopped")
    counts = lambda: [event.done for event in recorder.events if isinstance(event, Progress)]  # noqa: E731
    qtbot.waitUntil(lambda: bool(counts()), timeout=LATE)
    job.pause()
    assert job.state is JobState.PAUSED
    deliveries = 0
    memory = len([event for event in recorder.events if isinstance(event, MemoryUsed)])
    qtbot.waitUntil(
        lambda: len([event for event in recorder.events if isinstance(event, MemoryUsed)]) >= memory + 2, timeout=LATE
    )
    deliveries = len(counts())
    seconds = job.seconds
    qtbot.waitUntil(
        lambda: len([event for event in recorder.events if isinstance(event, MemoryUsed)]) >= memory + 3, timeout=LATE
    )
    assert len(counts()) == deliveries, "it went on"
    assert job.seconds == seconds
    job.resume()
    qtbot.waitUntil(lambda: len(counts()) > deliveries, timeout=LATE)
    job.stop()
    wait_for_end(qtbot, job)
    assert recorder.ending == ["succeeded", "finished"]


def test_plain_jobs_run_in_a_thread_of_this_process(qtbot: QtBot, runner: JobRunner) -> None:
    def work(context: JobContext) -> str:
        context.report(PhaseStarted("Counting", 2))
        context.report(Progress(1))
        return threading.current_thread().name

    job = Job("light", "Doing")
    recorder = Recorder(job)
    runner.start(job, work)
    wait_for_end(qtbot, job)
    assert recorder.outcome == "job-light"
    assert recorder.events == [PhaseStarted("Counting", 2), Progress(1)]
    assert job.progress == 0.5
    assert job.phase == "Counting"


def test_shutdown_ends_all_jobs_and_their_processes(qtbot: QtBot, runner: JobRunner) -> None:
    _, counting = engine_job(runner, "count_until_stopped")
    _, stuck = engine_job(runner, "stuck_in_native_code")
    plain = Job("light", "Doing")
    heard = Recorder(plain)
    runner.start(plain, _until_cancelled)
    qtbot.waitUntil(lambda: bool(counting.events and stuck.events and heard.events), timeout=LATE)
    assert runner.shutdown(5.0)
    assert [one.ending for one in (counting, stuck, heard)] == [
        ["succeeded", "finished"],
        ["cancelled", "finished"],
        ["cancelled", "finished"],
    ]
    qtbot.waitUntil(lambda: not _engines(), timeout=LATE)


def test_shutdown_does_not_wait_for_a_thread_that_hears_nothing(qtbot: QtBot, runner: JobRunner) -> None:
    release = threading.Event()
    job = Job("light", "Doing")
    runner.start(job, lambda context: release.wait(60))
    began = time.monotonic()
    assert not runner.shutdown(0.3)
    assert time.monotonic() - began < 4.0 * LENIENCY
    release.set()


def test_a_job_that_is_over_is_freed_in_the_thread_of_the_window(qtbot: QtBot, runner: JobRunner) -> None:
    job = Job("test", "Doing")
    runner.start_engine(job, engine_call(PREFIX + "fail"))
    where: list[str] = []
    job.destroyed.connect(lambda: where.append(threading.current_thread().name))
    wait_for_end(qtbot, job)
    gone = weakref.ref(job)
    del job
    qtbot.waitUntil(lambda: gone() is None, timeout=LATE)
    assert where == [threading.main_thread().name]


@pytest.mark.parametrize("budget", [None, 1000.0])
def test_progress_of_a_training_counts_epochs(budget: float | None) -> None:
    job = Job("train", "Training", epochs=4, time_budget=budget)
    heard = Recorder(job)
    feed(job, PhaseStarted("Preparing", 10), Progress(5))
    assert job.progress == 0.5
    feed(job, PhaseStarted("Training", 8), BatchEnded(0, 0, 2, {"loss": 1.0}, 10.0))
    assert job.progress == 0.125
    assert job.seconds_left is None
    feed(job, BatchEnded(0, 1, 2, {"loss": 1.0}, 12.0), PhaseStarted("Validating", 5), Progress(5, 5))
    assert job.phase == "Validating"
    assert job.progress == 0.25
    assert job.images_per_second == 12.0
    feed(job, EpochEnded(0, 4, {}, True, 0.1, 1.0), EpochEnded(1, 4, {}, True, 0.1, 1.0), MemoryUsed(77))
    assert job.progress == 0.5
    assert job.memory == 77
    assert job.seconds_left is not None
    assert job.seconds_left >= 0
    assert len(heard.events) == 10


def feed(job: Job, *events: Event) -> None:
    job.mailbox.started = True
    for event in events:
        job.mailbox.report(event)
    job._last_delivery = 0.0
    job.collect()


def lateness(qtbot: QtBot) -> float:
    """Seconds by which 99 in 100 of the ticks of a timer are late at most."""
    late: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        late.append(now - last[0] - 0.010)
        last[0] = now

    timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    qtbot.waitUntil(lambda: len(late) >= 300, timeout=LATE)
    timer.stop()
    return sorted(late)[int(len(late) * 0.99)]


def _until_cancelled(context: JobContext) -> None:
    context.report(PhaseStarted("Waiting"))
    while True:
        check_cancelled(context)


def _engines() -> list[psutil.Process]:
    children = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in children if "--multiprocessing-fork" in one.cmdline()]
