"""Colours of the plots, in either theme, from the set of Okabe and Ito that colour-blind people can tell apart."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPen

from imgmine_gui.gui.colours import Colours

PRESENT_LIGHT, PRESENT_DARK = "#0072b2", "#56b4e9"
EARLIER_LIGHT = ("#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000")
EARLIER_DARK = ("#e69f00", "#009e73", "#cc79a7", "#d55e00", "#f0e442")
READABLE = 4.5
"""The least contrast of a text with what is behind it (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True)
class PlotColours:
    """What is painted with which colour.

    Attributes:
        validation, training, batches: curves of the present run: strong, light, and the pale cloud behind.
        earlier: one strong colour for each earlier run, to be made pale by whoever paints.
    """

    background: QColor
    text: QColor
    quiet: QColor
    grid: QColor
    validation: QColor
    training: QColor
    batches: QColor
    earlier: tuple[QColor, ...]

    @classmethod
    def of(cls, colours: Colours) -> "PlotColours":
        """The colours of the plots on the surface of a theme."""
        background, text = colours.surface, colours.text
        dark = background.lightnessF() < 0.5
        present = QColor(PRESENT_DARK if dark else PRESENT_LIGHT)
        return cls(
            background=background,
            text=text,
            quiet=colours.text_muted,
            grid=mix(background, text, 0.12),
            validation=present,
            training=mix(background, present, 0.68),
            batches=mix(background, present, 0.22),
            earlier=tuple(QColor(name) for name in (EARLIER_DARK if dark else EARLIER_LIGHT)),
        )

    def pale(self, colour: QColor, share: float) -> QColor:
        """``colour`` on its way to the background; opaque, so that crossing lines add nothing."""
        return mix(self.background, colour, share)

    def lettering(self, colour: QColor) -> QColor:
        """``colour``, brought so near to the text's that words in it can be read."""
        return readable(colour, self.background, self.text)


def pen(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen ``width`` logical pixels wide; pyqtgraph's pens count those of the device, half as wide at 200 percent."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    made: QPen = pg.mkPen(colour, width=width * ratio, style=style)
    return made


def mix(start: QColor, end: QColor, share: float) -> QColor:
    """The colour ``share`` of the way from ``start`` to ``end``."""
    pairs = zip(_rgb(start), _rgb(end), strict=True)
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in pairs))


def readable(colour: QColor, background: QColor, text: QColor) -> QColor:
    """The nearest colour on the way from ``colour`` to ``text`` that has enough contrast with ``background``."""
    shares = (share / 20 for share in range(21))
    return next((c for s in shares if contrast(c := mix(colour, text, s), background) >= READABLE), text)


def contrast(one: QColor, other: QColor) -> float:
    """From 1 to 21: (L1 + 0.05) / (L2 + 0.05) of the relative luminances, the lighter first (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _luminance(colour: QColor) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
