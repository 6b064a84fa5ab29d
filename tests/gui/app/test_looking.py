"""The engine for looking: what goes first, what is dropped, and how it comes and goes."""

from collections.abc import Iterator

import psutil
import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import engine_call
from imgmine_gui.app.looking import Looking, LookingState
from imgmine_gui.engine.errors import EngineDied
from tests.gui.app.job_recorder import Recorder
from tests.unit.engine.engine_functions import PREFIX

LATE = 20_000


@pytest.fixture
def looking(qtbot: QtBot) -> Iterator[Looking]:
    looking = Looking()
    yield looking
    looking.shutdown()


def ask(looking: Looking, function: str, *arguments: object, explain: bool = False) -> Recorder:
    job = Job("test", "Looking")
    recorder = Recorder(job)
    (looking.explain if explain else looking.request)(job, engine_call(PREFIX + function, *arguments))
    return recorder


def wait_for(qtbot: QtBot, *recorders: Recorder) -> None:
    qtbot.waitUntil(lambda: all(one.ending for one in recorders), timeout=LATE)


def test_one_engine_serves_one_request_after_another(qtbot: QtBot, looking: Looking) -> None:
    assert looking.state is LookingState.OFF
    first = ask(looking, "look_around")
    wait_for(qtbot, first)
    pid = looking.engine_pid
    second = ask(looking, "look_around")
    wait_for(qtbot, second)
    assert first.outcome.pid == second.outcome.pid == pid  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: looking.state is LookingState.READY, timeout=LATE)


def test_the_newest_explanation_wins_and_comes_before_predictions(qtbot: QtBot, looking: Looking) -> None:
    order: list[str] = []
    at_hand = ask(looking, "count_until_stopped")
    qtbot.waitUntil(lambda: bool(at_hand.events), timeout=LATE)
    prediction = ask(looking, "add", 1, 1)
    outdated = [ask(looking, "add", 2, number, explain=True) for number in range(5)]
    newest = ask(looking, "add", 3, 3, explain=True)
    prediction.job.finished.connect(lambda: order.append("prediction"))
    newest.job.finished.connect(lambda: order.append("newest"))
    wait_for(qtbot, *outdated)
    assert not at_hand.ending
    at_hand.job.stop()
    wait_for(qtbot, at_hand, prediction, newest)
    assert [one.ending for one in outdated] == [["cancelled", "finished"]] * 5
    assert newest.outcome == 6
    assert prediction.outcome == 2
    assert order == ["newest", "prediction"]


def test_a_request_that_waits_is_cancelled_at_once(qtbot: QtBot, looking: Looking) -> None:
    at_hand = ask(looking, "stuck_in_native_code")
    qtbot.waitUntil(lambda: bool(at_hand.events), timeout=LATE)
    waiting = ask(looking, "add", 1, 1)
    waiting.job.cancel()
    wait_for(qtbot, waiting)
    assert waiting.ending == ["cancelled", "finished"]
    assert not at_hand.ending
    at_hand.job.cancel()
    wait_for(qtbot, at_hand)
    following = ask(looking, "add", 1, 2)
    wait_for(qtbot, following)
    assert following.outcome == 3
    assert waiting.ending == ["cancelled", "finished"], "its turn came, and it ended once more"


def test_a_killed_engine_is_started_again(qtbot: QtBot, looking: Looking) -> None:
    stuck = ask(looking, "stuck_in_native_code")
    qtbot.waitUntil(lambda: bool(stuck.events), timeout=LATE)
    assert looking.engine_pid
    psutil.Process(looking.engine_pid).kill()
    following = ask(looking, "add", 1, 2)
    wait_for(qtbot, stuck, following)
    assert isinstance(stuck.outcome, EngineDied)
    assert following.outcome == 3


def test_an_idle_engine_gives_its_memory_back(qtbot: QtBot) -> None:
    looking = Looking(idle_seconds=0.3)
    first = ask(looking, "add", 1, 2)
    wait_for(qtbot, first)
    qtbot.waitUntil(lambda: looking.state is LookingState.OFF and looking.engine_pid is None, timeout=LATE)
    again = ask(looking, "add", 2, 2)
    wait_for(qtbot, again)
    assert again.outcome == 4
    looking.shutdown()


def test_shutdown_cancels_everything_and_ends_the_engine(qtbot: QtBot, looking: Looking) -> None:
    stuck = ask(looking, "stuck_in_native_code")
    qtbot.waitUntil(lambda: bool(stuck.events), timeout=LATE)
    waiting = ask(looking, "add", 1, 2)
    assert looking.engine_pid
    engine = psutil.Process(looking.engine_pid)
    looking.shutdown()
    wait_for(qtbot, stuck, waiting)
    assert stuck.ending == waiting.ending == ["cancelled", "finished"]
    assert not engine.is_running()


def test_warming_up_for_a_model_that_is_not_there_is_only_logged(
    qtbot: QtBot, looking: Looking, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    looking.warm(f"{tmp_path}/gone.imgmodel")
    qtbot.waitUntil(lambda: "gone.imgmodel" in caplog.text, timeout=60_000)
