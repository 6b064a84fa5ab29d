"""The options of the explainer that is chosen: folded away, kept for each explainer, asked for once typing rests."""

import json
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imgmine_gui.app.settings import Settings
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.text import N_
from imgmine_gui.gui.widgets.option_form import OptionForm
from imgmine_gui.gui.widgets.settings_section import SettingsSection

KEPT = "explainer_options"
REST_MS = 400
"""A heatmap may take seconds: it is not made anew for every digit."""


class MethodOptions(QWidget):
    """A form for each explainer that has options, made when it is first chosen."""

    changed = Signal()
    """Other values that can be used stand there, and have for a moment."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._sections: dict[str, SettingsSection] = {}
        self._kept = _read(settings.text(KEPT))
        self._method = ""
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._take)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def form(self) -> OptionForm | None:
        """The form that is shown; None where the explainer has no options."""
        section = self._sections.get(self._method)
        return section.form if section else None

    def values(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON types: the last values that could be used."""
        return dict(self._kept.get(self._method, {}))

    def set_method(self, name: str) -> None:
        """Show the options of the explainer ``name``; of none where it is empty."""
        if self._rest.isActive():
            self._rest.stop()
            self._keep()
        self._method = name
        if name and name not in self._sections and EXPLAINERS[name].Options.model_fields:
            self._sections[name] = self._make(name)
        for other, section in self._sections.items():
            section.setVisible(other == name)
        self.setVisible(name in self._sections)

    def _make(self, name: str) -> SettingsSection:
        section = SettingsSection(N_("Options of the method"), EXPLAINERS[name].Options)
        section.form.set_values(self._kept.get(name, {}))
        if section.form.problems():
            section.form.reset()
            self._kept.pop(name, None)
        section.changed.connect(self._rest.start)
        self._column.addWidget(section)
        return section

    def _take(self) -> None:
        if self._keep():
            self.changed.emit()

    def _keep(self) -> bool:
        """Keep what the form says, if it can be used; whether that is something new."""
        form = self.form
        if form is None or form.problems():
            return False
        defaults = {name: row.field.default for name, row in form.rows.items()}
        values = {name: value for name, value in form.values().items() if value != defaults[name]}
        if values == self.values():
            return False
        self._kept[self._method] = values
        self._settings.set_text(KEPT, json.dumps(self._kept))
        return True


def _read(text: str) -> dict[str, dict[str, Any]]:
    """What was kept; what does not fit this version of the program is left out."""
    try:
        kept = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: values for name, values in kept.items() if name in EXPLAINERS and isinstance(values, dict)}
