"""The panel of marks, filters and orders, the table, the large view with shapes, and what is remembered."""

import json
import sqlite3

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import ImageOrder, ImageRow, SortBy
from imgmine_gui.core.project.layout import Split
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import names, until
from tests.gui.data.test_class_edits import choose
from tests.gui.data.test_labelling import press, ready, written


def select(qtbot: QtBot, page: DataPage, count: int) -> None:
    """The first images."""
    grid = ready(qtbot, page)
    for _ in range(count - 1):
        qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: page.marks._common is not None and page.marks._common.count == count)


def marked(page: DataPage, row: int) -> ImageRow:
    project = page._session.project
    assert project is not None
    number = page.gallery.images.ids[row]
    return project.catalogue.rows([number])[0]


def test_the_panel_changes_all_that_is_selected(flowers: DataPage, qtbot: QtBot) -> None:
    select(qtbot, flowers, 3)
    marks = flowers.marks
    marks.stars.chosen.emit(4)
    qtbot.mouseClick(marks.flags[1], Qt.MouseButton.LeftButton)
    marks.split.setCurrentIndex(3)
    marks.split.activated.emit(3)
    marks.note.setFocus()
    qtbot.keyClicks(marks.note, "look again")
    marks.group.setFocus()
    qtbot.keyClicks(marks.group, "plot 7")
    qtbot.keyClick(marks.group, Qt.Key.Key_Return)
    written(qtbot, flowers)
    for row in range(3):
        found = marked(flowers, row)
        assert (found.rating, found.flag, found.split_set, found.note, found.group) == (
            4, 1, Split.TEST, "look again", "plot 7",
        )  # fmt: skip
    assert marked(flowers, 3).rating == 0


def test_the_panel_says_where_images_differ(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    flowers.gallery.foot.advance.setChecked(False)
    press(qtbot, "5", Qt.KeyboardModifier.AltModifier)
    written(qtbot, flowers)
    select(qtbot, flowers, 2)
    until(qtbot, lambda: flowers.marks.stars.rating is None)
    assert [chip.name.text() for chip in flowers.marks.chips] == ["daisy"]
    assert flowers.marks.group.placeholderText() == "None"


def test_a_note_stays_with_the_image_that_it_was_typed_for(flowers: DataPage, qtbot: QtBot) -> None:
    select(qtbot, flowers, 1)
    flowers.marks.note.setFocus()
    qtbot.keyClicks(flowers.marks.note, "first")
    flowers.gallery.grid.set_current_row(1)
    written(qtbot, flowers)
    until(qtbot, lambda: marked(flowers, 0).note == "first")  # type: ignore[attr-defined]
    assert marked(flowers, 1).note == ""  # type: ignore[attr-defined]


def test_flags_and_stars_filter(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    press(qtbot, "p")
    press(qtbot, "3", Qt.KeyboardModifier.AltModifier)
    written(qtbot, flowers)
    choose(flowers.gallery.bar.more.made(), "Flag", "Picked")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 1)
    assert flowers.gallery.bar.more.isChecked()
    choose(flowers.gallery.bar.more.made(), "Flag", "Any flag")
    choose(flowers.gallery.bar.more.made(), "Rating", "★★ +")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 1)
    choose(flowers.gallery.bar.more.made(), "Rating", "Any")
    choose(flowers.gallery.bar.more.made(), "Size", "64 to")
    until(qtbot, lambda: flowers.gallery.stack.currentWidget() is flowers.gallery.nothing)


def test_the_order_is_chosen_in_the_bar_and_in_the_table(flowers: DataPage, qtbot: QtBot) -> None:
    choose(flowers.gallery.bar.order.made(), "Class")
    choose(flowers.gallery.bar.order.made(), "Descending")
    until(qtbot, lambda: flowers.filters.order == ImageOrder(SortBy.LABEL, descending=True))
    images = flowers.gallery.images
    until(qtbot, lambda: (row := images.image(0)) is not None and row.label == "tulip")
    qtbot.mouseClick(flowers.gallery.foot.table_button, Qt.MouseButton.LeftButton)
    table = flowers.gallery.table
    assert table.isVisible()
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert flowers.filters.order == ImageOrder(SortBy.NAME)
    until(qtbot, lambda: names(qtbot, flowers)[:3] == ["000.png", "000.png", "000.png"])
    assert images.index(0, 1).data() in ("daisy", "rose", "tulip")


