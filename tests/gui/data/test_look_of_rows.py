"""What a person sees of a chosen row: its words as those of the others, its class in its own colour."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.class_colours import class_icon
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.theme import FontSize, font, theme
from imgmine_gui.gui.widgets.data.image_table import BAR
from imgmine_gui.gui.widgets.thumbnail_delegate import room_for
from tests.gui.data.drive import names, until


def test_the_square_of_a_class_has_its_colour_on_a_chosen_line_too(page: DataPage) -> None:
    pictures = [
        class_icon(3).pixmap(QSize(16, 16), mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected)
    ]
    assert pictures[0] == pictures[1]


def test_the_current_row_of_the_table_has_a_bar_and_no_frame(flowers: DataPage, qtbot: QtBot) -> None:
    assert names(qtbot, flowers)
    table = flowers.gallery.table
    flowers.gallery.foot.table_button.click()
    until(qtbot, table.isVisible)
    table.selectRow(1)
    table.setFocus()
    until(qtbot, table.hasFocus)
    option, index = QStyleOptionViewItem(), table.model().index(1, 0)
    option.state |= QStyle.StateFlag.State_HasFocus
    delegate = table.itemDelegateForIndex(index)
    assert isinstance(delegate, QStyledItemDelegate)
    delegate.initStyleOption(option, index)
    assert not option.state & QStyle.StateFlag.State_HasFocus
    row = table.visualRect(index)
    pixels = table.viewport().grab().toImage()
    accent = theme().colours.accent.rgb()
    assert pixels.pixel(row.left() + BAR // 2, row.center().y()) == accent
    assert pixels.pixel(row.left() + BAR // 2, row.center().y() + row.height()) != accent


def test_what_can_be_done_with_a_file_stays_in_sight_in_a_low_window(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.resize(flowers.width(), 420)
    flowers.panel.set_open(True)
    flowers.gallery.grid.set_current_row(0)
    until(qtbot, flowers.details.copy_path.isVisible)
    until(qtbot, lambda: flowers.panel._body.verticalScrollBar().maximum() > 0)
    assert not flowers.details.copy_path.visibleRegion().isEmpty()
    flowers.panel.set_open(False)
    assert not flowers.details.copy_path.isVisible()


def test_a_share_beside_a_label_is_never_cut(program: QApplication) -> None:
    for size in (FontSize.SMALL, FontSize.BODY):
        metrics = QFontMetrics(font(size, tabular=True))
        for tenth in range(1001):
            share = f"{tenth / 10:.1f} %"
            assert metrics.elidedText(share, Qt.TextElideMode.ElideRight, room_for(share, metrics)) == share
