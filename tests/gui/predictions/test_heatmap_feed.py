"""Which of the wished heatmaps come, without an engine."""

import threading

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.images.geometry import ResizeMode
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.gui.widgets.predictions.heatmap_feed import HeatmapFeed, HeatmapWish
from tests.gui.predictions.made_up import heatmap_of

WISH = HeatmapWish("model", 1, "/images/a.png", "layer_cam", None)


@pytest.fixture
def go_on() -> threading.Event:
    return threading.Event()


@pytest.fixture
def feed(session: Session, go_on: threading.Event, monkeypatch: pytest.MonkeyPatch) -> HeatmapFeed:
    """Heatmaps that come once ``go_on`` is set, unless they were cancelled meanwhile."""

    def explain(_model: str, path: str, *_rest: object) -> Job:
        def work(context: JobContext) -> FileHeatmap:
            assert go_on.wait(30)
            check_cancelled(context)
            return heatmap_of(path, (8, 8), np.ones((4, 4)), ResizeMode.STRETCH)

        job = Job("explain", "Making a heatmap")
        session.runner.start(job, work)
        return job

    monkeypatch.setattr(session, "explain", explain)
    return HeatmapFeed(session)


def test_what_was_given_up_and_is_wished_for_again_comes(
    qtbot: QtBot, feed: HeatmapFeed, go_on: threading.Event
) -> None:
    feed.ask(WISH)
    feed.drop()
    feed.ask(WISH)
    with qtbot.waitSignal(feed.ready) as made:
        go_on.set()
    assert made.args[0].path == WISH.path


def test_what_was_given_up_does_not_come(
    qtbot: QtBot, feed: HeatmapFeed, session: Session, go_on: threading.Event
) -> None:
    came: list[FileHeatmap] = []
    feed.ready.connect(came.append)
    feed.ask(WISH)
    feed.drop()
    go_on.set()
    qtbot.waitUntil(lambda: not session.runner.jobs)
    assert came == []
