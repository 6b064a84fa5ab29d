"""What happened in the training: its phases and its warnings."""

import time
from collections.abc import Callable, Iterable
from pathlib import PurePath

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from imgmine_gui.core.events import Event, ImageSkipped, PhaseStarted, Warned
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.form_fold import Fold

KEPT = 500
"""Older lines are dropped: a source of a million bad files must not fill the memory."""
HEIGHT = 92
ICON = 14

Words = Callable[[], str]
"""A text in the language that is present when it is asked for."""


class EventLog(QWidget):
    """A list that folds away; opened by itself by the first warning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setFont(font(FontSize.SMALL, tabular=True))
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setFixedHeight(HEIGHT)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        bind(self.list, "setAccessibleName", N_("Log of the training"))
        self.fold = Fold(N_("Log"), self.list, bold=False)
        self._lines: list[tuple[str, bool, Words]] = []
        self._phases: set[str] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, HALF, SPACING, HALF)
        column.addWidget(self.fold)
        on_language_change(self, self.retranslate)

    def start(self) -> None:
        """A new training begins."""
        self._phases.clear()

    def add_events(self, events: Iterable[Event]) -> None:
        """Note the phases and the warnings among ``events``; a phase that comes back each epoch is noted once."""
        for event in events:
            match event:
                case PhaseStarted(phase=phase) if phase not in self._phases:
                    self._phases.add(phase)
                    self.add(lambda phase=phase: tr(phase))  # type: ignore[misc]
                case Warned(message=message, values=values):
                    self.add(lambda message=message, values=values: tr(message, **values), True)  # type: ignore[misc]
                case ImageSkipped(path=path, reason=reason):
                    name = PurePath(path).name
                    self.add(lambda name=name, reason=reason: tr(SKIPPED, name=name, reason=reason), True)  # type: ignore[misc]

    def add(self, words: Words, warning: bool = False) -> None:
        """Note one line now."""
        self._lines.append((time.strftime("%H:%M:%S"), warning, words))
        self.list.addItem(self._item(*self._lines[-1]))
        if len(self._lines) > KEPT:
            del self._lines[0]
            self.list.takeItem(0)
        self.list.scrollToBottom()
        if warning:
            self.fold.set_open(True)

    def texts(self) -> list[str]:
        """All lines, without their times."""
        return [words() for _, _, words in self._lines]

    def retranslate(self) -> None:
        """Write everything in the present language."""
        self.list.clear()
        for line in self._lines:
            self.list.addItem(self._item(*line))
        self.list.scrollToBottom()

    @staticmethod
    def _item(when: str, warning: bool, words: Words) -> QListWidgetItem:
        item = QListWidgetItem(f"{when}   {words()}")
        item.setIcon(icon("warning", "warning") if warning else icon("minus", "text_muted"))
        item.setToolTip(words())
        return item


SKIPPED = N_("{name} was left out: {reason}")
