"""Images on a drive that is away, on the pages of health and of predictions."""

import shutil
from contextlib import closing
from pathlib import Path

from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.project import Project
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.pages.health_page import HealthPage
from imgmine_gui.gui.widgets.predictions.browser import Browser
from tests.gui.health.conftest import LATE, settle
from tests.gui.predictions.made_up import made_up_rows


def test_health_says_of_a_drive_that_it_is_away_and_forgets_it_with_the_project(
    fresh: HealthPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    fresh.show_kind(FindingKind.EXACT)
    settle(qtbot, fresh)
    path = str(tmp_path / "images" / "cat" / "01.png")
    assert not any(loader.is_offline(path) for loader in fresh._loaders)
    shutil.move(tmp_path / "images", tmp_path / "away")
    session.whereabouts.look()
    qtbot.waitUntil(lambda: all(loader.is_offline(path) for loader in fresh._loaders), timeout=LATE)
    shutil.move(tmp_path / "away", tmp_path / "images")
    session.whereabouts.look()
    qtbot.waitUntil(lambda: not any(loader.is_offline(path) for loader in fresh._loaders), timeout=LATE)
    fresh._loaders[0].set_offline([str(tmp_path / "images")])
    session.close_project()
    assert not fresh._loaders[0].is_offline(path)


def test_an_image_that_health_cannot_show_has_its_source_looked_at(
    fresh: HealthPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "images", tmp_path / "away")
    shutil.rmtree(tmp_path / "pets.imgmine" / "cache" / "thumbnails", ignore_errors=True)
    fresh.zoom(40)
    fresh.show_kind(FindingKind.EXACT)
    path = str(tmp_path / "images" / "cat" / "01.png")
    qtbot.waitUntil(lambda: fresh._loaders[0].is_offline(path), timeout=LATE)
    assert session.totals().unreadable == 0, "none of them counts as damaged"


def test_predictions_ask_again_once_the_drive_is_there(
    session: Session, qtbot: QtBot, tmp_path: Path, stack: QUndoStack
) -> None:
    browser = Browser(session)
    qtbot.addWidget(browser)
    browser.resize(1100, 700)
    with qtbot.waitExposed(browser):
        browser.show()
    (tmp_path / "fruit").mkdir()
    rows = made_up_rows(tmp_path / "fruit")
    session.new_project(tmp_path / "garden")
    session.add_source(tmp_path / "fruit")
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    path, loader = rows.table.paths[0], browser.thumbnails
    shutil.move(tmp_path / "fruit", tmp_path / "away")
    session.whereabouts.look()
    qtbot.waitUntil(lambda: loader.is_offline(path), timeout=LATE)
    browser.set_rows(rows)
    qtbot.waitUntil(lambda: bool(loader.problem(path, "")), timeout=LATE)
    assert loader.pixmap(path, "", 128) is None
    shutil.move(tmp_path / "away", tmp_path / "fruit")
    session.whereabouts.look()
    qtbot.waitUntil(lambda: loader.pixmap(path, "", 128) is not None, timeout=LATE)


def test_a_project_that_can_only_be_read_tells_of_a_drive_that_is_away(
    fresh: HealthPage, session: Session, qtbot: QtBot, tmp_path: Path, stack: QUndoStack
) -> None:
    path = str(tmp_path / "images" / "cat" / "01.png")
    folder = tmp_path / "pets.imgmine"
    session.close_project()
    with closing(Project.open(folder)) as elsewhere:
        session.open_project(folder)
        assert session.project is not None and session.project.read_only
        data = DataPage(session, stack)
        qtbot.addWidget(data)
        qtbot.waitUntil(lambda: data.state is not None, timeout=LATE)
        assert not data.finding.notices.notices
        shutil.move(tmp_path / "images", tmp_path / "away")
        session.whereabouts.look()
        loaders = [*fresh._loaders, *data._loaders]
        qtbot.waitUntil(lambda: all(loader.is_offline(path) for loader in loaders), timeout=LATE)
        (notice,) = data.finding.notices.notices.values()
        assert "is not there" in notice.text.text() and not notice.find_folder.isEnabled()
        assert elsewhere.catalogue.sources()[0].online, "nothing was written"
        shutil.move(tmp_path / "away", tmp_path / "images")
        session.whereabouts.look()
        qtbot.waitUntil(lambda: not any(loader.is_offline(path) for loader in loaders), timeout=LATE)
        assert not data.finding.notices.notices
        session.close_project()


def test_a_project_that_can_only_be_read_is_not_called_sound_before_it_is_measured(
    fresh: HealthPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "pets.imgmine"
    session.close_project()
    with closing(Project.open(folder)):
        session.open_project(folder)
        fresh.show_kind(FindingKind.BLURRED)
        qtbot.waitUntil(lambda: fresh.middle.currentWidget() is fresh.unmeasured, timeout=LATE)
        assert not fresh.unmeasured.button.isEnabled()
        assert "reading only" in fresh.unmeasured.button.toolTip()
        session.close_project()
