"""Classes in their panel: added, renamed in place, merged, deleted, ordered, with keys and colours."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import table_text, until
from tests.gui.data.test_labelling import labels, press, ready, written


def one(page: DataPage, name: str) -> ClassCounts:
    return next(each for each in page.gallery.edits.classes if each.name == name)


def choose(menu: QMenu, *texts: str) -> None:
    """Trigger an entry of a menu, or of one below it."""
    for text in texts:
        action = next(action for action in menu.actions() if action.text().startswith(text))
        assert action.isEnabled()
        below = action.menu()
        if isinstance(below, QMenu):
            menu = below
        else:
            action.trigger()


def class_names(page: DataPage) -> list[str]:
    return [row[0] for row in table_text(page)[:-1]]


def test_a_class_is_added_and_labelled(flowers: DataPage, qtbot: QtBot) -> None:
    panel = flowers.column.classes
    qtbot.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(panel.name_field, "lily")
    qtbot.keyClick(panel.name_field, Qt.Key.Key_Return)
    until(qtbot, lambda: class_names(flowers) == ["daisy", "rose", "tulip", "lily"])
    assert not panel.name_field.isVisible()
    ready(qtbot, flowers)
    press(qtbot, "4")
    until(qtbot, lambda: table_text(flowers)[3][4] == "1")


def test_a_class_is_renamed_in_place(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    panel = flowers.column.classes
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(1, 0))
    panel.begin_rename(one(flowers, "rose"))
    editor = panel.table.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "rose"
    editor.selectAll()
    qtbot.keyClicks(editor, "wild rose")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    until(qtbot, lambda: class_names(flowers) == ["daisy", "wild rose", "tulip"])
    until(qtbot, lambda: stack.count() == 1)
    stack.undo()
    until(qtbot, lambda: class_names(flowers) == ["daisy", "rose", "tulip"])


def test_classes_are_merged_and_deleted_with_a_way_back(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    panel = flowers.column.classes
    assert panel.menu is not None
    choose(panel.menu.made(one(flowers, "tulip")), "Merge into", "rose")
    until(qtbot, lambda: class_names(flowers) == ["daisy", "rose"])
    assert labels(flowers).count("rose") == 20
    menu = panel.menu.made(one(flowers, "daisy"))
    assert any(action.text() == "Delete; 20 images lose this label" for action in menu.actions())
    choose(menu, "Delete")
    until(qtbot, lambda: class_names(flowers) == ["rose"])
    assert labels(flowers).count(None) == 20
    until(qtbot, lambda: stack.count() == 2)
    stack.undo()
    stack.undo()
    until(qtbot, lambda: class_names(flowers) == ["daisy", "rose", "tulip"])
    written(qtbot, flowers)
    assert labels(flowers).count("tulip") == 8


def test_keys_and_order_decide_what_a_digit_means(flowers: DataPage, qtbot: QtBot) -> None:
    panel, actions = flowers.column.classes, flowers.gallery.edits
    assert panel.menu is not None
    choose(panel.menu.made(one(flowers, "tulip")), "Key", "7")
    until(qtbot, lambda: one(flowers, "tulip").shortcut == "7")
    assert actions.class_of_key("7") == one(flowers, "tulip")
    assert actions.class_of_key("3") is None
    panel.model.dropMimeData(
        panel.model.mimeData([panel.model.index(1, 0)]), Qt.DropAction.MoveAction, 0, 0, panel.model.index(-1, -1)
    )
    until(qtbot, lambda: class_names(flowers) == ["rose", "daisy", "tulip"])
    assert actions.class_of_key("1") == one(flowers, "rose")
    panel.menu.move(one(flowers, "tulip"), -2)
    until(qtbot, lambda: class_names(flowers) == ["tulip", "rose", "daisy"])


def test_a_colour_is_chosen(flowers: DataPage, qtbot: QtBot) -> None:
    panel = flowers.column.classes
    assert panel.menu is not None
    choose(panel.menu.made(one(flowers, "rose")), "Colour", "Colour 12")
    until(qtbot, lambda: one(flowers, "rose").colour == 11)


def test_several_labels_an_image_where_the_project_says_so(flowers: DataPage, qtbot: QtBot) -> None:
    panel = flowers.column.classes
    assert panel.menu is not None
    choose(panel.menu.made(None), "Several labels")
    until(qtbot, lambda: flowers.gallery.edits.several_labels)
    ready(qtbot, flowers)
    press(qtbot, "2")
    until(qtbot, lambda: [chip.name.text() for chip in flowers.marks.chips] == ["daisy", "rose"])
    assert flowers.gallery.grid.current_row == 0, "more labels may follow"
    press(qtbot, "2")
    until(qtbot, lambda: [chip.name.text() for chip in flowers.marks.chips] == ["daisy"])
