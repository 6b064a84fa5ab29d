"""A table of more classes than it shows at once."""

from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.gui.widgets.data.classes_panel import ClassesPanel
from imgmine_gui.gui.widgets.data.filters import Filters


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
