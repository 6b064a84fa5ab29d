"""How good the predictions are: three figures, the confusion matrix, a table of the classes, and the heatmaps."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.app.job import Job
from imgmine_gui.core.evaluation.classification import ClassificationReport, report
from imgmine_gui.core.explain.faithfulness import MeanFaithfulness
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING, FontSize, font
from imgmine_gui.gui.widgets.paired_view import PairedView
from imgmine_gui.gui.widgets.predictions.confusion_view import ConfusionView
from imgmine_gui.gui.widgets.predictions.scores_table import ScoresTable
from imgmine_gui.gui.widgets.section import Section

FIGURES = (
    ("accuracy", N_("Accuracy"), N_("The share of the images that were predicted rightly.")),
    (
        "balanced_accuracy",
        N_("Balanced accuracy"),
        N_("The mean over the classes of the share that was predicted rightly: small classes count like large ones."),
    ),
    ("macro_f1", N_("Macro F1"), N_("The mean over the classes of F1, which joins precision and recall.")),
    ("images", N_("Images"), N_("Those whose true class is known and that could be read.")),
)


class ScoresView(PairedView):
    """Scores of the images whose true class is known."""

    cell_chosen = Signal(int, int)
    cell_cleared = Signal()
    faithfulness_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: ClassificationReport | None = None
        self._faithfulness: MeanFaithfulness | None = None
        self._figures = {name: QLabel() for name, _, _ in FIGURES}
        self.matrix = ConfusionView()
        self.as_share = QCheckBox()
        bind(self.as_share, "setText", N_("Percent of each true class"))
        self.table = ScoresTable()
        self.measure = QPushButton()
        bind(self.measure, "setText", N_("Measure"))
        self.faithful = QLabel(wordWrap=True)
        self.faithful.setTextFormat(Qt.TextFormat.PlainText)
        bind(self, "setAccessibleName", N_("Scores"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._arrange()
        self.as_share.toggled.connect(self.matrix.set_as_share)
        self.matrix.cell_chosen.connect(self.cell_chosen)
        self.matrix.cell_cleared.connect(self.cell_cleared)
        self.measure.clicked.connect(self.faithfulness_wanted)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def set_rows(self, rows: PredictionRows | None) -> None:
        """Score these predictions."""
        judged = rows is not None and bool(rows.judged.any())
        self._faithfulness = None
        if rows is None or not judged:
            self.report = None
        else:
            known = rows.judged
            self.report = report(rows.true[known], rows.predicted[known], rows.table.classes)
            self.matrix.set_counts(rows.table.classes, self.report.confusion)
            self.table.set_scores(self.report.per_class)
        self.retranslate()

    def set_faithfulness(self, result: MeanFaithfulness | None) -> None:
        """Say how faithful the heatmaps are; None: not measured."""
        self._faithfulness = result
        self.retranslate()

    def follow_measuring(self, job: Job) -> None:
        """Measure nothing else until ``job`` is over."""
        self.measure.setEnabled(False)
        job.finished.connect(lambda: self.measure.setEnabled(True))

    def retranslate(self) -> None:
        """Write the figures and the words anew."""
        for name, label in self._figures.items():
            value = getattr(self.report, name) if self.report else None
            label.setText(form.count(value) if isinstance(value, int) else form.percentage(value))
        self.faithful.setText(self._faithful_words())

    def _faithful_words(self) -> str:
        result = self._faithfulness
        if result is None:
            return tr(
                "Do the bright places matter to the model? They are deleted, and inserted, step by step, "
                "while the probability of the predicted class is watched."
            )
        if result.mean is None:
            return tr("All heatmaps were flat: there is nothing to measure.")
        return tr(
            "Deletion {deletion} (lower is better), insertion {insertion} (higher is better): "
            "mean of {images} images; {flat} flat heatmaps left out.",
            deletion=form.number(result.mean.deletion), insertion=form.number(result.mean.insertion),
            images=form.count(result.images), flat=form.count(result.flat),
        )  # fmt: skip

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(MARGIN)
        column.addLayout(self._figures_row())
        pair = self.add_pair()
        matrix = Section(N_("Confusion matrix"), self.matrix)
        matrix.add(self.as_share)
        pair.addWidget(matrix, 3)
        pair.addWidget(Section(N_("Classes"), self.table), 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(pair, 1)
        faithful = Section(N_("Faithfulness of the heatmaps"), self.faithful)
        row = QHBoxLayout()
        row.addWidget(self.measure)
        row.addStretch(1)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        faithful.add(holder)
        column.addWidget(faithful)
        self.setWidget(body)

    def _figures_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * MARGIN)
        for name, title, meaning in FIGURES:
            words = QLabel()
            words.setFont(font(FontSize.SMALL))
            bind(words, "setText", title)
            figure = self._figures[name]
            figure.setFont(font(FontSize.TITLE, tabular=True))
            bind(figure, "setAccessibleName", title)
            for label in (words, figure):
                bind(label, "setToolTip", meaning)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(figure)
            column.addWidget(words)
            row.addLayout(column)
        row.addStretch(1)
        row.setContentsMargins(0, 0, 0, SPACING)
        return row
