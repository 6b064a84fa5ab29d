"""The engine with real child processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import BatchEnded, Event, ImageSkipped, MemoryUsed, PhaseStarted, Progress, Stopping
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.text import set_language
from imgmine_gui.engine.client import STOP_GRACE, Engine
from imgmine_gui.engine.errors import EngineDied, EngineFault, StoppedUnanswered
from imgmine_gui.engine.functions import FUNCTIONS
from tests.timing import LENIENCY
from tests.unit.engine import engine_functions
from tests.unit.engine.engine_functions import PREFIX

REPOSITORY = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name == "nt", reason="there are no signals")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path / "log" / "engine.log")
    yield engine
    engine.kill()


class Person:
    """Wishes something once an event of some type came."""

    def __init__(self, wish: Wish, after: type[Event] = PhaseStarted) -> None:
        self._wish = wish
        self._after = after
        self.wish = Wish.GO_ON
        self.events: list[Event] = []
        self.wished_at = 0.0

    def see(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, self._after) and self.wish is Wish.GO_ON:
            self.wish = self._wish
            self.wished_at = time.monotonic()

    @property
    def waited(self) -> float:
        return time.monotonic() - self.wished_at


def run_with(engine: Engine, function: str, person: Person, *arguments: object) -> object:
    return engine.run(PREFIX + function, arguments, person.see, lambda: person.wish)


def test_a_function_runs_in_one_child_after_another(engine: Engine) -> None:
    assert engine.run(PREFIX + "add", (2, 3)) == 5
    child = engine.pid
    assert engine.run(PREFIX + "add", (4, 3)) == 7
    assert engine.pid == child != os.getpid()
    assert engine.ready is not None
    assert engine.ready.resident > 5_000_000


def test_every_event_arrives_in_order(engine: Engine) -> None:
    events: list[Event] = []
    engine.run(PREFIX + "report_batches", (30_000,), events.append)
    events = [event for event in events if not isinstance(event, MemoryUsed)]
    assert events[0] == PhaseStarted("Counting", 30_000)
    assert [event.step for event in events[1:] if isinstance(event, BatchEnded)] == list(range(30_000))


def test_neighbouring_progress_becomes_one(engine: Engine) -> None:
    person = Person(Wish.STOP, Progress)
    done = run_with(engine, "count_until_stopped", person)
    seen = [event.done for event in person.events if isinstance(event, Progress)]
    assert seen == sorted(set(seen))
    assert seen[-1] == done


def test_memory_is_told_while_it_works(engine: Engine) -> None:
    person = Person(Wish.STOP, MemoryUsed)
    run_with(engine, "count_until_stopped", person)
    used = [event.resident for event in person.events if isinstance(event, MemoryUsed)]
    assert used
    assert used[0] > 5_000_000


def test_a_user_error_crosses_with_its_values(engine: Engine) -> None:
    with pytest.raises(UserError) as caught:
        engine.run(PREFIX + "refuse", ("/a/b.png",))
    assert caught.value.message == f"{Path('/a/b.png')} is not there."
    assert caught.value.remedy == "Choose another of 3."
    assert caught.value.values == {"path": Path("/a/b.png"), "count": 3}


def test_a_fault_brings_its_traceback(engine: Engine) -> None:
    with pytest.raises(EngineFault, match=r"(?s)Traceback.*engine_functions\.py.*ValueError: a fault"):
        engine.run(PREFIX + "fail", ())


def test_an_unknown_function_and_a_result_that_cannot_cross_are_faults(engine: Engine) -> None:
    with pytest.raises(EngineFault, match="KeyError: 'nothing'"):
        engine.run("nothing", ())
    with pytest.raises(EngineFault, match="return_unpicklable"):
        engine.run(PREFIX + "return_unpicklable", ())
    assert engine.run(PREFIX + "add", (1, 1)) == 2


def test_memory_that_runs_out_in_python_is_said_in_words(engine: Engine) -> None:
    with pytest.raises(UserError, match="not enough memory"):
        engine.run(PREFIX + "run_out_of_memory", ())


def test_large_requests_and_results_cross(engine: Engine) -> None:
    size = 64_000_000
    assert engine.run(PREFIX + "return_length", (bytes(size),)) == size
    assert len(engine.run(PREFIX + "return_bytes", (size,))) == size


@pytest.mark.parametrize("function", ["flood", "count_until_stopped", "stuck_in_native_code", "stuck_and_deaf"])
def test_cancel_takes_effect_within_two_seconds(engine: Engine, function: str) -> None:
    person = Person(Wish.CANCEL, Event)
    with pytest.raises(Cancelled):
        run_with(engine, function, person)
    assert person.waited < 2.0 * LENIENCY
    assert engine.run(PREFIX + "add", (1, 1)) == 2


def test_a_child_that_answers_a_cancel_lives_on(engine: Engine) -> None:
    engine.run(PREFIX + "add", (1, 1))
    child = engine.pid
    with pytest.raises(Cancelled):
        run_with(engine, "flood", Person(Wish.CANCEL, Event))
    assert engine.alive
    assert engine.pid == child


@posix
def test_cancel_ends_a_child_in_which_no_thread_runs(engine: Engine, tmp_path: Path) -> None:
    started = tmp_path / "started"
    cancelled_at: list[float] = []

    def wish() -> Wish:
        if not started.exists():
            return Wish.GO_ON
        cancelled_at.append(time.monotonic())
        return Wish.CANCEL

    with pytest.raises(Cancelled):
        engine.run(PREFIX + "stuck_with_the_lock", (str(started),), wish=wish)
    assert time.monotonic() - cancelled_at[0] < 2.0 * LENIENCY
    assert not psutil.pid_exists(int(started.read_text()))


def test_cancel_while_the_child_starts(engine: Engine) -> None:
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        engine.run(PREFIX + "stuck_in_native_code", (), wish=lambda: Wish.CANCEL)
    assert time.monotonic() - begun < 2.0 * LENIENCY


def test_cancel_while_tensorflow_is_imported(engine: Engine) -> None:
    person = Person(Wish.CANCEL)
    with pytest.raises(Cancelled):
        engine.run("warm_up", ("nowhere.imgmodel",), person.see, lambda: person.wish)
    assert person.events[0] == PhaseStarted("Starting the engine")
    assert person.waited < 2.0 * LENIENCY


def test_a_stop_that_was_noticed_has_time_to_save(engine: Engine) -> None:
    person = Person(Wish.STOP, Progress)
    assert run_with(engine, "count_until_stopped", person)
    kinds = [type(event) for event in person.events if not isinstance(event, Progress | MemoryUsed)]
    assert kinds == [PhaseStarted, Stopping, PhaseStarted]


def test_a_stop_that_is_not_noticed_ends_the_child_within_two_seconds(engine: Engine) -> None:
    person = Person(Wish.STOP)
    with pytest.raises(StoppedUnanswered):
        run_with(engine, "stuck_in_native_code", person)
    assert 1.0 < person.waited < 2.0 * LENIENCY


def test_a_paused_job_rests_and_goes_on(engine: Engine) -> None:
    person = Person(Wish.PAUSE, Progress)
    rested: list[float] = []

    def wish() -> Wish:
        if person.wish is Wish.PAUSE and person.waited > 0.7:
            rested.append(sum(isinstance(event, Progress) for event in person.events))
            person.wish = Wish.STOP
        return person.wish

    engine.run(PREFIX + "count_until_stopped", (), person.see, wish)
    assert rested[0] <= 4, "a paused job reported on"


@posix
@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGKILL, "memory ran out"), (signal.SIGSEGV, r"crashed \(SIGSEGV\)")],
)
def test_a_killed_child_is_said_in_words_and_the_next_request_works(engine: Engine, number: int, words: str) -> None:
    events: list[Event] = []
    with pytest.raises(EngineDied, match=words):
        engine.run(PREFIX + "kill_self", (number,), events.append)
    assert ImageSkipped("a.png", "last words") in events
    assert not engine.alive
    assert engine.run(PREFIX + "add", (1, 1)) == 2


def test_a_child_that_leaves_is_said_with_its_exit_code(engine: Engine) -> None:
    with pytest.raises(EngineDied, match="exit code 7"):
        engine.run(PREFIX + "leave", (7,))


def test_a_child_that_died_between_two_requests_is_replaced(engine: Engine) -> None:
    engine.run(PREFIX + "add", (1, 1))
    first = psutil.Process(engine.pid)
    first.kill()
    first.wait(5)
    assert engine.run(PREFIX + "add", (1, 2)) == 3
    assert engine.pid != first.pid


def test_what_the_child_prints_goes_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "engine.log"
    engine = Engine(log)
    engine.run(PREFIX + "speak", ())
    engine.close()
    assert log.read_text().splitlines() == ["from Python", "from native code", "an error from native code"]
    assert capfd.readouterr() == ("", "")


def test_the_child_is_lean_and_calls_nobody(engine: Engine) -> None:
    around = engine.run(PREFIX + "look_around", ())
    assert isinstance(around, engine_functions.Surroundings)
    heavy = {"tensorflow", "keras", "PySide6", "numpy"}
    assert not {name.partition(".")[0] for name in around.modules} & heavy
    assert around.environment["ENABLE_RUNTIME_UPTIME_TELEMETRY"] == "0"
    assert around.environment["TF_CPP_MIN_LOG_LEVEL"] == "2"
    assert around.interrupt_ignored


def test_the_child_speaks_the_language_of_the_window(engine: Engine) -> None:
    assert engine.run(PREFIX + "speaks", ()) == "en"
    set_language("zh_CN")
    try:
        assert engine.run(PREFIX + "speaks", ()) == "zh_CN"
    finally:
        set_language("en")


def test_every_function_is_there(engine: Engine) -> None:
    names = engine.run(PREFIX + "load_all", ())
    assert len(names) == len(FUNCTIONS)


def test_what_the_child_imports_again_of_the_program_opens_no_window() -> None:
    """The child begins by importing the program's main module under another name."""
    heavy = "{'PySide6', 'tensorflow', 'keras', 'numpy'} & set(sys.modules)"
    script = (
        f"import sys, runpy; runpy.run_module('imgmine_gui.__main__', run_name='__mp_main__'); sys.exit(bool({heavy}))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=REPOSITORY)


def test_close_ends_the_child_and_cancels_what_it_was_doing(engine: Engine) -> None:
    begun = threading.Event()
    outcomes: list[BaseException] = []

    def work() -> None:
        try:
            engine.run(PREFIX + "stuck_in_native_code", (), lambda event: begun.set())
        except Cancelled as error:
            outcomes.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(20)
    child = psutil.Process(engine.pid)
    engine.close()
    thread.join(5)
    assert len(outcomes) == 1
    assert not child.is_running()
    engine.close()


PARENT = """
import sys
from pathlib import Path
from imgmine_gui.core.text import set_language
from imgmine_gui.engine.client import STOP_GRACE, Engine
if __name__ == "__main__":
    engine = Engine()
    if sys.argv[1] == "idle":
        engine.run("tests.unit.engine.engine_functions:add", (1, 1))
        print(engine.pid, flush=True)
        sys.stdin.read()
    else:
        say = lambda event: print(engine.pid, flush=True)
        engine.run("tests.unit.engine.engine_functions:" + sys.argv[1], tuple(sys.argv[2:]), say)
"""


def start_parent(tmp_path: Path, *arguments: str) -> "subprocess.Popen[str]":
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    return subprocess.Popen(
        [sys.executable, str(script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


def require_gone(child: psutil.Process) -> None:
    gone, alive = psutil.wait_procs([child], timeout=5)
    for process in alive:
        process.kill()
    assert gone


@posix
@pytest.mark.parametrize("doing", ["idle", "stuck_in_native_code", "flood"])
def test_the_child_dies_with_its_parent(tmp_path: Path, doing: str) -> None:
    with start_parent(tmp_path, doing) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.ppid() == parent.pid
        parent.kill()
    require_gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child in which no thread of Python runs")
def test_a_child_in_which_no_thread_runs_dies_with_its_parent(tmp_path: Path) -> None:
    pipe = tmp_path / "started"
    os.mkfifo(pipe)
    with start_parent(tmp_path, "stuck_with_the_lock", str(pipe)) as parent:
        child = psutil.Process(int(pipe.read_text()))
        parent.kill()
    require_gone(child)


def test_a_stop_waits_for_a_step_that_takes_longer(engine: Engine) -> None:
    steps: list[Event] = []
    result = engine.run(
        PREFIX + "train_with_slow_steps",
        (STOP_GRACE + 0.4,),
        steps.append,
        lambda: Wish.STOP if sum(isinstance(event, BatchEnded) for event in steps) >= 2 else Wish.GO_ON,
    )
    assert result == "kept 3"
