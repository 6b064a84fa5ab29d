"""Live training through the page of data: a real engine, real features, small images."""

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.live_worker import LiveSaid
from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import Catalogue, ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.text import tr
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.item_models.roles import PredictionRole
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.widgets.data.filters import LIVE
from imgmine_gui.gui.widgets.data.live_panel import LivePanel, in_words
from tests.gui.app.small_images import write_images
from tests.gui.data.drive import add, names, settle, until

DARK, LIGHT = 10, 12
UNLABELLED = 4


@pytest.fixture
def shades(qtbot: QtBot, page: DataPage, tmp_path: Path) -> DataPage:
    """Dark and light images with labels, and some light ones without."""
    write_images(tmp_path / "shades", count=DARK, classes=("dark",))
    write_images(tmp_path / "brighter", count=LIGHT + UNLABELLED, classes=("dark", "light"))
    (tmp_path / "brighter" / "light").rename(tmp_path / "shades" / "light")
    more = tmp_path / "more"
    more.mkdir()
    for path in sorted((tmp_path / "shades" / "light").iterdir())[LIGHT:]:
        path.rename(more / path.name)
    add(qtbot, page, tmp_path / "shades")
    add(qtbot, page, more)
    return page


def panel_of(page: DataPage) -> LivePanel:
    panel = page.findChild(LivePanel)
    assert isinstance(panel, LivePanel)
    return panel


def catalogue_of(page: DataPage) -> Catalogue:
    project = page._session.project
    assert project is not None
    return project.catalogue


def complete(page: DataPage) -> bool:
    said = page.live.said
    return said is not None and said.covered == said.chosen > 0 and page.live.job is None


def turn_on(qtbot: QtBot, page: DataPage) -> LiveSaid:
    panel_of(page).switch.click()
    until(qtbot, lambda: complete(page))
    assert page.live.said is not None
    return page.live.said


def said_that(qtbot: QtBot, page: DataPage, meets: Callable[[LiveSaid], object]) -> LiveSaid:
    """What the head says once it meets a condition."""
    until(qtbot, lambda: page.live.said is not None and meets(page.live.said))
    assert page.live.said is not None
    return page.live.said


def confidence(said: LiveSaid, key: str) -> float:
    return dict(zip(said.predictions.keys, said.predictions.confidence, strict=True))[key]


def shown(page: DataPage) -> dict[str, object]:
    """What the grid says is predicted of each image that is read, by its path."""
    images = page.gallery.images
    read = [(images.image(row), images.index(row, 0).data(PredictionRole)) for row in range(images.rowCount())]
    return {image.path: said for image, said in read if image is not None}


def unlabelled(page: DataPage) -> list[str]:
    return [row.path for row in catalogue_of(page).page(ImageQuery(unlabelled=True), None, -1)]


def test_every_image_shows_what_is_learned_from_the_labels(shades: DataPage, qtbot: QtBot) -> None:
    assert not shades.live.is_on
    assert names(qtbot, shades)
    assert not any(shown(shades).values())
    said = turn_on(qtbot, shades)
    assert (said.classes, said.covered) == (2, DARK + LIGHT + UNLABELLED)
    until(qtbot, lambda: shades.filters.run == LIVE)
    until(qtbot, lambda: len(shown(shades)) == DARK + LIGHT + UNLABELLED and all(shown(shades).values()))
    predicted = shown(shades)
    assert {predicted[path][0] for path in unlabelled(shades)} == {"light"}  # type: ignore[index]
    assert {predicted[path][2] for path in unlabelled(shades)} == {"neutral"}  # type: ignore[index]
    labelled = [badge for path, badge in predicted.items() if path not in unlabelled(shades)]
    assert {badge[:1] + badge[2:3] for badge in labelled} == {("", "good")}  # type: ignore[index]
    words = panel_of(shades).words.text()
    assert f"Right on 100 % of {said.judged} validation images" in words
    assert f"Learned from {said.learned} images" in words
    assert said.learned + said.judged < DARK + LIGHT, "test images are neither"
    shades.gallery.grid.set_current_row(0)
    until(qtbot, lambda: shades.details.values["prediction"].text().startswith("dark"))


