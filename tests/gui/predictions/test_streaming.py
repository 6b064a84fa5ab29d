"""Images can be looked at while the others are still being predicted."""

import threading

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice
from imgmine_gui.gui.widgets.predictions.prediction_source import FIRST_PART, PredictionSource

PART = FIRST_PART + 8


def part(number: int) -> PredictionTable:
    paths = tuple(f"/images/{number}/{row}.png" for row in range(PART))
    return PredictionTable(("dark", "light"), paths, np.full((PART, 2), 0.5, np.float32))


@pytest.fixture
def go_on() -> threading.Event:
    return threading.Event()


@pytest.fixture
def source(session: Session, go_on: threading.Event, monkeypatch: pytest.MonkeyPatch) -> PredictionSource:
    """Predictions that come in two parts, the second when ``go_on`` is set."""

    def work(context: JobContext) -> PredictionTable:
        context.report(Predicted(part(0)))
        assert go_on.wait(30)
        context.report(Predicted(part(1)))
        return PredictionTable.concatenated([part(0), part(1)], ("dark", "light"))

    def predict(_model: str, _what: object) -> Job:
        job = Job("predict", "Predicting")
        session.runner.start(job, work)
        return job

    monkeypatch.setattr(session, "predict", predict)
    return PredictionSource(session)


def test_the_first_part_comes_before_the_whole(qtbot: QtBot, source: PredictionSource, go_on: threading.Event) -> None:
    with qtbot.waitSignal(source.part_ready) as first:
        source.start("model", ImagesChoice(paths=("/images",)))
    rows: PredictionRows = first.args[0]
    assert rows.table.paths == part(0).paths
    with qtbot.waitSignal(source.ready) as whole:
        go_on.set()
    assert len(whole.args[0]) == 2 * PART


def test_a_part_of_what_was_given_up_is_not_shown(
    qtbot: QtBot, source: PredictionSource, session: Session, go_on: threading.Event
) -> None:
    seen: list[PredictionRows] = []
    source.part_ready.connect(seen.append)
    job = source.start("model", ImagesChoice(paths=("/images",)))
    with qtbot.waitSignal(job.events):
        job.events.connect(source.stop)
    assert source._part_job is not None
    go_on.set()
    qtbot.waitUntil(lambda: job.is_over and not session.runner.jobs)
    assert seen == []
