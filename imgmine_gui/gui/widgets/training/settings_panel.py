"""Everything that a training for one task is made of, to be chosen and typed: the left side of the page Train."""

import json
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import GROUPS, TrainConfig, configure
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, SPACING
from imgmine_gui.gui.widgets.settings_section import SettingsSection
from imgmine_gui.gui.widgets.training.architecture_cards import ArchitectureCards
from imgmine_gui.gui.widgets.training.augmentation_preview import AugmentationPreview

HEADINGS = {"preprocessing": N_("Image"), "augmentation": N_("Augmentation"), "training": N_("Training")}
OPEN_AT_FIRST = ("preprocessing", "training")
OF_LINES = {
    "width": (N_("Largest width"), N_("A line that would be wider at this height is left out.")),
    "height": (N_("Height"), N_("Every line is brought to this height, and keeps its proportions.")),
}
"""What options are called where images keep their proportions: title and description."""


class SettingsPanel(QScrollArea):
    """Cards of architectures, and a form for each part of a ``TrainConfig``.

    Args:
        task: that is to be learned; its options begin with what it suggests, and those that mean nothing are left out.
    """

    changed = Signal()
    """A setting changed, whether it can be used or not."""

    def __init__(self, task: str = "classification", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = task
        self._task = TASKS[task]
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bind(self, "setAccessibleName", N_("Settings of the training"))
        self.cards = ArchitectureCards(task)
        self.architectures = {
            name: SettingsSection(N_("Architecture"), ARCHITECTURES[name].options_type) for name in self.cards.cards
        }
        self.groups = {name: SettingsSection(HEADINGS.get(name, name), kind) for name, kind in GROUPS.items()}
        self.preview = AugmentationPreview()
        self.groups["augmentation"].add_below(self.preview)
        for name in ("augmentation", "preprocessing"):
            self.groups[name].changed.connect(self.preview.ask_later)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(SPACING)
        column.addWidget(self.cards)
        column.addSpacing(SPACING)
        for section in (*self.architectures.values(), *self.groups.values()):
            column.addWidget(section)
            section.changed.connect(self.changed)
        column.addStretch(1)
        self.setWidget(body)
        for name in OPEN_AT_FIRST:
            self.groups[name].fold.set_open(True)
        self.cards.chosen.connect(self._on_chosen)
        self._suggested_by = self._first()
        self.cards.choose(self._suggested_by)
        self._fit_to_task()
        self._show_chosen()

    def _first(self) -> str:
        """The architecture to begin with."""
        usual = TrainConfig().architecture
        return usual if usual in self.cards.cards else next(iter(self.cards.cards))

    def _fit_to_task(self) -> None:
        """Begin with what the task suggests, and leave out what means nothing to it."""
        self.preview.setHidden(self._task.lines)
        if self._task.suggested:
            for name, section in self.architectures.items():
                section.form.set_defaults(configure(self.task, name).architecture_options)
            begun = configure(self.task, self._first())
            for group, section in self.groups.items():
                section.form.set_defaults(getattr(begun, group).model_dump(mode="json"))
        for section in self._parts().values():
            section.form.leave_out(self._task.without)
        if self._task.lines:
            for name, (title, description) in OF_LINES.items():
                row = self.groups["preprocessing"].form.rows[name]
                row.set_field(replace(row.field, title=title, description=description))

    def _on_chosen(self, name: str) -> None:
        self._suggest(name)
        self._show_chosen()
        self.changed.emit()

    def _suggest(self, name: str) -> None:
        """Where a value is what the architecture before suggests, or a default, show what this one suggests."""
        before, after = ARCHITECTURES[self._suggested_by].suggested, ARCHITECTURES[name].suggested
        for section in self.groups.values():
            form = section.form
            defaults = {option: row.field.default for option, row in form.rows.items()}
            present = form.values()
            asked = [option for option in {**before, **after} if option in defaults]
            kept = [option for option in asked if present.get(option) == before.get(option, defaults[option])]
            form.set_values({option: after.get(option, defaults[option]) for option in kept})
        self._suggested_by = name

    def _show_chosen(self) -> None:
        chosen = self.cards.name()
        for name, section in self.architectures.items():
            section.setVisible(name == chosen)
        scaled_by_itself = ARCHITECTURES[chosen].reads_pixels
        left_out = {*self._task.without, *(("normalisation",) if scaled_by_itself else ())}
        self.groups["preprocessing"].form.leave_out(left_out)

    def config(self) -> TrainConfig:
        """What is set.

        Raises:
            UserError: a value cannot be used; says which and why.
        """
        name = self.cards.name()
        options = self.architectures[name].form.options().model_dump(mode="json")
        groups: dict[str, Any] = {group: section.form.options() for group, section in self.groups.items()}
        return TrainConfig(task=self.task, architecture=name, architecture_options=options, **groups)

    def problems(self) -> list[str]:
        """What cannot be used, in the present language."""
        sections = [self.architectures[self.cards.name()], *self.groups.values()]
        return [problem for section in sections for problem in section.form.problems()]

    def set_config(self, config: TrainConfig) -> None:
        """Show the settings of ``config``, which is for this task, such as those of an earlier run."""
        self.cards.choose(config.architecture)
        self.architectures[config.architecture].form.set_options(config.options)
        for group, section in self.groups.items():
            section.form.set_options(getattr(config, group))
        self._suggested_by = config.architecture
        self._show_chosen()

    def _parts(self) -> dict[str, SettingsSection]:
        """All sections by the names that they are kept under."""
        return {**{f"options of {name}": section for name, section in self.architectures.items()}, **self.groups}

    def reset(self) -> None:
        """Go back to the defaults of everything."""
        for section in self._parts().values():
            section.form.reset()
        self._suggested_by = self._first()
        self.cards.choose(self._suggested_by)

    def to_json(self) -> str:
        """The settings that can be used, of every architecture, to be kept with the project."""
        kept: dict[str, Any] = {name: section.form.values() for name, section in self._parts().items()}
        return json.dumps({**kept, "architecture": self.cards.name()})

    def from_json(self, text: str) -> None:
        """Show what ``to_json`` kept; what does not fit this version of the program stays at its default."""
        self.reset()
        try:
            kept = json.loads(text)
        except ValueError:
            return
        if not isinstance(kept, dict):
            return
        for name, section in self._parts().items():
            values = kept.get(name)
            if isinstance(values, dict):
                _fill(section, values)
        if kept.get("architecture") in self.cards.cards:
            self._suggested_by = kept["architecture"]
            self.cards.choose(kept["architecture"])


def _fill(section: SettingsSection, values: dict[str, Any]) -> None:
    try:
        section.form.set_values(values)
    except (TypeError, ValueError, UserError):
        section.form.reset()
    if section.form.problems():
        section.form.reset()
