"""What a cross-validation found: accuracy with its interval, each part, each class, and doubted labels."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.evaluation.classification import report
from imgmine_gui.core.features.doubted import METHOD as DOUBTING
from imgmine_gui.core.features.quick_check import CheckedByFolds
from imgmine_gui.core.text import N_, join_sentences, ntr, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, MARGIN, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.paired_view import PairedView
from imgmine_gui.gui.widgets.predictions.confusion_view import ConfusionView
from imgmine_gui.gui.widgets.predictions.scores_table import ScoresTable
from imgmine_gui.gui.widgets.quick_check.fold_bars import FoldBars
from imgmine_gui.gui.widgets.quick_check.words import how_words, unbroken
from imgmine_gui.gui.widgets.section import Section


class FoldsView(PairedView):
    """Shows one cross-validation."""

    doubted_wanted = Signal()
    """The images whose label is doubted are to be shown."""
    cell_wanted = Signal(int, int)
    """The images of this class that were taken for that class are to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: CheckedByFolds | None = None
        self.figure, self.interval = QLabel(), QLabel()
        self.figure.setFont(font(FontSize.TITLE, tabular=True))
        self.interval.setFont(font(FontSize.BODY, tabular=True))
        bind(self.figure, "setAccessibleName", N_("Accuracy"))
        self.meaning, self.doubts = (QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(2))
        self.bars, self.matrix, self.table = FoldBars(), ConfusionView(), ScoresTable()
        self.show_doubted = QPushButton(icon("image-square"), "")
        bind(self.show_doubted, "setAccessibleName", N_("Show the images whose label is doubted"))
        self.show_doubted.clicked.connect(self.doubted_wanted)
        self.matrix.cell_chosen.connect(self._on_cell)
        self.how = MutedLabel(FontSize.SMALL)
        bind(self, "setAccessibleName", N_("Cross-validation"))
        self._arrange()
        on_language_change(self, self.retranslate)

    def show_result(self, result: CheckedByFolds) -> None:
        """Show this one."""
        self.result = result
        images, found = result.images, result.found
        said = report(images.targets.astype(int), found.probabilities.argmax(axis=1), images.classes)
        self.matrix.set_counts(images.classes, said.confusion)
        self.table.set_scores(said.per_class)
        self.bars.show_shares(found.by_fold)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the figures and the words anew."""
        if self.result is None:
            return
        found = self.result.found
        self.figure.setText(form.percentage(found.accuracy.mean))
        low, high = form.percentage(found.accuracy.low), form.percentage(found.accuracy.high)
        self.interval.setText(tr("{low} to {high} (95% interval)", low=low, high=high))
        self.meaning.setText(unbroken(self._meaning_words()))
        doubted = len(self.result.doubted.images)
        self.doubts.setText(_doubt_words(doubted))
        self.show_doubted.setVisible(doubted > 0)
        words = ntr("Show {images} doubted image", "Show {images} doubted images", doubted, images=form.count(doubted))
        self.show_doubted.setText(words)
        self.how.setText(self._how_words())

    def _on_cell(self, true: int, predicted: int) -> None:
        """Chosen to look at its images, and not for longer."""
        self.matrix.choose(None)
        self.cell_wanted.emit(true, predicted)

    def _meaning_words(self) -> str:
        assert self.result is not None
        found, folds = self.result.found, self.result.folds
        asked = tr(
            "Your {images} images were divided into {folds} parts. Each part was named by a network that had learned "
            "from the others: it was right for {accuracy} of the images that it had not seen.",
            images=form.count(len(self.result.images.targets)),
            folds=folds,
            accuracy=form.percentage(found.accuracy.mean),
        )
        expected = tr(
            "With new images of the same kind, expect between {low} and {high}: the fewer the images and the more the "
            "parts differ, the wider this interval.",
            low=form.percentage(found.accuracy.low),
            high=form.percentage(found.accuracy.high),
        )
        balanced = tr(
            "If all classes count alike: {balanced} ({low} to {high}).",
            balanced=form.percentage(found.balanced_accuracy.mean),
            low=form.percentage(found.balanced_accuracy.low),
            high=form.percentage(found.balanced_accuracy.high),
        )
        return join_sentences(asked, expected, balanced)

    def _how_words(self) -> str:
        assert self.result is not None
        methods = tr(
            "Interval: {interval}. Doubted labels: {doubting}.",
            interval=tr(self.result.found.method),
            doubting=tr(DOUBTING),
        )
        return join_sentences(*how_words(self.result.images, self.result.found.seconds), methods)

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(MARGIN)
        upper, lower = self.add_pair(), self.add_pair()
        upper.addWidget(self._said(), 3)
        upper.addWidget(Section(N_("Each part"), self.bars), 2, Qt.AlignmentFlag.AlignTop)
        lower.addWidget(Section(N_("What was taken for what"), self.matrix), 3)
        lower.addWidget(self._classes(), 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(upper)
        column.addLayout(lower, 1)
        column.addWidget(self.how)
        self.setWidget(body)

    def _said(self) -> QWidget:
        made = Section(N_("Accuracy"))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.figure)
        row.addWidget(self.interval, 1, Qt.AlignmentFlag.AlignBaseline)
        made.add(line)
        made.add(self.meaning)
        column = made.layout()
        assert isinstance(column, QVBoxLayout)
        column.addStretch(1)
        return made

    def _classes(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MARGIN)
        doubts = Section(N_("Doubted labels"), self.doubts)
        row = QHBoxLayout()
        row.setContentsMargins(0, HALF, 0, SPACING)
        row.addWidget(self.show_doubted)
        row.addStretch(1)
        line = QWidget()
        line.setLayout(row)
        doubts.add(line)
        column.addWidget(doubts)
        column.addWidget(Section(N_("Classes"), self.table))
        return holder


def _doubt_words(doubted: int) -> str:
    if not doubted:
        return tr("No label is contradicted with confidence.")
    return ntr(
        "{images} image was confidently taken for another class than its label. Its label may be wrong: look at it.",
        "{images} images were confidently taken for another class than their label. Some of these labels may be wrong: "
        "look at them.",
        doubted,
        images=form.count(doubted),
    )
