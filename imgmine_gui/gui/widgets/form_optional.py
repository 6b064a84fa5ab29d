"""An option that may have no value: a box to tick beside the control of the value."""

import contextlib
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Kind, OptionField
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import SPACING
from imgmine_gui.gui.widgets.form_editors import WIDTH, ChoiceEditor, Editor, ListEditor, SwitchEditor, TextEditor
from imgmine_gui.gui.widgets.form_number import NumberEditor

KINDS: dict[Kind, type[Editor]] = {
    Kind.SWITCH: SwitchEditor,
    Kind.WHOLE: NumberEditor,
    Kind.REAL: NumberEditor,
    Kind.TEXT: TextEditor,
    Kind.CHOICE: ChoiceEditor,
    Kind.WHOLE_LIST: ListEditor,
}


class OptionalEditor(Editor):
    """Ticked: the value of the control beside it; not ticked: none."""

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._inner = KINDS[field.kind](field)
        self._inner.setMinimumWidth(0)
        self._inner.setMaximumWidth(WIDTH)
        self._kept: Any = field.default if field.default is not None else _start(field)
        self.box = QCheckBox()
        self.control = self.box
        self.setFocusProxy(self.box)
        self.setFixedWidth(WIDTH)
        bind(self.box, "setAccessibleName", field.title)
        bind(self.box, "setToolTip", N_("Not ticked: none"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.box, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._inner, stretch=1)
        self.box.clicked.connect(self._on_clicked)
        self._inner.changed.connect(self.changed)
        self.set_value(field.default)

    def value(self) -> Any:
        """None, or the value of the control."""
        return self._inner.value() if self.box.isChecked() else None

    def set_value(self, value: Any) -> None:
        """Tick the box and show ``value``, or untick it."""
        wanted = value is not None
        self.box.setChecked(wanted)
        self._inner.set_wanted(wanted)
        if wanted:
            self._kept = value
            self._inner.set_value(value)
        self.changed.emit()

    def _on_clicked(self, ticked: bool) -> None:
        if not ticked:
            with contextlib.suppress(UserError):
                self._kept = self._inner.value()
        self.set_value(self._kept if ticked else None)


def _start(field: OptionField) -> Any:
    """What an option without a value begins with when it is given one."""
    match field.kind:
        case Kind.SWITCH:
            return True
        case Kind.CHOICE:
            return field.choices[0][0]
        case Kind.WHOLE | Kind.REAL:
            number = 0 if field.minimum is None else field.minimum
            return int(number) if field.kind is Kind.WHOLE else float(number)
        case Kind.WHOLE_LIST:
            return ()
    return ""


def editor_for(field: OptionField) -> Editor:
    """The control that suits the kind of ``field``."""
    return OptionalEditor(field) if field.optional else KINDS[field.kind](field)