def test_the_table_labels_like_the_grid(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    flowers.gallery.show_table(True)
    table = flowers.gallery.table
    assert table.hasFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert flowers.gallery.selected == 1
    press(qtbot, "3")
    written(qtbot, flowers)
    until(qtbot, lambda: flowers.gallery.images.index(1, 1).data() == "tulip")
    assert flowers.gallery.grid.current_row == 2


def test_shapes_are_drawn_over_the_large_image(flowers: DataPage, qtbot: QtBot, session: Session) -> None:
    ready(qtbot, flowers)
    assert session.project is not None
    db = sqlite3.connect(session.project.catalogue.path)
    for kind, points in (("box", [[2, 2], [20, 14]]), ("polygon", [[4, 4], [30, 8], [10, 30]])):
        db.execute(
            "INSERT INTO shapes (image_id, class_id, kind, points) VALUES (?, 1, ?, ?)",
            [flowers.gallery.images.ids[0], kind, json.dumps(points)],
        )
    db.commit()
    db.close()
    press(qtbot, Qt.Key.Key_Return)
    large = flowers.gallery.large
    until(qtbot, lambda: len(large.layer.shapes) == 2 and not large.view.image_size.isEmpty())
    assert large.shapes_button.isVisible()
    drawn = large.view.grab().toImage()
    qtbot.keyPress(large.view, Qt.Key.Key_Space)
    assert large.view.grab().toImage() != drawn
    qtbot.keyRelease(large.view, Qt.Key.Key_Space)
    assert large.view.grab().toImage() == drawn
    press(qtbot, Qt.Key.Key_Right)
    until(qtbot, lambda: large.image is not None and large.image.id == flowers.gallery.images.ids[1])
    assert not large.layer.shapes


def test_filters_and_order_are_remembered(flowers: DataPage, qtbot: QtBot, session: Session) -> None:
    flowers.filters.set(label="rose", rating=0)
    flowers.filters.sort(ImageOrder(SortBy.SIZE, descending=True))
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 12)
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    assert not flowers.filters.are_set
    session.open_project(folder)
    assert flowers.filters.query.label == "rose"
    assert flowers.filters.order == ImageOrder(SortBy.SIZE, descending=True)
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 12)


def test_the_menu_of_the_selection_does_what_it_says(flowers: DataPage, qtbot: QtBot) -> None:
    select(qtbot, flowers, 2)
    menu = flowers.gallery.menu.made(flowers)
    assert isinstance(menu, QMenu)
    choose(menu, "Label", "tulip")
    choose(menu, "Leave out")
    written(qtbot, flowers)
    assert [marked(flowers, row).excluded for row in range(3)] == [True, True, False]  # type: ignore[attr-defined]


def test_a_note_is_kept_when_the_project_closes_under_it(flowers: DataPage, qtbot: QtBot, session: Session) -> None:
    select(qtbot, flowers, 1)
    flowers.marks.note.setFocus()
    qtbot.keyClicks(flowers.marks.note, "half a thought")
    assert session.project is not None
    path = session.project.catalogue.path
    session.close_project()
    assert sqlite3.connect(path).execute("SELECT note FROM images WHERE note <> ''").fetchall() == [("half a thought",)]


def test_a_shift_click_selects_a_range_across_lines(flowers: DataPage, qtbot: QtBot) -> None:
    grid = flowers.gallery.grid
    ready(qtbot, flowers)
    images = flowers.gallery.images
    place = grid.visualRect(images.index(grid._columns + 1, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place)
    assert list(flowers.gallery.selected_ids()) == list(images.ids[: grid._columns + 2])


def test_the_last_image_that_leaves_a_filter_is_followed_by_what_is_shown(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.filters.set(label="tulip")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 8)
    ready(qtbot, flowers)
    flowers.gallery.open_large(7)
    press(qtbot, "1")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 7)
    large = flowers.gallery.large
    until(qtbot, lambda: large.image is not None and large.image.label == "tulip")
    assert large.image is not None
    assert list(flowers.gallery.selected_ids()) == [large.image.id]
