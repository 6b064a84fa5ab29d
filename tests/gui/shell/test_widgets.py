import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.text import N_
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.jobs_strip import JobsStrip
from imgmine_gui.gui.widgets.message_bar import MessageBar
from imgmine_gui.gui.widgets.mosaic import mosaic, project_pictures, sample_pictures
from imgmine_gui.gui.widgets.progress_line import ProgressLine
from imgmine_gui.gui.widgets.section import Section
from imgmine_gui.gui.widgets.side_panel import SidePanel


def test_an_empty_page_invites(qtbot: QtBot) -> None:
    empty = EmptyState("image", N_("Add a folder of images."), N_("Add folder…"))
    qtbot.addWidget(empty)
    empty.show()
    assert empty.sentence.text() == "Add a folder of images."
    with qtbot.waitSignal(empty.triggered):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    bare = EmptyState("image", N_("Nothing here."))
    qtbot.addWidget(bare)
    bare.show()
    assert not bare.button.isVisible()


def test_a_message_with_an_offer(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("The run was deleted.", severity=Severity.INFORMATION)
    done: list[bool] = []
    bar.offer("Undo").clicked.connect(lambda: done.append(True))
    assert bar.action.isVisible()
    assert bar.action.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.mouseClick(bar.action, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert not bar.isVisible()
    bar.show_message("Another.", "Do it.")
    assert not bar.action.isVisible()
    assert bar.text.text() == "Another. Do it."


@pytest.mark.parametrize("severity", list(Severity))
def test_a_message_says_how_much_it_matters(qtbot: QtBot, severity: Severity) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("Words.", severity=severity)
    assert bar.accessibleName() == severity.value.capitalize()
    with qtbot.waitSignal(bar.closed):
        qtbot.keyClick(bar.close_button, Qt.Key.Key_Space)


def test_a_panel_collapses_and_comes_back(qtbot: QtBot) -> None:
    inside = QLabel("details")
    panel = SidePanel(N_("Details"), inside)
    qtbot.addWidget(panel)
    panel.show()
    wide = panel.width()
    with qtbot.waitSignal(panel.toggled):
        qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert not panel.is_open()
    assert not inside.isVisible()
    assert panel.width() < wide / 4
    assert panel.button.accessibleName() == "Show the panel"
    panel.set_open(True)
    assert inside.isVisible()
    assert panel.width() == wide


def test_a_section_has_a_heading(qtbot: QtBot) -> None:
    section = Section(N_("Options"), QLabel("one"))
    qtbot.addWidget(section)
    section.add(QLabel("two"))
    assert section.heading.text() == "Options"
    assert [label.text() for label in section.findChildren(QLabel)] == ["Options", "one", "two"]


def test_a_line_of_progress(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    assert (line.minimum(), line.maximum()) == (0, 0)
    line.set_fraction(0.25)
    assert line.value() / line.maximum() == 0.25
    line.resize(100, 6)
    image = line.grab().toImage()
    assert image.pixelColor(10, 3) != image.pixelColor(60, 3)


def slow(go_on: threading.Event) -> object:
    def work(context: JobContext) -> str:
        context.report(PhaseStarted("Reading images", 10))
        context.report(Progress(3, 10))
        while not go_on.wait(0.01):
            check_cancelled(context)
        return "done"

    return work


def test_a_bar_follows_its_job(qtbot: QtBot, session: Session) -> None:
    go_on = threading.Event()
    job = session.runner.start(Job("scan", "Scan {folder}", {"folder": "leaves"}), slow(go_on))
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.show_job(job)
    qtbot.waitUntil(lambda: bar.phase.text() == "Scan leaves · Reading images")
    assert bar.line.value() / bar.line.maximum() == 0.3
    with qtbot.waitSignal(bar.over):
        go_on.set()
    assert not bar.isVisible()


def test_cancel_cancels(qtbot: QtBot, session: Session) -> None:
    job = session.runner.start(Job("scan", "Scan"), slow(threading.Event()))
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.show_job(job)
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert not bar.button.isEnabled()
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED)


def test_what_is_shown_where_it_is_asked_for_has_no_place_in_the_strip(qtbot: QtBot, session: Session) -> None:
    strip = JobsStrip(session)
    qtbot.addWidget(strip)
    strip.show()
    go_on = threading.Event()
    session.runner.start(Job("explain", "heatmap"), slow(go_on))
    shown = session.runner.start(Job("scan", "R&D"), slow(go_on))
    qtbot.waitUntil(strip.button.isVisible)
    assert strip.jobs() == [shown]
    assert strip.button.text() == "R&&D"
    go_on.set()
    qtbot.waitUntil(lambda: not session.runner.jobs)
    assert not strip.button.isVisible()


def test_a_quick_job_never_flashes(qtbot: QtBot, session: Session) -> None:
    strip = JobsStrip(session)
    qtbot.addWidget(strip)
    strip.show()
    go_on = threading.Event()
    go_on.set()
    job = session.runner.start(Job("scan", "quick"), slow(go_on))
    assert not strip.button.isVisible()
    qtbot.waitUntil(lambda: job.is_over)
    assert not strip.button.isVisible()


def test_pictures_of_a_sample_come_from_every_class_in_turn(folder: Path) -> None:
    names = [path.parent.name for path in sample_pictures(folder, 4)]
    assert names == ["birch", "oak", "birch", "oak"]


def test_pictures_of_a_sample_with_splits(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    folder.rename(tmp_path / "sample" / "train")
    assert len(sample_pictures(tmp_path / "sample", 100)) == 12


def test_a_project_without_thumbnails_has_no_pictures(tmp_path: Path) -> None:
    assert project_pictures(tmp_path, 6) == []


def test_a_mosaic_is_as_large_as_asked_for(qtbot: QtBot, folder: Path) -> None:
    pictures = sample_pictures(folder, 2)
    image = mosaic(pictures, 2, 1, QSize(100, 40), 2.0)
    assert (image.width(), image.height()) == (200, 80)
    assert image.pixelColor(40, 40) == QImage(str(pictures[0])).pixelColor(5, 5)
    assert image.pixelColor(160, 40) == QImage(str(pictures[1])).pixelColor(5, 5)
    assert image.pixelColor(100, 40).alpha() < 255
    assert mosaic([folder / "no.png"], 1, 1, QSize(10, 10), 1.0).pixelColor(5, 5) == QColor(0, 0, 0, 0)
