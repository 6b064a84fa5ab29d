"""What a person who labels by hand runs into: whose turn it is next, what is in the way, what follows a class."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.catalogue import ImageOrder, SortBy
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import names, settle, until
from tests.gui.data.test_class_edits import choose, class_names, one
from tests.gui.data.test_labelling import labels, press, ready, written


def test_what_is_clicked_beside_an_image_stays_with_it(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    until(qtbot, flowers.marks.isVisible)
    flowers.marks.stars.chosen.emit(3)
    qtbot.mouseClick(flowers.marks.flags[1], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(flowers.marks.add_label, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(flowers.gallery.popup.field, "rose")
    press(qtbot, Qt.Key.Key_Return)
    choose(flowers.gallery.menu.made(flowers), "Flag", "Rejected")
    written(qtbot, flowers)
    assert flowers.gallery.grid.current_row == 0, "only keys lead on to the next image"
    project = flowers._session.project
    assert project is not None
    first, second = project.catalogue.rows(list(flowers.gallery.images.ids[:2]))
    assert (first.rating, first.flag, first.label) == (3, -1, "rose")
    assert (second.rating, second.flag, second.label) == (0, 0, "daisy")


def test_the_field_for_a_class_opens_beside_the_image(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    gallery = flowers.gallery
    columns = next(row for row in range(1, 40) if gallery.grid.visualRect(gallery.images.index(row, 0)).top() > 0)
    for row in range(2 * columns):
        gallery.grid.set_current_row(row)
        cell = gallery.grid.visualRect(gallery.images.index(row, 0))
        cell.translate(gallery.grid.viewport().mapTo(gallery.stack, QPoint()))
        gallery.ask_label()
        assert gallery.stack.rect().contains(gallery.popup.geometry())
        assert not gallery.popup.geometry().intersects(cell)
        gallery.popup.dismiss()
    gallery.open_large(0)
    gallery.ask_label()
    assert gallery.popup.geometry().right() > gallery.stack.width() - 20
    gallery.popup.dismiss()
    gallery.leave_large()
    gallery.show_table(True)
    gallery.ask_label()
    line = gallery.table.visualRect(gallery.images.index(0, 0))
    line.translate(gallery.table.viewport().mapTo(gallery.stack, QPoint()))
    assert not gallery.popup.geometry().intersects(QRect(0, line.top(), gallery.stack.width(), line.height()))


def test_the_sign_of_a_new_class_is_seen_on_the_line_that_is_chosen(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    flowers.gallery.ask_label_by_key("lily")
    sign = flowers.gallery.popup.list.item(0).icon()
    size = QSize(20, 20)
    assert sign.pixmap(size, QIcon.Mode.Selected).toImage() == sign.pixmap(size).toImage()


def test_what_was_undone_is_said(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    ready(qtbot, flowers)
    press(qtbot, "2")
    written(qtbot, flowers)
    told = flowers.gallery.foot.told
    until(qtbot, lambda: told.text() == "Saved" and stack.canUndo())
    stack.undo()
    until(qtbot, lambda: told.text() == "Undone: label an image “rose”")
    stack.redo()
    until(qtbot, lambda: told.text() == "Saved")


def test_the_images_of_a_class_stay_in_sight_under_another_name(
    flowers: DataPage, qtbot: QtBot, stack: QUndoStack
) -> None:
    panel, edits = flowers.column.classes, flowers.gallery.edits
    panel.table.setCurrentIndex(panel.model.index(1, 0))
    until(qtbot, lambda: flowers.gallery.shown == 12)
    number = one(flowers, "rose").id
    edits.of_classes(lambda work: work.rename_class(number, "wild rose"))
    until(qtbot, lambda: flowers.filters.query.label == "wild rose")
    settle(qtbot, flowers)
    assert flowers.gallery.shown == 12
    assert panel.table.currentIndex().row() == 1
    until(qtbot, stack.canUndo)
    stack.undo()
    until(qtbot, lambda: flowers.filters.query.label == "rose")


@pytest.mark.parametrize("way", ["delete", "merge"])
def test_all_images_are_shown_once_a_class_is_gone(flowers: DataPage, qtbot: QtBot, way: str) -> None:
    panel = flowers.column.classes
    assert panel.menu is not None
    panel.table.setCurrentIndex(panel.model.index(1, 0))
    until(qtbot, lambda: flowers.gallery.shown == 12)
    if way == "delete":
        panel.menu.delete(one(flowers, "rose"))
    else:
        panel.menu.merge(one(flowers, "rose"), one(flowers, "tulip"))
    until(qtbot, lambda: class_names(flowers) == ["daisy", "tulip"])
    until(qtbot, lambda: flowers.gallery.shown == 40)
    assert flowers.gallery.stack.currentWidget() is flowers.gallery.grid
    assert panel.table.selectionModel().isRowSelected(2)
    written(qtbot, flowers)
    assert labels(flowers).count("rose") == 0


def test_other_images_are_shown_from_the_first_on(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.gallery.grid.set_thumbnail_size(256)
    names(qtbot, flowers)
    bar = flowers.gallery.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    flowers.filters.set(label="daisy")
    until(qtbot, lambda: flowers.gallery.shown == 20)
    assert bar.value() == 0
    flowers.gallery.grid.set_current_row(19)
    flowers.filters.sort(ImageOrder(SortBy.NAME))
    flowers.filters.set(label=None)
    until(qtbot, lambda: flowers.gallery.shown == 40)
    cell = flowers.gallery.grid.visualRect(flowers.gallery.grid.currentIndex())
    assert flowers.gallery.grid.viewport().rect().contains(cell), "what is selected stays in sight"
    assert bar.value() > 0


def test_an_edit_leaves_the_images_where_they_are(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.gallery.grid.set_thumbnail_size(256)
    names(qtbot, flowers)
    flowers.filters.set(unlabelled=False)
    settle(qtbot, flowers)
    flowers.gallery.foot.advance.setChecked(False)
    ready(qtbot, flowers)
    flowers.gallery.grid.set_current_row(30)
    place = flowers.gallery.grid.verticalScrollBar().value()
    assert place > 0
    press(qtbot, Qt.Key.Key_Backspace)
    until(qtbot, lambda: flowers.gallery.shown == 39)
    assert flowers.gallery.grid.verticalScrollBar().value() == place
