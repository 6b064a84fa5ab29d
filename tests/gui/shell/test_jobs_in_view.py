"""One rule for all pages: a job is shown once, with one Cancel, where it belongs; elsewhere quietly."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.page_book import PAGES
from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.jobs_strip import ring

BELONGS = {"scan": "data", "train": "train", "predict": "predictions", "export": "predictions"}
BELONGS |= {"faithfulness": "predictions", "export_run": "", "health": "health", "quick_check": "quick_check"}


@pytest.fixture
def project(window: MainWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    window.opening.open_paths([folder])
    qtbot.waitUntil(lambda: not window.session.runner.jobs, timeout=30_000)
    for entry in PAGES:
        window.go(entry.name)
    return window


@pytest.fixture
def start(project: MainWindow, qtbot: QtBot) -> Iterator[Callable[[str], Job]]:
    """Starts a job that is three tenths done until it is cancelled, or the test is over."""
    session, go_on, jobs = project.session, threading.Event(), []

    def work(context: JobContext) -> None:
        context.report(PhaseStarted("Reading images", 10))
        context.report(Progress(1, 10))
        context.report(Progress(3, 10))
        while not go_on.wait(0.01):
            check_cancelled(context)

    def begin(kind: str) -> Job:
        job = ScanJob("/nowhere/leaves", False) if kind == "scan" else Job(kind, "At work on {it}", {"it": kind})
        session.runner.start(job, work)
        session.job_started.emit(job)
        jobs.append(job)
        return job

    yield begin
    go_on.set()
    qtbot.waitUntil(lambda: all(job.is_over for job in jobs))


def cancels(window: MainWindow) -> list[QPushButton]:
    buttons = window.findChildren(QPushButton)
    return [one for one in buttons if one.isVisible() and one.isEnabled() and one.text() in ("Cancel", "Stop")]


@pytest.mark.parametrize("kind", BELONGS)
def test_a_job_has_one_cancel_where_it_belongs_and_is_quiet_elsewhere(
    project: MainWindow, start: Callable[[str], Job], qtbot: QtBot, kind: str
) -> None:
    job, button = start(kind), project.strip.jobs.button
    project.go("start")
    qtbot.waitUntil(button.isVisible)
    for entry in PAGES:
        project.go(entry.name)
        here = entry.name == BELONGS[kind]
        assert button.isVisible() is not here
        assert len(cancels(project)) == int(here), entry.name
    project.go("start")
    assert button.text() == job.title
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel = QApplication.activePopupWidget()
    (bar,) = panel.findChildren(JobBar)
    assert bar.phase.text() == f"{job.title} · Reading images"
    assert bar.line.value() / bar.line.maximum() == 0.3
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: job.is_over)
    assert job.state is JobState.CANCELLED
    assert not button.isVisible()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_several_jobs_are_counted_and_listed(project: MainWindow, start: Callable[[str], Job], qtbot: QtBot) -> None:
    jobs, button = [start(kind) for kind in ("predict", "scan", "export_run")], project.strip.jobs.button
    project.go("train")
    qtbot.waitUntil(lambda: button.text() == "3 jobs")
    assert button.toolTip().split("\n") == [f"{job.title} · Reading images" for job in reversed(jobs)]
    project.go("predictions")
    assert button.text() == "2 jobs"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel = QApplication.activePopupWidget()
    assert [bar.job for bar in panel.findChildren(JobBar)] == [jobs[2], jobs[1]]
    panel.close()
    jobs[1].cancel()
    qtbot.waitUntil(lambda: button.text() == jobs[2].title)


def test_of_the_predictions_only_the_newest_is_shown(
    project: MainWindow, start: Callable[[str], Job], qtbot: QtBot
) -> None:
    page = project.go("predictions")
    start("export")
    start("predict")
    last = start("predict")
    assert [job.kind for job in page.jobs.bars] == ["export", "predict"]  # type: ignore[attr-defined]
    assert last in page.jobs.bars  # type: ignore[attr-defined]


def test_a_ring_fills_up_and_stands_still_while_nothing_is_known(window: MainWindow) -> None:
    accent, quiet = theme().colours.accent, theme().colours.text_disabled

    def filled(share: float | None, ratio: float, colour: object) -> float:
        image = ring(share, ratio).toImage()
        side = image.width()
        of = sum(image.pixelColor(x, y) == colour for x in range(side) for y in range(side))
        track = theme().colours.border
        rest = sum(image.pixelColor(x, y) == track for x in range(side) for y in range(side))
        return of / max(1, of + rest)

    for ratio in (1.0, 2.0):
        assert filled(0.0, ratio, accent) == 0
        assert filled(0.5, ratio, accent) == pytest.approx(0.5, abs=0.1)
        assert filled(1.0, ratio, accent) == 1
        assert filled(None, ratio, quiet) == pytest.approx(0.25, abs=0.1)
