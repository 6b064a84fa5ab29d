"""A number with its unit, its bounds and steps that suit it."""

import math
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QWidget

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Kind, OptionField
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.form_editors import Editor, calm_wheel
from imgmine_gui.gui.widgets.form_words import NO_VALUE, bounds_text, parse_number, plain_number

DECADES = 1000.0
"""A range whose ends differ by at least this factor is stepped through by 1, 2, 5, 10, ..."""
STEPS_IN_RANGE = 20


class NumberBox(QAbstractSpinBox):
    """A field that takes any text and says by ``number`` whether it is a number; arrows and keys step.

    Qt's own spin boxes refuse keys without a word and have no 1e-3.
    """

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._unit = QLabel(self.lineEdit())
        self._unit.setFont(font(FontSize.SMALL))
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self.retranslate()

    def retranslate(self) -> None:
        """Name the unit in the present language."""
        self._unit.setText(tr(self._field.unit) if self._field.unit else "")
        self._unit.adjustSize()
        self._place_unit()

    def _recolour(self) -> None:
        palette = self._unit.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, theme().colours.text_muted)
        self._unit.setPalette(palette)

    def _place_unit(self) -> None:
        line = self.lineEdit()
        width = self._unit.sizeHint().width() if self._unit.text() else 0
        line.setTextMargins(0, 0, width + SPACING if width else 0, 0)
        self._unit.setGeometry(line.width() - width - HALF, 0, width, line.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the unit at the right end."""
        super().resizeEvent(event)
        self._place_unit()

    def number(self) -> float | int:
        """What was typed.

        Raises:
            ValueError: it is no number.
        """
        unit = tr(self._field.unit) if self._field.unit else ""
        return parse_number(self.text(), unit, whole=self._field.kind is Kind.WHOLE)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Everything may be typed; what does not fit is said beside the field."""
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Up and down, as far as the bounds allow."""
        flags = QAbstractSpinBox.StepEnabledFlag
        try:
            number = self.number()
        except ValueError:
            return flags.StepNone
        up = flags.StepUpEnabled if number < self._high else flags.StepNone
        return up | (flags.StepDownEnabled if number > self._low else flags.StepNone)

    def stepBy(self, steps: int) -> None:
        """Go up or down by so many steps, but not beyond the bounds."""
        try:
            value = self.number()
        except ValueError:
            return
        whole = self._field.kind is Kind.WHOLE
        stepped = value + steps if whole else self._stepped(float(value), steps)
        bounded = min(max(stepped, self._low), self._high)
        self.lineEdit().setText(plain_number(int(bounded) if whole else float(bounded)))
        self.selectAll()

    @property
    def _low(self) -> float:
        return -math.inf if self._field.minimum is None else self._field.minimum

    @property
    def _high(self) -> float:
        return math.inf if self._field.maximum is None else self._field.maximum

    def _stepped(self, value: float, steps: int) -> float:
        if self._low > 0 and self._high >= DECADES * self._low:
            for _ in range(abs(steps)):
                value = next_on_scale(value, steps > 0)
            return value
        span = self._high - self._low
        step = Decimal(repr(_nice(span / STEPS_IN_RANGE if math.isfinite(span) else 1.0)))
        return float((Decimal(repr(value)) / step).to_integral_value() * step + steps * step)


def next_on_scale(value: float, up: bool) -> float:
    """The neighbour of ``value`` among 1, 2, 5 times a power of ten."""
    power = math.floor(math.log10(value))
    scale = [float(f"{mantissa}e{exponent}") for exponent in range(power - 1, power + 2) for mantissa in (1, 2, 5)]
    if up:
        return next(mark for mark in scale if mark > value * (1 + 1e-9))
    return next(mark for mark in reversed(scale) if mark < value * (1 - 1e-9))


def _nice(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is at most ``value``."""
    power = math.floor(math.log10(value))
    return max(mark for m in (1, 2, 5) if (mark := float(f"{m}e{power}")) <= value * (1 + 1e-9))


class NumberEditor(Editor):
    """A whole or real number."""

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = NumberBox(field)
        self._hold(self._box)
        calm_wheel(self._box)
        self._box.lineEdit().textChanged.connect(self.changed)

    def value(self) -> float | int:
        """The number.

        Raises:
            UserError: it is none, or out of its bounds.
        """
        whole = self.field.kind is Kind.WHOLE
        try:
            number = self._box.number()
        except ValueError:
            number = math.nan
        if whole and not isinstance(number, int):
            raise UserError(N_("A whole number is needed. {bounds}"), bounds=bounds_text(self.field))
        if not math.isfinite(number):
            raise UserError(N_("A number is needed. {bounds}"), bounds=bounds_text(self.field))
        low, high = self.field.minimum, self.field.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise UserError(
                N_("{number} does not fit. {bounds}"), number=plain_number(number), bounds=bounds_text(self.field)
            )
        return number if whole else float(number)

    def set_value(self, value: Any) -> None:
        """Show ``value``."""
        self._box.lineEdit().setText(plain_number(value))

    def set_wanted(self, wanted: bool) -> None:
        """Without a value, the field says "none"."""
        super().set_wanted(wanted)
        bind(self._box.lineEdit(), "setPlaceholderText", "" if wanted else NO_VALUE)
        if not wanted:
            self._box.lineEdit().clear()
