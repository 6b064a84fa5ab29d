"""What was measured of the selected image, so that a person sees why it was found."""

from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from imgmine_gui.core.project.health.measures import Measures
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import DASH, number
from imgmine_gui.gui.theme import GAP, HALF, font
from imgmine_gui.gui.widgets.data.muted import MutedLabel

_FIELDS = (
    (
        "sharpness",
        N_("Sharpness"),
        N_("How much of the contrast is fine detail: of photographs about 0.15, of blurred ones a tenth of it."),
    ),
    ("brightness", N_("Brightness"), N_("The mean; 0 is black and 1 is white.")),
    ("contrast", N_("Contrast"), N_("How much the brightness varies; 0.5 is half black and half white.")),
    ("entropy", N_("Information"), N_("In the brightness of a pixel; 8 bits is the most there is.")),
    ("saturation", N_("Colour"), N_("How far from grey, in the mean; 1 is as strong as a screen shows it.")),
)


class MeasureFields(QWidget):
    """Five numbers; hidden where nothing is measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures: Measures | None = None
        self.values = {name: QLabel() for name, *_ in _FIELDS}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GAP)
        form.setVerticalSpacing(HALF)
        for name, title, hover in _FIELDS:
            label = MutedLabel()
            bind(label, "setText", title)
            for one in (label, self.values[name]):
                bind(one, "setToolTip", hover)
            self.values[name].setFont(font(tabular=True))
            form.addRow(label, self.values[name])
        bind(self, "setAccessibleName", N_("Measures"))
        on_language_change(self, self.retranslate)
        self.show_measures(None)

    def show_measures(self, measures: Measures | None) -> None:
        """Show these; ``None`` where the image is not measured."""
        self._measures = measures
        self.setVisible(measures is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """Say them in the present language."""
        one = self._measures
        if one is None:
            for label in self.values.values():
                label.setText(DASH)
            return
        said = {
            "sharpness": number(one.detail),
            "brightness": number(one.brightness),
            "contrast": number(one.contrast),
            "entropy": tr("{number} bits", number=number(one.entropy)),
            "saturation": number(one.saturation),
        }
        for name, text in said.items():
            self.values[name].setText(text)