def test_a_new_label_changes_what_is_said_and_the_least_certain_come_first(shades: DataPage, qtbot: QtBot) -> None:
    before = turn_on(qtbot, shades)
    until(qtbot, lambda: shades.filters.run == LIVE)
    shades.filters.set(unlabelled=True)
    shades.filters.sort(ImageOrder(SortBy.CONFIDENCE))
    catalogue = catalogue_of(shades)
    wanted = catalogue.ids(shades.filters.readable, shades.filters.order)
    assert len(wanted) == UNLABELLED
    until(qtbot, lambda: shades.gallery.images.ids == wanted)
    sure = dict(zip(before.predictions.keys, before.predictions.confidence, strict=True))
    order = [sure[row.key] for row in catalogue.rows(wanted)]
    assert order == sorted(order)
    first = wanted[0]
    dark = next(one.id for one in shades.gallery.edits.classes if one.name == "dark")
    shades.gallery.edits.label(dark, [first])
    key = catalogue.rows([first])[0].key
    said_that(qtbot, shades, lambda said: said.learned + said.judged != before.learned + before.judged)
    assert confidence(shades.live.said, key) != pytest.approx(sure[key])  # type: ignore[arg-type]
    until(qtbot, lambda: first not in shades.gallery.images.ids)
    shades.labelling.undo()
    said_that(qtbot, shades, lambda said: said.learned + said.judged == before.learned + before.judged)


def test_renamed_classes_are_followed_and_deleted_ones_go(shades: DataPage, qtbot: QtBot) -> None:
    turn_on(qtbot, shades)
    until(qtbot, lambda: shades.filters.run == LIVE)
    shades.filters.set(predicted="light")
    dark, light = (one.id for one in shades.gallery.edits.classes)
    shades.gallery.edits.of_classes(lambda edits: edits.rename_class(light, "bright"))
    said_that(qtbot, shades, lambda said: set(said.predictions.classes) == {"dark", "bright"})
    until(qtbot, lambda: shades.filters.query.predicted == "bright")
    until(qtbot, lambda: shades.gallery.images.rowCount() == LIGHT + UNLABELLED)
    shades.gallery.edits.of_classes(lambda edits: edits.delete_class(dark))
    said_that(qtbot, shades, lambda said: not said.predictions.keys)
    until(qtbot, lambda: "at least two classes" in panel_of(shades).words.text())
    until(qtbot, lambda: not shades.filters.run and shades.filters.query.predicted is None)
    apply_language("zh_CN")
    assert tr("Label images of at least two classes, and it learns from them.") in panel_of(shades).words.text()
    assert panel_of(shades).words.text().startswith("请")


def test_it_is_remembered_and_leaves_nothing_behind(
    shades: DataPage, session: Session, stack: QUndoStack, qtbot: QtBot, tmp_path: Path
) -> None:
    turn_on(qtbot, shades)
    pid = shades.live.engine_pid
    assert pid is not None and psutil.pid_exists(pid)
    folder = session.project.folder  # type: ignore[union-attr]
    session.close_project()
    assert not any(thread.name == "live-training" for thread in threading.enumerate())
    until(qtbot, lambda: not psutil.pid_exists(pid))
    assert not shades.live.is_on and shades.live.said is None
    session.new_project(tmp_path / "other")
    assert not shades.live.is_on
    session.open_project(folder)
    assert shades.live.is_on and panel_of(shades).switch.isChecked()
    until(qtbot, lambda: complete(shades))
    panel_of(shades).switch.click()
    until(qtbot, lambda: not shades.filters.run)
    session.close_project()
    session.open_project(folder)
    assert not shades.live.is_on


def test_the_look_at_the_images_can_be_cancelled_and_gone_on_with(shades: DataPage, qtbot: QtBot) -> None:
    panel = panel_of(shades)
    panel.switch.click()
    until(qtbot, lambda: shades.live.job)
    panel.button.click()
    until(qtbot, lambda: shades.live.is_held and shades.live.job is None)
    assert panel.left.text() == "Stopped"
    panel.button.click()
    until(qtbot, lambda: complete(shades))
    assert not panel._row.isVisible()


def test_kept_features_serve_while_a_source_is_offline_and_nothing_can_be_written(
    shades: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    turn_on(qtbot, shades)
    panel_of(shades).switch.click()
    catalogue = catalogue_of(shades)
    (tmp_path / "shades").rename(tmp_path / "away")
    catalogue.places.look(Lookout())
    catalogue._database.read_only = True
    said = turn_on(qtbot, shades)
    assert said.covered == DARK + LIGHT + UNLABELLED
    until(qtbot, lambda: shades.filters.run == LIVE)
    catalogue._database.read_only = False
    settle(qtbot, shades)


def test_images_of_a_source_that_is_not_there_are_not_waited_for(
    shades: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    catalogue = catalogue_of(shades)
    (tmp_path / "more").rename(tmp_path / "away")
    catalogue.places.look(Lookout())
    panel_of(shades).switch.click()
    until(qtbot, lambda: shades.live.said and shades.live.said.covered == DARK + LIGHT and not shades.live.job)
    said = shades.live.said
    assert said is not None and said.missing == ()
    assert f"{DARK + LIGHT} of {DARK + LIGHT + UNLABELLED} images looked at" in in_words(said, False)
    (tmp_path / "away").rename(tmp_path / "more")
    catalogue.places.look(Lookout())
    shades._session.data_changed.emit()
    until(qtbot, lambda: complete(shades))
