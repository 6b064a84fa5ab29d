"""The line above a plot: what it shows, and the values under the pointer or, without one, the newest."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from imgmine_gui.core.text import N_, join_phrases
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.format import percentage, reading
from imgmine_gui.gui.theme import GAP, HALF, FontSize, font, theme
from imgmine_gui.gui.widgets.plot_colours import PlotColours

TITLES = {"loss": N_("Loss"), "accuracy": N_("Accuracy"), "cer": N_("Character error rate")}
"""What metrics are called; others go by the name that their task gives them."""
WIDEST_NUMBER = "0.00000"


class Readout(QWidget):
    """Title at the left, values of training and validation at the right; nothing moves when they change."""

    def __init__(self, metric: str, fraction: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = percentage if fraction else reading
        self.title = QLabel()
        self.title.setFont(font(FontSize.BODY, bold=True))
        self.set_metric(metric)
        self.place = QLabel()
        self.place.setFont(font(FontSize.SMALL, tabular=True))
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.training, self.validation = self._value(), self._value()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        row.addWidget(self.title)
        row.addSpacing(HALF)
        row.addWidget(self.place, stretch=1)
        self._captions = [QLabel(), QLabel()]
        pairs = zip(self._captions, (N_("Training"), N_("Validation")), (self.training, self.validation), strict=True)
        for caption, text, value in pairs:
            caption.setFont(font(FontSize.SMALL))
            bind(caption, "setText", text)
            row.addSpacing(GAP // 2)
            row.addWidget(caption)
            row.addWidget(value)
        theme().changed.connect(self._recolour)
        self._recolour()

    @staticmethod
    def _value() -> QLabel:
        label = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setFont(font(FontSize.BODY, bold=True, tabular=True))
        label.setMinimumWidth(QFontMetrics(label.font()).horizontalAdvance(WIDEST_NUMBER))
        return label

    def set_metric(self, metric: str) -> None:
        """Name another metric."""
        bind(self.title, "setText", TITLES.get(metric, metric))

    def show_values(self, place: str, training: float | None, validation: float | None) -> None:
        """Show the two values at ``place``, such as "Epoch 3, batch 41"; None where there is none."""
        self.place.setText(place)
        self.training.setText(self._words(training))
        self.validation.setText(self._words(validation))

    def text(self) -> str:
        """All of it as one sentence, for a screen reader."""
        parts = [self.title.text(), self.place.text()]
        for caption, value in zip(self._captions, (self.training, self.validation), strict=True):
            parts.append(f"{caption.text()} {value.text()}")
        return join_phrases(parts)

    def _recolour(self) -> None:
        colours = PlotColours.of(theme().colours)
        strong, light = colours.lettering(colours.validation), colours.lettering(colours.training)
        looks = [(self.place, colours.quiet), (self._captions[0], light), (self.training, light)]
        for label, colour in [*looks, (self._captions[1], strong), (self.validation, strong)]:
            palette = label.palette()
            # Which of the two a label uses depends on what it stands on.
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            palette.setColor(QPalette.ColorRole.Text, colour)
            label.setPalette(palette)
