"""The table of classes: more than it shows at once, longer names than it has room for; and its column."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.gui.item_models.roles import ClassColourRole
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.widgets.data.classes_panel import ClassesPanel
from imgmine_gui.gui.widgets.data.filters import Filters
from tests.gui.data.drive import names


def test_a_long_table_begins_with_its_first_class_and_follows_the_filter(qtbot: QtBot) -> None:
    filters = Filters()
    panel = ClassesPanel(filters)
    qtbot.addWidget(panel)
    panel.show_classes([ClassCounts(n, f"kind {n:02}", n, 9, 2, 1) for n in range(40)], 0)
    panel.show()
    qtbot.waitExposed(panel)
    table, last = panel.table, panel.model.rowCount() - 1
    assert table.rowAt(0) == 0
    assert table.selectionModel().isRowSelected(last)
    filters.set(label="kind 39")
    assert table.currentIndex().row() == 39
    assert table.selectionModel().isRowSelected(39)
    assert table.verticalScrollBar().value() > 0
    before = table.verticalScrollBar().value()
    filters.set(label=None)
    assert table.selectionModel().isRowSelected(last)
    assert not table.selectionModel().isRowSelected(39)
    assert table.verticalScrollBar().value() == before
    table.setCurrentIndex(panel.model.index(39, 0))
    assert filters.query.label == "kind 39"


def test_a_long_name_is_cut_in_its_middle_and_whole_on_hover(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Rosa canina subsp. dumetorum, hips of the second year"
    panel = ClassesPanel(Filters())
    qtbot.addWidget(panel)
    panel.resize(290, 400)
    panel.show_classes([ClassCounts(1, long, 0, 12_000, 2_000, 1_000), ClassCounts(2, "Rosa", 1, 1, 2, 3)], 0)
    panel.show()
    qtbot.waitExposed(panel)
    qtbot.waitUntil(lambda: panel.table.isColumnHidden(4))
    drawn: list[str] = []
    draw = QPainter.drawText
    monkeypatch.setattr(QPainter, "drawText", lambda *given: (drawn.append(given[-1]), draw(*given)))
    panel.table.viewport().repaint()
    (cut,) = [text for text in drawn if "…" in text]
    assert cut.startswith("Rosa")
    assert cut.endswith("ear")
    for column in (0, 2):
        place = panel.table.visualRect(panel.model.index(panel.model.row_of(long), column)).center()
        where = panel.table.viewport().mapToGlobal(place)
        QApplication.sendEvent(panel.table.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, where))
        assert QToolTip.text() == f"{long}\nTrain: 12,000, Validation: 2,000, Test: 1,000, All: 15,000"


def test_the_column_is_as_wide_as_it_was_left(flowers: DataPage, qtbot: QtBot) -> None:
    names(qtbot, flowers)
    before = flowers.column.width()
    handle = flowers.splitter.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    for step in (50, 100):
        QTest.mouseMove(handle, middle + QPoint(step, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    wide = flowers.column.width()
    assert wide > before + 40
    flowers.resize(930, 600)
    qtbot.waitUntil(lambda: flowers.column.width() < before)
    flowers.resize(1340, 820)
    qtbot.waitUntil(lambda: flowers.column.width() == wide)
    again = DataPage(flowers._session)
    qtbot.addWidget(again)
    again.resize(1340, 820)
    again.show()
    qtbot.waitUntil(lambda: again.column.width() == wide)


def test_an_image_shows_the_colour_of_its_class(flowers: DataPage, qtbot: QtBot) -> None:
    names(qtbot, flowers)
    images, classes = flowers.gallery.images, flowers.column.classes.model
    for image, row in ((0, 0), (25, 1), (39, 2)):
        number = images.index(image, 0).data(ClassColourRole)
        assert number is not None
        assert number == classes.index(row, 0).data(ClassColourRole)
