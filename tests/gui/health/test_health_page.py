"""The page of health: measuring, the list, the images, and what can be done with them and taken back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.layout import Split
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.pages.health_page import HealthPage
from imgmine_gui.gui.widgets.health.finding_list import CountRole
from tests.gui.health.conftest import LATE, picture, settle
from tests.gui.shell.visible import texts


def counts(page: HealthPage) -> dict[str, int | None]:
    """What the list says, by the kind of finding."""
    model = page.list.findings
    kinds = [row for row in model.rows if isinstance(row, FindingKind)]
    return {kind.value: model.index(model.row_of(kind)).data(CountRole) for kind in kinds}


def names(qtbot: QtBot, page: HealthPage) -> list[str]:
    """The files of the finding that is shown, once all are read."""
    images = page.images.images
    qtbot.waitUntil(lambda: all(images.image(row) is not None for row in range(images.rowCount())), timeout=LATE)
    return [images.image(row).name for row in range(images.rowCount())]  # type: ignore[union-attr]


def show(qtbot: QtBot, page: HealthPage, kind: FindingKind) -> None:
    page.list.setCurrentIndex(page.list.findings.index(page.list.findings.row_of(kind)))
    settle(qtbot, page)


def shown(page: HealthPage) -> QWidget:
    return page.images.stack.currentWidget()


def excluded(page: HealthPage) -> set[str]:
    project = page._session.project
    assert project is not None
    with project.catalogue._database.reading() as db:
        return {path.decode().split("/")[-1] for (path,) in db.execute("SELECT path FROM images WHERE excluded = 1")}


def test_without_a_project_the_page_leads_to_the_data(qtbot: QtBot, page: HealthPage) -> None:
    assert page.stack.currentWidget() is page.no_project
    with qtbot.waitSignal(page.go_to) as wanted:
        qtbot.mouseClick(page.no_project.button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["data"]


def test_before_the_measuring_it_is_offered_and_nothing_is_claimed(qtbot: QtBot, fresh: HealthPage) -> None:
    assert fresh.middle.currentWidget() is fresh.unmeasured
    assert not fresh.foot.button.isVisible()  # one button is enough
    assert counts(fresh) == {
        "exact": 3, "near": None, "across_splits": None, "across_groups": None, "other_labels": 3, "blurred": None,
        "dark": None, "bright": None, "low_information": None, "odd_size": None, "grey": None, "unreadable": 0,
    }  # fmt: skip
    show(qtbot, fresh, FindingKind.EXACT)
    assert shown(fresh) is fresh.images.groups
    assert fresh.foot.button.isVisible()
    assert sorted(names(qtbot, fresh)) == ["01.png", "another copy.png", "copy.png"]


def test_a_click_measures_and_the_findings_are_there(qtbot: QtBot, session: Session, fresh: HealthPage) -> None:
    qtbot.mouseClick(fresh.unmeasured.button, Qt.MouseButton.LeftButton)
    assert session.measuring is not None
    assert fresh.jobs.isVisible()
    assert fresh.middle.currentWidget() is not fresh.unmeasured
    assert fresh.middle.currentWidget() is fresh.underway  # that nothing was found cannot be said yet
    with pytest.raises(UserError, match="already"):
        session.measure_health()
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    settle(qtbot, fresh)
    assert fresh.middle.currentWidget() is fresh.found
    found = counts(fresh)
    assert (found["exact"], found["near"], found["other_labels"]) == (3, 2, 3)
    assert (found["blurred"], found["dark"], found["low_information"], found["unreadable"]) == (1, 1, 1, 1)
    assert not fresh.jobs.isVisible()
    assert fresh.foot.words.text() == "16 of 16 measured"
    assert not fresh.foot.button.isVisible()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FindingKind.NEAR, ["03.png", "smaller.png"]),
        (FindingKind.BLURRED, ["blurred.png"]),
        (FindingKind.DARK, ["dark.png"]),
        (FindingKind.LOW_INFORMATION, ["empty.png"]),
    ],
)
def test_a_finding_shows_its_images(qtbot: QtBot, measured: HealthPage, kind: FindingKind, expected: list[str]) -> None:
    show(qtbot, measured, kind)
    assert names(qtbot, measured) == expected
    assert measured.head.title.text() == kind.words
    grouped = kind is FindingKind.NEAR
    assert shown(measured) is (measured.images.groups if grouped else measured.images.grid)
    assert measured.head.exclude_spare.isVisible() == grouped
    assert measured.status == f"{len(expected)} image{'s' if len(expected) > 1 else ''} found"


def test_unreadable_images_are_a_list_of_reasons(qtbot: QtBot, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.UNREADABLE)
    assert shown(measured) is measured.images.problems
    qtbot.waitUntil(lambda: len(measured.images.problems.model.rows) == 1)
    assert "cut short" in measured.images.problems.model.rows[0].reason
    assert measured.images.current is None
    measured.images.problems.table.selectRow(0)
    qtbot.waitUntil(lambda: measured.details.image is not None)
    assert measured.details.image.name == "damaged.png"
    assert not measured.head.move_to.isVisible()


def test_nothing_found_is_said(qtbot: QtBot, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.ACROSS_GROUPS)
    assert shown(measured) is measured.images.nothing
    assert not measured.head.exclude.isVisible()


def test_copies_are_excluded_but_the_best_and_that_is_undone(
    qtbot: QtBot, measured: HealthPage, stack: QUndoStack, tmp_path: Path
) -> None:
    show(qtbot, measured, FindingKind.NEAR)
    assert measured.head.exclude_spare.text() == "Exclude 1 copy"
    qtbot.mouseClick(measured.head.exclude_spare, Qt.MouseButton.LeftButton)
    settle(qtbot, measured)
    assert excluded(measured) == {"smaller.png"}
    assert counts(measured)["near"] == 0
    assert (tmp_path / "images" / "cat" / "smaller.png").is_file()  # nothing is deleted
    qtbot.waitUntil(stack.canUndo)
    assert stack.undoText() == "exclude an image"
    stack.undo()
    settle(qtbot, measured)
    qtbot.waitUntil(lambda: counts(measured)["near"] == 2, timeout=LATE)
    assert excluded(measured) == set()


def test_the_selected_images_are_meant_and_all_where_none_is(qtbot: QtBot, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.EXACT)
    head, groups = measured.head, measured.images.groups
    assert head.exclude.text() == "Exclude all 3"
    groups.set_current_row(1)
    qtbot.waitUntil(lambda: head.exclude.text() == "Exclude 1 image")
    assert head.exclude_spare.text() == "Exclude 2 copies"  # of the group of the selected image
    name = names(qtbot, measured)[1]
    qtbot.mouseClick(head.exclude, Qt.MouseButton.LeftButton)
    settle(qtbot, measured)
    assert excluded(measured) == {name}
    assert counts(measured)["exact"] == 2


def test_images_are_moved_to_a_split(qtbot: QtBot, session: Session, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.EXACT)
    ids = measured.images.finding.ids
    validation = next(action for action in measured.head.move_to.menu().actions() if action.text() == "Validation")
    validation.trigger()
    settle(qtbot, measured)
    assert session.project is not None
    assert {row.split for row in session.project.catalogue.rows(ids)} == {Split.VALIDATION}
    assert set(measured.findings[FindingKind.ACROSS_SPLITS].ids).isdisjoint(ids)  # type: ignore[index]


def test_a_threshold_changes_what_is_found_and_is_kept(qtbot: QtBot, session: Session, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.BLURRED)
    rows = measured.head.form.rows
    assert [name for name, row in rows.items() if row.isVisible()] == ["sharpness"]
    rows["sharpness"].editor.set_value(1.0)
    rows["sharpness"].editor.changed.emit()
    qtbot.waitUntil(lambda: (counts(measured)["blurred"] or 0) > 4, timeout=LATE)
    assert session.project is not None
    qtbot.waitUntil(lambda: session.project.catalogue.health.thresholds().sharpness == 1.0)
    measured._open()
    assert measured.head.form.options() == HealthThresholds(sharpness=1.0)


def test_new_images_are_offered_to_be_measured(
    qtbot: QtBot, session: Session, measured: HealthPage, tmp_path: Path
) -> None:
    picture(40).save(tmp_path / "images" / "cat" / "new.png")
    session.rescan(1)
    qtbot.waitUntil(measured.foot.button.isVisible, timeout=LATE)
    assert measured.foot.button.text() == "Measure 1 image"
    qtbot.mouseClick(measured.foot.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.runner.jobs and not measured.foot.button.isVisible(), timeout=LATE)


def test_the_selected_image_and_its_measures(qtbot: QtBot, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.LOW_INFORMATION)
    measured.images.grid.set_current_row(0)
    qtbot.waitUntil(lambda: measured.measures.isVisible() and measured.measures.values["contrast"].text() == "0")
    assert measured.details.image is not None and measured.details.image.name == "empty.png"
    assert measured.measures.values["entropy"].text() == "0 bits"
    assert measured.status == "1 image found, 1 selected"


def test_an_image_is_looked_at_large(qtbot: QtBot, measured: HealthPage) -> None:
    show(qtbot, measured, FindingKind.NEAR)
    measured.images.groups.set_current_row(0)
    measured.images.groups.setFocus()
    qtbot.keyClick(measured.images.groups, Qt.Key.Key_Return)
    assert shown(measured) is measured.images.large
    qtbot.waitUntil(lambda: measured.images.large.image is not None)
    qtbot.keyClick(measured.images.large, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: measured.images.large.name.text() == "smaller.png")
    qtbot.keyClick(measured.images.large, Qt.Key.Key_Escape)
    assert shown(measured) is measured.images.groups
    assert measured.images.groups.current_row == 1


def test_cancelling_keeps_what_was_measured(
    qtbot: QtBot, session: Session, fresh: HealthPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgmine_gui.core.project.health.job.CHUNK", 3)
    fresh.measure()
    job = session.measuring
    assert job is not None
    job.events.connect(lambda _events: job.cancel())
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    settle(qtbot, fresh)
    assert session.project is not None
    before = session.project.catalogue.health.state().measured
    fresh.measure()
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    assert session.project.catalogue.health.state().left == 0
    assert 0 <= before <= 16


def test_a_project_for_reading_only_can_be_looked_at(
    qtbot: QtBot, session: Session, measured: HealthPage, told: list[Message], tmp_path: Path
) -> None:
    from imgmine_gui.core.project.project import Project

    folder = session.project.folder  # type: ignore[union-attr]
    session.close_project()
    other = Project.open(folder)
    try:
        session.open_project(folder)
        settle(qtbot, measured)
        show(qtbot, measured, FindingKind.NEAR)
        assert counts(measured)["near"] == 2
        assert not measured.head.exclude.isEnabled()
        assert "reading only" in measured.head.exclude.toolTip()
        measured.head.exclude_wanted.emit(measured.images.finding.ids)
        qtbot.waitUntil(lambda: any("reading only" in message.text for message in told))
    finally:
        session.close_project()
        other.close()


def test_it_is_said_in_chinese(qtbot: QtBot, measured: HealthPage) -> None:
    before = {text for _, text in texts(measured.head)} | {text for _, text in texts(measured.foot)}
    apply_language("zh_CN")
    after = {text for _, text in texts(measured.head)} | {text for _, text in texts(measured.foot)}
    assert not {text for text in before & after if any(letter.isascii() and letter.isalpha() for letter in text)}


def test_what_changed_elsewhere_is_seen_when_the_page_comes_to_the_front(
    qtbot: QtBot, session: Session, measured: HealthPage
) -> None:
    measured.hide()
    assert session.project is not None
    catalogue = session.project.catalogue
    catalogue.edits.set_excluded(list(catalogue.ids(ImageQuery())), True)
    session.data_changed.emit()
    measured.show()
    measured.shown()
    qtbot.waitUntil(lambda: counts(measured)["exact"] == 0, timeout=LATE)
