"""Which task is learned, where the images give a choice, and the settings of its training."""

import json
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.style import CONTROL_HEIGHT
from imgmine_gui.gui.theme import GAP, SPACING
from imgmine_gui.gui.widgets.tab_stop import stop_at_chosen
from imgmine_gui.gui.widgets.training.settings_panel import SettingsPanel

USUAL = TrainConfig().task


class TaskSettings(QWidget):
    """A ``SettingsPanel`` for each task; a choice above them where there is more than one to be learned."""

    changed = Signal()
    """A setting, or the task, changed."""
    task_changed = Signal(str)
    preview_asked = Signal(int)
    """Show what augmentation does, drawn with this seed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panels: dict[str, SettingsPanel] = {}
        self.buttons = {name: _button(name) for name in sorted(TASKS, key=lambda name: name != USUAL)}
        self.choice = QWidget()
        self.stack = QStackedWidget()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self.choice)
        row.setContentsMargins(GAP, GAP, GAP, 0)
        row.setSpacing(0)
        for name, button in self.buttons.items():
            self._group.addButton(button)
            row.addWidget(button, 1)
            button.toggled.connect(lambda on, name=name: self._show(name) if on else None)
        stop_at_chosen(self._group)
        bind(self.choice, "setAccessibleName", N_("What is learned"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.choice)
        column.addWidget(self.stack, 1)
        self.buttons[USUAL].setChecked(True)
        self.offer(())

    @property
    def task(self) -> str:
        """The name of the task that is chosen."""
        return self.panel.task

    @property
    def panel(self) -> SettingsPanel:
        """The settings of the task that is chosen."""
        shown = self.stack.currentWidget()
        assert isinstance(shown, SettingsPanel)
        return shown

    def offer(self, tasks: tuple[str, ...]) -> None:
        """Let the person choose among these; hide the choice where that is no choice. The chosen one stays."""
        for name, button in self.buttons.items():
            button.setVisible(name in tasks or name == self.task)
        self.choice.setVisible(len({*tasks, self.task}) > 1)

    def choose(self, task: str) -> None:
        """Choose ``task``."""
        self.buttons[task].setChecked(True)

    def set_config(self, config: TrainConfig) -> None:
        """Show the settings of ``config`` and its task."""
        self.choose(config.task)
        self.panel.set_config(config)

    def to_json(self) -> str:
        """The task and the settings of each that was looked at, to be kept with the project."""
        return json.dumps({"task": self.task, "settings": {name: one.to_json() for name, one in self.panels.items()}})

    def from_json(self, text: str) -> None:
        """Show what ``to_json`` kept; what does not fit this version of the program stays at its default."""
        kept = _read(text)
        settings = kept.get("settings", {USUAL: text})  # before there were several tasks, that was all
        for name, panel in self.panels.items():
            panel.from_json(settings.get(name, ""))
        for name in settings:
            if name in TASKS:
                self._panel_of(name).from_json(settings[name])
        task = kept.get("task", USUAL)
        self.choose(task if task in TASKS else USUAL)

    def _panel_of(self, task: str) -> SettingsPanel:
        """Made when it is looked at for the first time."""
        if task not in self.panels:
            panel = self.panels[task] = SettingsPanel(task)
            panel.changed.connect(self.changed)
            panel.preview.asked.connect(self.preview_asked)
            self.stack.addWidget(panel)
        return self.panels[task]

    def _show(self, task: str) -> None:
        before = self.stack.currentWidget()
        panel = self._panel_of(task)
        self.stack.setCurrentWidget(panel)
        if before is not None and before is not panel:
            self.task_changed.emit(task)
            self.changed.emit()


def _read(text: str) -> dict[str, Any]:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    settings = kept.get("settings", {}) if isinstance(kept, dict) else None
    sound = isinstance(settings, dict) and all(isinstance(one, str) for one in settings.values())
    return kept if sound else {}


def _button(task: str) -> QToolButton:
    button = QToolButton(toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setCheckable(True)
    button.setMinimumHeight(CONTROL_HEIGHT)
    policy = button.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Expanding)
    button.setSizePolicy(policy)
    bind(button, "setText", TASKS[task].title)
    bind(button, "setToolTip", TASKS[task].summary)
    return button
