"""The quick check through the real engine: what it shows, what stands in its way, and what it keeps."""

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.pages.quick_check_page import CURVE, QuickCheckPage
from imgmine_gui.gui.widgets.job_bar import JobBar
from tests.gui.quick_check.conftest import IMAGES, LATE, check, open_project, write_images
from tests.gui.shell.visible import texts

LEFT = Qt.MouseButton.LeftButton


def test_without_a_project_the_page_leads_to_the_data(qtbot: QtBot, page: QuickCheckPage) -> None:
    assert page.stack.currentWidget() is page.no_project
    with qtbot.waitSignal(page.go_to) as wanted:
        qtbot.mouseClick(page.no_project.button, LEFT)
    assert wanted.args == ["data"]


def test_a_click_cross_validates_and_says_it_in_words(qtbot: QtBot, session: Session, project: QuickCheckPage) -> None:
    page, view = project, project.folds
    invitation = page.invitations[0]
    assert page.body.currentWidget() is invitation
    assert page.bar.line.text() == "16 labelled images in 2 classes, 8 in each; test images are left out."
    assert page.foot.words.text() == "No features are kept yet: the first check computes them."
    qtbot.mouseClick(invitation.button, LEFT)
    job = session.quick_check
    assert job is not None
    assert page.jobs.isVisible()
    assert not invitation.button.isEnabled()
    assert "is kept with the project" in page.bar.line.text()
    phases: set[str] = set()
    job.progressed.connect(lambda: phases.add(job.phase))
    qtbot.waitUntil(lambda: page.body.currentWidget() is view, timeout=LATE)
    assert {"Computing features", "Cross-validating"} <= phases
    result = view.result
    assert result is not None
    assert result.found.accuracy.mean == pytest.approx(1 - 1 / (2 * IMAGES), abs=0.04)  # one label is wrong
    assert view.figure.text().endswith(" %")
    assert "(95% interval)" in view.interval.text()
    assert "Your 16 images were divided into 5 parts." in view.meaning.text()
    assert view.table.scores.rowCount() == 2
    how = view.how.text()
    for words in ("EfficientNet-Lite0", "Nadeau and Bengio", "Northcutt", "features of 16 images were computed"):
        assert words in how
    qtbot.waitUntil(lambda: page.foot.words.text().startswith("Features of 16 images are kept"), timeout=LATE)


def test_the_second_check_reads_what_was_kept_and_clear_forgets_it(qtbot: QtBot, project: QuickCheckPage) -> None:
    page = project
    check(qtbot, page)
    check(qtbot, page)
    assert page.folds.result is not None
    assert page.folds.result.images.computed == 0
    assert "were computed" not in page.folds.how.text()
    page.foot.limit.setValue(1.5)
    qtbot.waitUntil(lambda: page._session.kept_features().limit == 1_500_000_000, timeout=LATE)
    qtbot.mouseClick(page.foot.clear, LEFT)
    qtbot.waitUntil(lambda: not page.foot.clear.isEnabled(), timeout=LATE)
    kept = page._session.kept_features()
    assert (kept.entries, kept.size, kept.limit) == (0, 0, 1_500_000_000)


def test_the_learning_curve_is_read_by_keys_copied_and_exported(
    qtbot: QtBot, session: Session, project: QuickCheckPage, tmp_path: Path, told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page, view = project, project.curve
    qtbot.mouseClick(page.bar.switch[CURVE], LEFT)
    assert page.body.currentWidget() is page.invitations[CURVE]
    check(qtbot, page)
    assert page.body.currentWidget() is view
    assert view.result is not None
    points = view.result.found.points
    assert "With twice the 8 images a class" in view.meaning.text()
    assert view.verdict.text()
    assert "Cortes et al. 1993" in view.how.text()
    assert {name.split("  ")[0] for name in view.plot.names()} == {"Twice as many", "All images"}
    view.frame.setFocus()
    qtbot.keyClick(view.frame, Qt.Key.Key_Home)
    assert view.reading.text().startswith("Measured with 2 images a class")
    qtbot.keyClick(view.frame, Qt.Key.Key_Right)
    assert view.reading.text().startswith(f"Measured with {points[1].images_a_class:.3g} images a class")
    qtbot.mouseClick(view.copy, LEFT)
    copied = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    assert [float(row["accuracy"]) for row in copied[:-2]] == pytest.approx([one.accuracy.mean for one in points])
    assert (copied[-1]["kind"], copied[-1]["images_a_class"]) == ("expected", "16")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "curve"), ""))
    qtbot.mouseClick(view.export, LEFT)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "curve.csv").read_text())))
    assert rows == copied
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].text == f"The learning curve is in {tmp_path / 'curve.csv'}."


def test_one_check_runs_at_a_time_and_can_be_cancelled(qtbot: QtBot, session: Session, project: QuickCheckPage) -> None:
    project.start()
    job = session.quick_check
    assert job is not None
    with pytest.raises(UserError, match="already"):
        session.learning_curve(5)
    (bar,) = project.jobs.bars.values()
    assert isinstance(bar, JobBar)
    qtbot.mouseClick(bar.button, LEFT)
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert job.state is JobState.CANCELLED
    assert project.body.currentWidget() is project.invitations[0]
    qtbot.waitUntil(project.invitations[0].button.isEnabled, timeout=LATE)
    assert not project.jobs.isVisible()


