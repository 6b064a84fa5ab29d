"""How right the read texts are: three figures with their intervals, and which characters were taken for which."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QFrame,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.evaluation.text_alignment import Confusion
from imgmine_gui.core.evaluation.transcription import Interval, TranscriptionReport
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count, percentage
from imgmine_gui.gui.theme import GAP, FontSize, font
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.section import Section
from imgmine_gui.gui.widgets.text.text_filter_bar import NOTHING

FIGURES = (
    ("cer", N_("Character errors"), N_("CER: insertions, deletions and substitutions for each true character.")),
    ("wer", N_("Word errors"), N_("WER: the same for words, the pieces between white space.")),
    ("exact", N_("Exact lines"), N_("The share of the lines without any error.")),
)
COLUMNS = (N_("True"), N_("Read"), N_("Times"))
SHOWN = 200
"""So many confusions are listed, the most frequent ones."""
SPACE = "␣"
NO_TRUTH = N_("The transcriptions of these images are not known, so that nothing can be scored.")
MARKS = N_(
    "Above each line of text stands what was read, below it what is true. Underlined: read wrongly, or left out (‸). "
    "Struck through: read too much. A bar below the picture is as high as the model is sure of the character."
)


class TextScores(QWidget):
    """Figures, and a table of confusions of which one can be chosen."""

    confusion_chosen = Signal(object)
    """``(true, read)`` of the row that was chosen; None where none is any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: TranscriptionReport | None = None
        self._listed: list[Confusion] = []
        self.figures = {name: QLabel() for name, _, _ in FIGURES}
        self.no_truth, self.marks, self.lines = MutedLabel(), MutedLabel(), MutedLabel()
        bind(self.no_truth, "setText", NO_TRUTH)
        bind(self.marks, "setText", MARKS)
        self.table = QTableWidget(0, len(COLUMNS))
        self._prepare_table()
        self._known = QWidget()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GAP)
        for name, title, meaning in FIGURES:
            words, figure = MutedLabel(), self.figures[name]
            words.setWordWrap(False)
            figure.setFont(font(FontSize.BODY, tabular=True))
            bind(words, "setText", title)
            bind(figure, "setAccessibleName", title)
            for label in (words, figure):
                bind(label, "setToolTip", meaning)
            form.addRow(words, figure)
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(GAP)
        known.addLayout(form)
        known.addWidget(self.lines)
        known.addWidget(Section(N_("What was taken for what"), self.table), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.no_truth)
        column.addWidget(self._known, 1)
        column.addWidget(self.marks)
        column.addStretch(0)
        on_language_change(self, self.retranslate)
        self.set_report(None)

    def set_report(self, report: TranscriptionReport | None) -> None:
        """Show these scores; None where nothing could be scored."""
        self._report = report
        self._listed = list(report.confusions[:SHOWN]) if report is not None else []
        self._known.setVisible(report is not None)
        self.no_truth.setVisible(report is None)
        self.retranslate()

    def choose(self, confusion: tuple[str, str] | None) -> None:
        """Mark a row without telling anyone; None: no row."""
        row = next((n for n, one in enumerate(self._listed) if (one.true, one.recognised) == confusion), -1)
        self.table.blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag
        self.table.setCurrentCell(row, 0, flags.ClearAndSelect | flags.Rows if row >= 0 else flags.Clear)
        self.table.blockSignals(False)

    def retranslate(self) -> None:
        """Write everything in the present language."""
        report = self._report
        for name, label in self.figures.items():
            label.setText(_with_interval(getattr(report, name)) if report is not None else "")
        self.lines.setText(tr("Scored lines: {count}", count=count(len(report.lines))) if report is not None else "")
        self.table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._listed))
        for row, one in enumerate(self._listed):
            for column, text in enumerate((_shown(one.true), _shown(one.recognised), count(one.count))):
                item = QTableWidgetItem(text)
                if column == len(COLUMNS) - 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)

    def _prepare_table(self) -> None:
        table = self.table
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(120)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        bind(table, "setAccessibleName", N_("What was taken for what"))
        bind(table, "setToolTip", N_("Choose a row to see its lines"))
        table.currentCellChanged.connect(lambda row, *_: self._on_row(row))

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._listed):
            one = self._listed[row]
            self.confusion_chosen.emit((one.true, one.recognised))


def _shown(character: str) -> str:
    return tr(NOTHING) if not character else SPACE if character == " " else character


def _with_interval(figure: Interval) -> str:
    value, low, high = map(percentage, (figure.value, figure.low, figure.high))
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)
