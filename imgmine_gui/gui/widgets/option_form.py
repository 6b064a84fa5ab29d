"""A form for any configuration: made from the description of its fields, and knowing nothing else of it."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Options, option_fields
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.theme import HALF
from imgmine_gui.gui.widgets.form_fold import Fold
from imgmine_gui.gui.widgets.form_row import OptionRow

LENGTHS = {
    "too_short": N_("At least so many numbers are needed: {limit}."),
    "too_long": N_("There may be at most so many numbers: {limit}."),
}


class OptionForm(QWidget):
    """A row for each field of ``options_type``; the advanced ones are folded away at first.

    Example:
        >>> form = OptionForm(TrainingOptions)
        >>> form.changed.connect(lambda: print(form.problems() or form.options()))
    """

    changed = Signal()
    """A value changed, whether it can be used or not."""

    def __init__(self, options_type: type[Options], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options_type = options_type
        self.rows = {field.name: OptionRow(field) for field in option_fields(options_type)}
        self._checked: Options | None = None
        self._filling = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        advanced = QWidget()
        folded = QVBoxLayout(advanced)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(HALF)
        for row in self.rows.values():
            (folded if row.field.advanced else column).addWidget(row)
            row.changed.connect(self._on_changed)
        self.advanced = Fold(N_("More"), advanced, bold=False)
        self.advanced.setVisible(folded.count() > 0)
        column.addWidget(self.advanced)
        on_language_change(self, self._check)
        self._check()

    def options(self) -> Options:
        """The configuration.

        Raises:
            UserError: a value cannot be used; says which and why.
        """
        if self._checked is None:
            raise UserError(N_("{problem}"), problem=self.problems()[0])
        return self._checked

    def problems(self) -> list[str]:
        """What cannot be used, in the present language: one line a field."""
        texts = [(row, row.problem.text()) for row in self.rows.values()]
        return [
            tr("{title}: {description}", title=tr(row.field.title), description=text) for row, text in texts if text
        ]

    def set_defaults(self, defaults: dict[str, Any]) -> None:
        """Take these values, of JSON types, for the defaults from now on, and show them."""
        self.set_values(defaults)
        for name, row in self.rows.items():
            if name in defaults:
                row.set_field(replace(row.field, default=row.value()))
        self.changed.emit()

    def leave_out(self, names: Collection[str]) -> None:
        """Show no rows of these options, which keep their values; the fold of the advanced ones goes with its last."""
        for name, row in self.rows.items():
            row.setHidden(name in names)
        self.advanced.setVisible(any(row.field.advanced and name not in names for name, row in self.rows.items()))

    def set_options(self, options: Options) -> None:
        """Show ``options``."""
        self.set_values(options.model_dump(mode="json"))

    def set_values(self, values: dict[str, Any]) -> None:
        """Show these values, of JSON types, and leave the other fields as they are."""
        self._filling = True
        for name, row in self.rows.items():
            if name in values:
                row.editor.set_value(values[name])
        self._filling = False
        self._on_changed()

    def values(self) -> dict[str, Any]:
        """The values that can be used, each taken for itself, as JSON types."""
        if self._checked is not None:
            return self._checked.model_dump(mode="json")
        sound = {name: row for name, row in self.rows.items() if not row.problem.text()}
        return {name: row.value() for name, row in sound.items()}

    def reset(self) -> None:
        """Go back to the defaults."""
        self._filling = True
        for row in self.rows.values():
            row.editor.set_value(row.field.default)
        self._filling = False
        self._on_changed()

    def changes(self) -> int:
        """How many values are others than the defaults."""
        return sum(row.is_changed() for row in self.rows.values())

    def _on_changed(self) -> None:
        if not self._filling:
            self._check()
            self.changed.emit()

    def _check(self) -> None:
        """Read all rows, and say at each what is wrong with it."""
        values: dict[str, Any] = {}
        texts = dict.fromkeys(self.rows, "")
        for name, row in self.rows.items():
            try:
                values[name] = row.value()
            except UserError as error:
                texts[name] = str(error)
        self._checked = None
        if not any(texts.values()):
            try:
                self._checked = self.options_type.model_validate(values)
            except ValidationError as error:
                for details in error.errors():
                    texts[self._row_of(details)] = _words(details)
        for name, row in self.rows.items():
            row.show_problem(texts[name])
            if texts[name] and row.field.advanced:
                self.advanced.set_open(True)

    def _row_of(self, details: ErrorDetails) -> str:
        """The field that an error is about; the first for one that is about several."""
        name = str(details["loc"][0]) if details["loc"] else ""
        return name if name in self.rows else next(iter(self.rows))


def _words(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    if details["type"] in LENGTHS:
        return tr(LENGTHS[details["type"]], limit=context.get("min_length", context.get("max_length")))
    return details["msg"].removeprefix("Value error, ")
