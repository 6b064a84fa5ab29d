"""Controls for the values of options, one a kind."""

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import OptionField
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.widgets.form_words import bounds_text, parse_number

WIDTH = 160
"""Of all controls, so that they stand in a column."""


class Editor(QWidget):
    """A control for one option.

    Attributes:
        control: what takes the focus.
    """

    changed = Signal()
    control: QWidget

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field

    def _hold(self, control: QWidget) -> None:
        self.control = control
        self.setFocusProxy(control)
        self.setFixedWidth(WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(control)
        bind(control, "setAccessibleName", self.field.title)

    @abstractmethod
    def value(self) -> Any:
        """The value, as the configuration takes it.

        Raises:
            UserError: what was typed is no value; says why.
        """

    @abstractmethod
    def set_value(self, value: Any) -> None:
        """Show ``value``."""

    def set_wanted(self, wanted: bool) -> None:
        """Whether there is a value to edit at all; without one the control is grey and empty."""
        self.control.setEnabled(wanted)


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = QCheckBox()
        self._box.setMinimumHeight(26)
        self._hold(self._box)
        self._box.toggled.connect(self.changed)

    def value(self) -> bool:
        """Whether it is on."""
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        """Switch on or off."""
        self._box.setChecked(bool(value))


class ChoiceEditor(Editor):
    """One of several."""

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = QComboBox()
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for value, _ in field.choices:
            self._box.addItem("", value)
        self._hold(self._box)
        calm_wheel(self._box)
        self._box.currentIndexChanged.connect(self.changed)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the choices in the present language."""
        for index, (_, title) in enumerate(self.field.choices):
            self._box.setItemText(index, tr(title))
        # A name that is too long for the control is whole in the list.
        self._box.view().setMinimumWidth(self._box.view().sizeHintForColumn(0) + WIDTH // 8)

    def value(self) -> str:
        """The value that is chosen."""
        return str(self._box.currentData())

    def set_value(self, value: Any) -> None:
        """Choose ``value``."""
        self._box.setCurrentIndex(max(self._box.findData(str(value)), 0))


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line = QLineEdit()
        self._hold(self._line)
        self._line.textChanged.connect(self.changed)

    def value(self) -> Any:
        """What was typed."""
        return self._line.text()

    def set_value(self, value: Any) -> None:
        """Show ``value``."""
        self._line.setText(str(value))


class ListEditor(TextEditor):
    """Whole numbers, with commas or spaces between them."""

    def value(self) -> tuple[int, ...]:
        """The numbers.

        Raises:
            UserError: something else was typed, or a number is out of bounds.
        """
        return tuple(self._entry(part) for part in self._line.text().replace(",", " ").replace("，", " ").split())

    def _entry(self, text: str) -> int:
        try:
            number = parse_number(text)
        except ValueError:
            number = 0.5
        if not isinstance(number, int):
            raise UserError(N_("“{text}” is no whole number. Write numbers with commas between them."), text=text)
        low, high = self.field.minimum, self.field.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise UserError(N_("{number} does not fit. {bounds}"), number=number, bounds=bounds_text(self.field))
        return number

    def set_value(self, value: Any) -> None:
        """Show the numbers."""
        self._line.setText(", ".join(str(entry) for entry in value))


class _CalmWheel(QObject):
    """Lets the wheel scroll the form instead of changing the value that happens to lie under the pointer."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass the wheel on to what lies behind, unless the control has the focus."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm_wheel(control: QWidget) -> None:
    """Change ``control`` by the wheel only while it has the focus, which the wheel does not give it."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_CalmWheel(control))
