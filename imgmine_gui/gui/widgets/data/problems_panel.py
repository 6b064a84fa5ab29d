"""The images that could not be read, each with its reason; to be copied, and written as CSV."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.data_problems import ProblemsModel, RowRole, as_csv, as_text
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, icon

ROW = 44
"""Two lines: a reason names its file and what to do."""
WIDTHS = (190, 170)


class ProblemsPanel(QWidget):
    """A table with two buttons above it."""

    current_changed = Signal(object)
    """Another ``ImageRow`` is the current one, or ``None``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ProblemsModel()
        self.heading = QLabel()
        self.heading.setFont(font(FontSize.BODY, bold=True))
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.copy_button = self._button(N_("Copy list"), "copy", self.copy)
        self.export_button = self._button(N_("Export as CSV…"), "download-simple", self.export)
        self.table = QTableView()
        self._set_up_table()
        row = QHBoxLayout()
        row.setContentsMargins(SPACING, 0, GAP, SPACING)
        row.setSpacing(SPACING)
        row.addWidget(self.heading, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_rows(self, rows: list[ImageRow]) -> None:
        """Show these."""
        if rows != self.model.rows:
            self.model.show(rows)
        self.retranslate()

    def retranslate(self) -> None:
        """Say how many there are, in the present language."""
        number = len(self.model.rows)
        self.heading.setText(
            ntr("{images} image could not be read", "{images} images could not be read", number, images=count(number))
        )
        for button in (self.copy_button, self.export_button):
            button.setEnabled(number > 0)
        self.table.viewport().update()
        self.table.horizontalHeader().viewport().update()

    def chosen_rows(self) -> list[ImageRow]:
        """The selected rows, from the top; all where none or one is selected."""
        places = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.model.rows[place] for place in places] if len(places) > 1 else list(self.model.rows)

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, to be pasted into a text or a table."""
        QGuiApplication.clipboard().setText(as_text(self.chosen_rows()))

    def export(self) -> None:
        """Ask for a file, and write all rows into it.

        Raises:
            UserError: the file cannot be written.
        """
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export as CSV"), str(Path.home() / (tr("unreadable images") + ".csv")), "CSV (*.csv)"
        )
        if chosen:
            path = Path(chosen)
            write_bytes(path if path.suffix else path.with_suffix(".csv"), as_csv(self.model.rows))

    def _button(self, text: str, picture: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(icon(picture), "")
        bind(button, "setText", text)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def _set_up_table(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)
        bind(table, "setAccessibleName", N_("Images that could not be read"))
        bind(header, "setAccessibleName", N_("Columns"))
        copy = QAction(table)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        table.addAction(copy)
        table.selectionModel().currentRowChanged.connect(lambda now, _: self.current_changed.emit(now.data(RowRole)))
