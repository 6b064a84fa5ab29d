"""The system kills the engine that looks: a message, and the next request is answered."""

from pathlib import Path
from typing import Any

import psutil
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.engine.errors import EngineDied
from tests.gui.app.job_recorder import Recorder

LATE = 120_000


def test_an_engine_killed_while_it_explains_and_predicts_is_a_message(
    session: Session, qtbot: QtBot, run: Path, images: Path
) -> None:
    told: list[Any] = []
    session.notifier.message.connect(told.append)
    image = str(images / "dark" / "000.png")
    explaining = Recorder(session.explain(str(run), image, "rise", options={"masks": 8000}))
    qtbot.waitUntil(lambda: bool(explaining.events), timeout=LATE)
    kill_engine(session)
    qtbot.waitUntil(lambda: explaining.job.is_over, timeout=LATE)
    predicting = Recorder(session.predict(str(run), [image] * 100_000))
    qtbot.waitUntil(lambda: any(isinstance(event, Predicted) for event in predicting.events), timeout=LATE)
    kill_engine(session)
    qtbot.waitUntil(lambda: predicting.job.is_over, timeout=LATE)
    for one in (explaining, predicting):
        assert isinstance(one.outcome, EngineDied)
        assert one.outcome.remedy
    qtbot.waitUntil(lambda: len(told) == 2, timeout=LATE)  # the job is over a moment before it is told
    assert [message.text for message in told] == [explaining.outcome.message, predicting.outcome.message]  # type: ignore[attr-defined]
    following = Recorder(session.predict(str(run), [image]))
    qtbot.waitUntil(lambda: following.job.is_over, timeout=LATE)
    assert isinstance(following.outcome, PredictionTable)
    assert following.outcome.paths == (image,)
    assert not following.outcome.reasons


def kill_engine(session: Session) -> None:
    assert session.looking.engine_pid
    psutil.Process(session.looking.engine_pid).kill()
