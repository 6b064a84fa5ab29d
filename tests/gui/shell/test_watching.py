"""Folders are watched while the window is open: real files, real scans, and nothing that a person has to do."""

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from imgmine_gui.app import watching
from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import CatchUpJob, ScanJob
from imgmine_gui.core.project import watching as core_watching
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.watching import WatchState
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.widgets.data.watch_switch import state_in_words
from tests.gui.app.small_images import write_images
from tests.unit.project.watched_folder import QUICK

LATE = 30_000


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become tenths."""
    monkeypatch.setattr(watching, "OPENING_MS", 0)
    monkeypatch.setattr(watching, "SOON_MS", 0)
    monkeypatch.setattr(watching, "GAP_SECONDS", 0.0)
    monkeypatch.setattr(watching, "REST", 0.0)
    monkeypatch.setattr(core_watching, "Watch", partial(core_watching.Watch, times=QUICK))


class Driver:
    """The window of a project whose one source is watched."""

    def __init__(self, qtbot: QtBot, window: MainWindow, folder: Path) -> None:
        self.qtbot, self.window, self.folder = qtbot, window, folder
        self.session = window.session
        self.scans: list[CatchUpJob] = []
        self.messages: list[Message] = []
        self.session.watching.began.connect(self.scans.append)
        self.session.notifier.message.connect(self.messages.append)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=LATE)

    def images(self) -> int:
        return self.session.totals().images

    @property
    def state(self) -> WatchState | None:
        return self.session.watching.state(self.session.sources()[0].id)

    def rest(self) -> None:
        """Wait until the source is listened to, and what changed before is taken over."""
        self.until(lambda: self.state is WatchState.LISTENING)
        self.until(lambda: self.scans and self.scans[-1].is_over and not self.session.runner.jobs)

    def page(self) -> DataPage:
        page = self.window.go("data")
        assert isinstance(page, DataPage)
        self.until(lambda: page.state is not None and page.state.sources)
        return page


@pytest.fixture
def bare(qtbot: QtBot, session: Session, window: MainWindow, folder: Path, tmp_path: Path) -> Driver:
    """No source yet."""
    session.new_project(tmp_path / "garden")
    return Driver(qtbot, window, folder)


@pytest.fixture
def driver(bare: Driver) -> Driver:
    """Twelve images, watched."""
    bare.session.add_source(bare.folder)
    bare.until(lambda: bare.images() == 12)
    bare.rest()
    bare.scans.clear()
    return bare


def test_new_changed_and_removed_files_are_taken_over(driver: Driver) -> None:
    write_images(driver.folder, count=3, classes=("ash",))
    driver.until(lambda: driver.images() == 15)
    driver.until(lambda: len(driver.session.classes()) == 3)
    driver.rest()
    (driver.folder / "oak" / "0.png").unlink()
    driver.until(lambda: driver.images() == 14)
    (driver.folder / "oak" / "1.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    driver.until(lambda: driver.session.totals().unreadable == 1)
    assert driver.window.status.watching.text()
    assert not driver.messages


def test_the_gallery_follows_and_one_line_says_why(driver: Driver) -> None:
    page = driver.page()
    os.rename(driver.folder / "oak", driver.folder / "beech")
    driver.until(lambda: {one.name for one in page.state.classes} == {"beech", "birch"} if page.state else False)
    line = driver.window.status.watching
    driver.until(lambda: line.text() == "leaves: 6 images moved")
    write_images(driver.folder, count=1, classes=("ash",))
    driver.until(lambda: line.text() == "leaves: 1 image new")
    driver.until(lambda: page.gallery.images.rowCount() == 13)
    apply_language("zh_CN")
    assert "1" in line.text()
    assert line.text() != "leaves: 1 image new"


def test_nobody_is_bothered_by_a_scan_of_the_watch(driver: Driver, qtbot: QtBot) -> None:
    page = driver.page()
    seen: list[bool] = []
    driver.session.runner.changed.connect(
        lambda: seen.append(page.scans.isVisible() or bool(driver.window.strip.jobs.jobs()))
    )
    with qtbot.waitSignal(driver.session.watching.caught_up, timeout=LATE):
        write_images(driver.folder, count=1, classes=("ash",))
    assert seen
    assert not any(seen)


def test_many_files_make_few_scans(driver: Driver) -> None:
    image = (driver.folder / "oak" / "0.png").read_bytes()
    for number in range(2_000):
        (driver.folder / "oak" / f"new {number}.png").write_bytes(image)
    driver.until(lambda: driver.images() == 2_012)
    assert 1 <= len(driver.scans) <= 8


def switch(driver: Driver) -> None:
    """Choose the entry in the menu of the source."""
    panel = driver.page().column.sources
    panel.list.customContextMenuRequested.emit(QPoint(5, 5))
    menu = panel.findChildren(QMenu)[-1]
    entry = next(action for action in menu.actions() if action.text() == "Watch for changes")
    assert entry.isEnabled()
    entry.trigger()
    menu.close()


def tip(driver: Driver) -> str:
    model = driver.page().column.sources.model
    return str(model.index(0).data(Qt.ItemDataRole.ToolTipRole)).splitlines()[-1]


def test_switched_off_nothing_happens(driver: Driver, qtbot: QtBot, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    assert tip(driver) == "Watched: what changes in it is taken over at once"
    switch(driver)
    number = driver.session.sources()[0].id
    driver.until(lambda: driver.session.watching.is_off(number))
    assert driver.state is None
    driver.until(lambda: len(set(threading.enumerate()) & before) < len(before))
    assert tip(driver) == "Not watched: scan it again after changes"
    write_images(driver.folder, count=3, classes=("ash",))
    driver.session.add_source(write_images(tmp_path / "other", count=2))  # watched, so that there is an end to wait for
    driver.until(lambda: driver.scans and driver.scans[-1].is_over)
    assert [Path(job.path).name for job in driver.scans] == ["other"]
    assert driver.images() == 16
    driver.session.watching.switch(number, True)
    driver.until(lambda: driver.images() == 19)


def test_the_switch_is_kept(driver: Driver) -> None:
    number = driver.session.sources()[0].id
    driver.session.watching.switch(number, False)
    driver.until(lambda: driver.session.watching.is_off(number))
    assert driver.session.project
    folder = driver.session.project.folder
    driver.session.close_project()
    write_images(driver.folder, count=1, classes=("ash",))
    driver.session.open_project(folder)
    driver.until(lambda: driver.session.watching.is_off(number))
    assert not driver.scans


def test_what_changed_while_the_project_was_closed(driver: Driver) -> None:
    assert driver.session.project
    folder = driver.session.project.folder
    driver.session.close_project()
    write_images(driver.folder, count=1, classes=("ash",))
    driver.session.open_project(folder)
    driver.until(lambda: driver.images() == 13)


def test_the_scan_that_a_person_asks_for_comes_first(driver: Driver, qtbot: QtBot) -> None:
    together: list[int] = []
    jobs = driver.session.runner
    driver.session.job_started.connect(
        lambda: together.append(sum(isinstance(job, ScanJob | CatchUpJob) and not ended(job) for job in jobs.jobs))
    )
    started: list[Job] = []

    def ask(_job: CatchUpJob) -> None:
        if not started:  # just begun by the watch
            started.append(driver.session.rescan(driver.session.sources()[0].id))

    driver.session.watching.began.connect(ask)
    write_images(driver.folder, count=1, classes=("ash",))
    driver.until(lambda: started and started[0].is_over)
    driver.until(lambda: len(driver.scans) == 2 and driver.scans[1].is_over)
    assert driver.scans[0].state == "cancelled"
    assert max(together) == 1
    assert driver.images() == 13


def ended(job: Job) -> bool:
    """Whether it was told to end, or has."""
    return job.is_over or job.state == "cancelling"


def test_a_source_that_goes_offline_and_comes_back(driver: Driver, tmp_path: Path) -> None:
    page = driver.page()
    away = tmp_path / "away"
    os.rename(driver.folder, away)
    driver.until(lambda: driver.state is WatchState.OFFLINE)
    driver.until(lambda: page.state and not page.state.sources[0].online)
    assert driver.images() == 12
    write_images(away, count=1, classes=("ash",))
    os.rename(away, driver.folder)
    driver.until(lambda: driver.images() == 13)
    driver.until(lambda: page.state and page.state.sources[0].online)
    assert driver.state is WatchState.LISTENING
    assert not driver.messages


def test_closing_leaves_no_thread(qtbot: QtBot, bare: Driver) -> None:
    before = set(threading.enumerate())
    bare.session.add_source(bare.folder)
    bare.until(lambda: bare.images() == 12)
    bare.rest()
    assert {thread.name for thread in set(threading.enumerate()) - before} >= {"watch"}
    bare.session.close_project()
    left = [one for one in set(threading.enumerate()) - before if one.name == "watch" or "notify" in type(one).__name__]
    assert left == []


def test_a_project_that_can_only_be_read_is_not_watched(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver.session.project
    folder = driver.session.project.folder
    driver.session.close_project()
    monkeypatch.setattr(Project, "read_only", True)
    driver.session.open_project(folder)
    page = driver.page()
    page.column.sources.list.customContextMenuRequested.emit(QPoint(5, 5))
    assert not page.watch.action.isEnabled()
    assert driver.state is None
    assert not driver.scans


@pytest.fixture
def without_window(session: Session, folder: Path, tmp_path: Path) -> Iterator[Session]:
    session.new_project(tmp_path / "garden")
    session.add_source(folder)
    yield session


def test_without_a_window_nothing_is_watched(qtbot: QtBot, without_window: Session) -> None:
    qtbot.waitUntil(lambda: without_window.totals().images == 12, timeout=LATE)
    qtbot.waitUntil(lambda: not without_window.runner.jobs, timeout=LATE)
    assert "watch" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("state", [WatchState.NETWORK, WatchState.LIMIT, WatchState.UNABLE])
def test_why_a_source_is_only_looked_at_from_time_to_time(state: WatchState) -> None:
    assert "every 5 minutes" in state_in_words(state)
