"""The preview of an import: what would change in sentences, the first images, and what cannot be used."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.exchange.words import plan_lines, problem_lines
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.exchange_tables import RowsModel, examples_model, place_problems_model
from imgmine_gui.gui.theme import GAP

ROW = 28
WIDTHS = (300, 220, 170)
LEAST = 220
"""The height of the tables at least, in px."""


class PlanView(QWidget):
    """Shows one plan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: ImportPlan | None = None
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        bind(self.words, "setAccessibleName", N_("What would change"))
        self.examples = examples_model()
        self.problems = place_problems_model()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for widget in (self.tabs, self.tabs.tabBar()):
            bind(widget, "setAccessibleName", N_("Preview"))
        self.tabs.setMinimumHeight(LEAST)
        self.tabs.addTab(plain_table(self.examples, N_("Images that would change"), WIDTHS), "")
        self.tabs.addTab(plain_table(self.problems, N_("Problems in the file"), ()), "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.words)
        column.addWidget(self.tabs, 1)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_plan(self, plan: ImportPlan) -> None:
        """Show this one; the problems first where there is nothing else."""
        self._plan = plan
        self.examples.show(plan.examples)
        self.problems.show(plan.problems)
        self.tabs.setCurrentIndex(1 if plan.problems and not plan.examples else 0)
        self.retranslate()

    def retranslate(self) -> None:
        """Say what would change in the present language."""
        plan = self._plan
        lines = [*plan_lines(plan), *problem_lines(plan.counts)] if plan else []
        self.words.setText("\n".join(lines))
        images = len(plan.examples) if plan else 0
        problems = sum(plan.counts.values()) if plan else 0
        first = N_("Images (the first {count})") if plan and plan.images > images else N_("Images ({count})")
        self.tabs.setTabText(0, tr(first, count=count(images)))
        self.tabs.setTabText(1, tr("Problems ({count})", count=count(problems)))
        self.tabs.setTabEnabled(1, problems > 0)
        for place in range(self.tabs.count()):
            table = self.tabs.widget(place)
            assert isinstance(table, QTableView)
            table.viewport().update()
            table.horizontalHeader().viewport().update()


def plain_table(model: RowsModel[Any], name: str, widths: tuple[int, ...]) -> QTableView:
    """A table of plain rows, of which lines can be copied.

    Args:
        model: of the rows.
        name: for those who cannot see it; an English text.
        widths: of the first columns, in px; the last one takes what is left.
    """
    table = QTableView()
    header = table.horizontalHeader()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setAlternatingRowColors(True)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    for column, width in enumerate(widths):
        header.resizeSection(column, width)
    bind(table, "setAccessibleName", name)
    bind(header, "setAccessibleName", N_("Columns"))
    copy = QAction(table)
    copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(_chosen(table)))
    table.addAction(copy)
    return table


def _chosen(table: QTableView) -> str:
    """The selected rows as lines to paste, with tabs between the cells."""
    model = table.model()
    places = sorted({index.row() for index in table.selectionModel().selectedRows()})
    cells = ([str(model.index(row, column).data()) for column in range(model.columnCount())] for row in places)
    return "\n".join("\t".join(row) for row in cells)
