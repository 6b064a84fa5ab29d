"""What a learning curve says: a sentence, the plot, the values under the pointer, export and copy."""

import csv
import io
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.features.learning_curve import LearningCurve
from imgmine_gui.core.features.quick_check import CheckedBySizes
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.text import N_, join_sentences, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import number, percentage
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.quick_check.curve_plot import CurvePlot
from imgmine_gui.gui.widgets.quick_check.words import how_words, unbroken

WORTHWHILE = 0.005
"""A gain by doubling, as a share of all images, that is worth the work where it is sure."""
FAR = 10**6
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -FAR, Qt.Key.Key_End: FAR}


class CurveView(QWidget):
    """Shows one learning curve; left and right read its points one by one."""

    saved = Signal(object)
    """The ``Path`` of the table that was written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: CheckedBySizes | None = None
        self.verdict, self.meaning = (QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(2))
        self.verdict.setFont(font(FontSize.HEADING, bold=True))
        self.reading = QLabel()
        self.reading.setFont(font(tabular=True))
        self.plot, self.how = CurvePlot(), MutedLabel(FontSize.SMALL)
        self.frame = _Keys(self)
        self.export = QPushButton(icon("download-simple"), "")
        self.copy = QPushButton(icon("copy"), "")
        bind(self.export, "setText", N_("Export as CSV…"))
        bind(self.copy, "setText", N_("Copy as a table"))
        self.export.clicked.connect(self._ask_where)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.table("\t")))
        self.plot.scene().sigMouseMoved.connect(lambda place: self.read(self.plot.nearest(place)))
        self._at: int | None = None
        self._arrange()
        bind(self, "setAccessibleName", N_("Learning curve"))
        on_language_change(self, self.retranslate)

    def show_result(self, result: CheckedBySizes) -> None:
        """Show this one."""
        self.result, self._at = result, None
        self.plot.show_curve(result.found)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the words anew."""
        if self.result is None:
            return
        curve = self.result.found
        self.verdict.setText(_verdict(curve))
        self.meaning.setText(unbroken(_meaning(curve)))
        law = tr(
            "Curve: {law}. Interval of the gain: bootstrap over the {folds} parts.",
            law=tr(curve.source),
            folds=self.result.folds,
        )
        self.how.setText(join_sentences(*how_words(self.result.images, curve.seconds), law))
        self.read(self._at)

    def read(self, index: int | None) -> None:
        """Write the values of a measured point above the plot; of the last one where none is meant."""
        if self.result is None:
            return
        self._at = index
        self.plot.point_at(index)
        point = self.result.found.points[-1 if index is None else index]
        words = tr(
            "Measured with {images} images a class: {accuracy} ({low} to {high})",
            images=number(point.images_a_class),
            accuracy=percentage(point.accuracy.mean),
            low=percentage(point.accuracy.low),
            high=percentage(point.accuracy.high),
        )
        self.reading.setText(words)
        self.frame.setAccessibleDescription(words)

    def step(self, by: int) -> None:
        """Read another point."""
        if self.result is not None:
            last = len(self.result.found.points) - 1
            self.read(min(max((last if self._at is None else self._at) + by, 0), last))

    def table(self, delimiter: str) -> str:
        """The measured points and what is expected, with a heading; numbers with a point, accuracies from 0 to 1."""
        assert self.result is not None
        curve, text = self.result.found, io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        folds = range(1, self.result.folds + 1)
        writer.writerow(
            ["kind", "images_a_class", "accuracy", "interval_low", "interval_high", *(f"part_{one}" for one in folds)]
        )
        for point in curve.points:
            found = point.accuracy
            writer.writerow(
                ["measured", *map(_plain, (point.images_a_class, found.mean, found.low, found.high, *point.by_fold))]
            )
        for images, accuracy in ((curve.images_a_class, curve.now), (2 * curve.images_a_class, curve.doubled)):
            writer.writerow(["expected", _plain(images), _plain(accuracy), "", "", *("" for _ in folds)])
        return text.getvalue()

    def save(self, path: Path) -> None:
        """Write the table as CSV.

        Raises:
            UserError: it cannot be written.
        """
        write_bytes(path, self.table(",").encode())
        self.saved.emit(path)

    def _ask_where(self) -> None:
        start = Path.home() / (tr("learning curve") + ".csv")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export the learning curve"), str(start), "CSV (*.csv)")
        if chosen:
            self.save(Path(chosen) if Path(chosen).suffix else Path(chosen + ".csv"))

    def _arrange(self) -> None:
        inner = QVBoxLayout(self.frame)
        inner.setContentsMargins(GAP, SPACING, SPACING, SPACING)
        inner.setSpacing(HALF)
        inner.addWidget(self.reading)
        inner.addWidget(self.plot, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.how, 1)
        for button in (self.copy, self.export):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.verdict)
        column.addWidget(self.meaning)
        column.addWidget(self.frame, 1)
        column.addLayout(row)


class _Keys(QFrame):
    """Holds the plot and takes the keys; an outline shows that it has the focus."""

    def __init__(self, view: CurveView) -> None:
        super().__init__(view)
        self._view = view
        for part in (view.plot, view.plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        bind(self, "setAccessibleName", N_("Learning curve"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right, Home and End."""
        if event.key() in STEPS:
            self._view.step(STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(theme().colours.accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the outline."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()


def _verdict(curve: LearningCurve) -> str:
    if curve.gain.low >= WORTHWHILE:
        return tr("More images would help.")
    if curve.gain.high < 2 * WORTHWHILE:
        return tr("More images of the same kind would hardly help.")
    return tr("More images may help.")


def _meaning(curve: LearningCurve) -> str:
    return tr(
        "With twice the {images} images a class, accuracy would go from about {now} to about {doubled}: {gain} "
        "percentage points (95% interval {low} to {high}).",
        images=number(curve.images_a_class),
        now=percentage(curve.now),
        doubled=percentage(curve.doubled),
        gain=_points(curve.gain.mean),
        low=_points(curve.gain.low),
        high=_points(curve.gain.high),
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _plain(value: float) -> str:
    return f"{value:.6g}"
