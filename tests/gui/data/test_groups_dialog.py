"""Groups from paths, through the button, the dialog and undo."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.text import tr
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs.groups_dialog import GroupsDialog
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.app.small_images import write_images
from tests.gui.data.drive import add, settle, until
from tests.gui.shell.test_names import nameless

PLANTS, LEAVES = 3, 4


@pytest.fixture
def plants(qtbot: QtBot, page: DataPage, tmp_path: Path) -> DataPage:
    """Twelve images of three plants, and one of none."""
    folder = write_images(tmp_path / "leaves", count=PLANTS * LEAVES + 1, size=20, classes=("leaf",))
    for number, path in enumerate(sorted((folder / "leaf").iterdir())):
        plant = number // LEAVES
        path.rename(path.with_name(f"p{plant}_{number:02}.png" if plant < PLANTS else "other.png"))
    add(qtbot, page, folder)
    return page


def open_dialog(qtbot: QtBot, page: DataPage) -> GroupsDialog:
    """Press the button; what the suggested pattern finds is there."""
    qtbot.mouseClick(page.column.split.groups, Qt.MouseButton.LeftButton)
    dialog = page.window().findChild(GroupsDialog)
    assert isinstance(dialog, GroupsDialog)
    until(qtbot, lambda: dialog.found is not None)
    return dialog


def try_pattern(qtbot: QtBot, dialog: GroupsDialog, pattern: str) -> None:
    dialog.pattern.setEditText(pattern)
    assert not dialog.take.isEnabled(), "before it is tried"
    until(qtbot, lambda: dialog.found is not None)


def groups(page: DataPage) -> list[str]:
    project = page._session.project
    assert project is not None
    rows = project.catalogue.rows(project.catalogue.ids(ImageQuery()))
    return [row.group or "" for row in sorted(rows, key=lambda row: row.name)]


def test_a_preview_then_the_groups_then_undo(plants: DataPage, qtbot: QtBot, told: list[Message]) -> None:
    dialog = open_dialog(qtbot, plants)
    assert dialog.pattern.currentText() == "**/{group}_*", "the first one that finds groups"
    assert dialog.take.isEnabled()
    try_pattern(qtbot, dialog, "{group}/*")
    assert "all in one group" in dialog.words.text()
    try_pattern(qtbot, dialog, "**/{group}_*")
    assert (
        dialog.words.text()
        == "The pattern fits 12 of 13 images, in 3 groups. The others keep the group that they have."
    )
    assert dialog.examples.rows == [
        *((f"leaf/p{plant}_{plant * LEAVES:02}.png", f"p{plant}") for plant in range(PLANTS)),
        ("leaf/other.png", "–"),
    ]
    assert set(groups(plants)) == {""}
    with qtbot.waitSignal(dialog.accepted):
        dialog.take.click()
    expected = ["", *(f"p{plant}" for plant in range(PLANTS) for _ in range(LEAVES))]
    assert groups(plants) == expected
    until(qtbot, lambda: "12 images were put into their groups." in [message.text for message in told])
    until(qtbot, plants.history._stack.canUndo)
    plants.history._stack.undo()
    settle(qtbot, plants)
    assert set(groups(plants)) == {""}


def test_only_the_selected_images_are_grouped(plants: DataPage, qtbot: QtBot) -> None:
    dialog = open_dialog(qtbot, plants)
    assert not dialog.only_selected.isVisible(), "none is selected"
    dialog.reject()
    until(qtbot, lambda: plants.window().findChild(GroupsDialog) is None)
    plants.gallery.grid.selectAll()
    until(qtbot, lambda: len(plants.gallery.selected_ids()) == PLANTS * LEAVES + 1)
    chosen = list(plants.gallery.selected_ids())[:3]
    dialog = GroupsDialog(plants._session, plants.window(), chosen)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.only_selected.text() == "Only the 3 selected images"
    dialog.only_selected.click()
    try_pattern(qtbot, dialog, "{group}/**")
    assert "3 of 3 images" in dialog.words.text()
    with qtbot.waitSignal(dialog.accepted):
        dialog.take.click()
    assert groups(plants).count("leaf") == 3


def test_a_pattern_that_cannot_be_used_is_said_in_place(plants: DataPage, qtbot: QtBot, told: list[Message]) -> None:
    dialog = open_dialog(qtbot, plants)
    dialog.pattern.setEditText("leaf/*")
    until(qtbot, dialog.said.isVisible)
    assert "{group}" in dialog.said.text.text() and not dialog.take.isEnabled() and not dialog.examples.rows
    try_pattern(qtbot, dialog, "{group}.gif")
    assert not dialog.said.isVisible() and not dialog.take.isEnabled()
    assert dialog.words.text() == "The pattern fits none of 13 images."
    assert dialog.take.toolTip() == "The pattern fits no image."
    dialog.expression.click()
    try_pattern(qtbot, dialog, "p(?P<group>[0-9]+)_")
    assert "12 of 13" in dialog.words.text()
    assert not told


def test_what_fails_while_grouping_is_said_in_place(
    plants: DataPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, told: list[Message]
) -> None:
    def fail(*_: object) -> None:
        raise UserError("There is no room left.")

    dialog = open_dialog(qtbot, plants)
    monkeypatch.setattr(Edits, "set_groups", fail)
    dialog.take.click()
    until(qtbot, lambda: dialog._job is None)
    assert dialog.said.text.text() == "There is no room left."
    assert dialog.isVisible() and dialog.take.isEnabled() and not told
    assert dialog.examples.rows, "what was found is still so"


def test_it_speaks_chinese_and_has_names(plants: DataPage, qtbot: QtBot) -> None:
    dialog = open_dialog(qtbot, plants)
    assert nameless(dialog) == []
    apply_language("zh_CN")
    assert dialog.windowTitle() == tr("Group by path") != "Group by path"
    assert "“" not in dialog.words.text() and "图像" in dialog.words.text()
    apply_language("en")


def test_a_project_that_can_only_be_read_offers_none(
    qtbot: QtBot, plants: DataPage, session: Session, stack: QUndoStack
) -> None:
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    with closing(Project.open(folder)):
        session.open_project(folder)
        until(qtbot, lambda: plants.state is not None and not plants.column.split.groups.isEnabled())
        assert "reading only" in plants.column.split.groups.toolTip()
        session.close_project()