def test_what_stands_in_the_way_is_said_before(
    qtbot: QtBot, session: Session, page: QuickCheckPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_project(qtbot, session, page, write_images(tmp_path / "pictures", bright=4))
    button, line = page.invitations[0].button, page.bar.line
    assert not button.isEnabled()
    assert "“bright” has 4 images outside the test images, fewer than there are parts: 5." in line.text()
    assert button.toolTip() == line.text()
    page.start()
    assert session.quick_check is None
    page.bar.folds.setValue(4)
    assert button.isEnabled()
    assert line.text().startswith("12 labelled images")
    training = Job("train", "Training")
    monkeypatch.setattr(type(session), "training_job", property(lambda _: training))
    session.runner.changed.emit()
    assert not button.isEnabled()
    assert "A training is running" in button.toolTip()


def test_a_source_that_is_not_there_is_said_before(
    qtbot: QtBot, session: Session, project: QuickCheckPage, tmp_path: Path
) -> None:
    (tmp_path / "pictures").rename(tmp_path / "away")
    session.whereabouts.look()
    qtbot.waitUntil(lambda: "is not there" in project.bar.line.text(), timeout=LATE)
    assert not project.invitations[0].button.isEnabled()


def test_a_changed_label_makes_the_check_an_old_one(qtbot: QtBot, session: Session, project: QuickCheckPage) -> None:
    check(qtbot, project)
    assert "check again" not in project.bar.line.text()
    assert session.project is not None
    row = session.project.catalogue.page(ImageQuery(label="bright"), None, 1)[0]
    dark = next(one.id for one in session.project.catalogue.classes() if one.name == "dark")
    session.labelling.apply(lambda edits: edits.label([row.id], dark), 1)
    qtbot.waitUntil(lambda: "check again" in project.bar.line.text(), timeout=LATE)


def test_it_works_in_a_project_that_can_only_be_read(
    qtbot: QtBot, session: Session, project: QuickCheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.project is not None
    monkeypatch.setattr(type(session.project), "read_only", property(lambda _: True))
    blocker = session.project.cache_folder / "features"
    blocker.write_text("nothing can be written here")
    check(qtbot, project)
    assert project.folds.result is not None
    assert session.kept_features().entries == 16


def test_another_project_forgets_what_was_found(
    qtbot: QtBot, session: Session, project: QuickCheckPage, tmp_path: Path
) -> None:
    check(qtbot, project)
    assert project.body.currentWidget() is project.folds
    open_project(qtbot, session, project, write_images(tmp_path / "others", 6, 6))
    assert project.body.currentWidget() is project.invitations[0]


def test_doubted_images_are_shown_on_the_page_of_data(
    qtbot: QtBot, session: Session, window: MainWindow, tmp_path: Path
) -> None:
    page = window.go("quick_check")
    assert isinstance(page, QuickCheckPage)
    open_project(qtbot, session, page, write_images(tmp_path / "pictures"))
    check(qtbot, page)
    assert page.folds.result is not None
    assert [Path(page.folds.result.images.classes[one]).name for one in page.folds.result.doubted.suggested] == ["dark"]
    assert page.folds.show_doubted.text() == "Show 1 doubted image"
    qtbot.mouseClick(page.folds.show_doubted, LEFT)
    data = window.book.current
    assert isinstance(data, DataPage)
    qtbot.waitUntil(lambda: data.gallery.shown == 1 and data.gallery.images.image(0) is not None, timeout=LATE)
    assert data.gallery.images.image(0).name == "3.png"  # type: ignore[union-attr]
    kind = data.gallery.bar.kind
    assert kind.currentText() == "Doubted labels"
    kind.setCurrentIndex(0)
    kind.activated.emit(0)
    qtbot.waitUntil(lambda: data.gallery.shown == 18, timeout=LATE)
    assert kind.findText("Doubted labels") < 0
    window.go("quick_check")
    matrix = page.folds.matrix
    dark_as_bright = (1, 0)
    matrix.choose(dark_as_bright)
    assert window.book.current is page  # there is none
    matrix.choose((1, 1))
    assert window.book.current is data
    qtbot.waitUntil(lambda: data.gallery.shown == IMAGES, timeout=LATE)
    assert kind.currentText() == "From the quick check"


def test_everything_is_said_in_chinese_and_both_themes(qtbot: QtBot, project: QuickCheckPage) -> None:
    check(qtbot, project)
    project.bar.switch[CURVE].click()
    check(qtbot, project)
    apply_language("zh_CN")
    apply_theme("dark")
    shown = "".join(text for _, text in texts(project))
    project.bar.switch[0].click()
    shown += "".join(text for _, text in texts(project))
    for english in ("images", "accuracy", "Part", "network", "learning", "kept"):
        assert english not in shown, english
