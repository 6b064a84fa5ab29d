"""The thin bar at the bottom: counts and selection of the page, what changed by itself, memory, and the engine."""

import contextlib

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from imgmine_gui.app.looking import LookingState
from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import size_in_bytes
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.watch_line import WatchLine

MEMORY_INTERVAL_MS = 2000
ENGINE_WORDS = {
    LookingState.OFF: N_("Engine: off"),
    LookingState.STARTING: N_("Engine: starting"),
    LookingState.BUSY: N_("Engine: busy"),
    LookingState.READY: N_("Engine: ready"),
}
OWN_ENGINE = ("train", "estimate")
"""The kinds of jobs that have an engine beside the one for looking."""
TRAINING_WORDS = N_("Engine: training")


class StatusBar(QStatusBar):
    """What the page in front counts, and what the program uses."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self.counts, self.memory, self.engine = QLabel(), QLabel(), QLabel()
        self.watching = WatchLine(session.watching)
        for label in (self.counts, self.watching, self.memory, self.engine):
            label.setFont(font(FontSize.SMALL, tabular=True))
        self.addWidget(self.counts, 1)
        self.addPermanentWidget(self.watching)
        self.addPermanentWidget(self.memory)
        self.addPermanentWidget(self.engine)
        self.setContentsMargins(SPACING, 0, GAP, 0)
        self.watching.setContentsMargins(0, 0, GAP, 0)
        self.engine.setContentsMargins(GAP, 0, 0, 0)
        self.engine.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bind(self, "setAccessibleName", N_("Status"))
        bind(self.counts, "setAccessibleName", N_("Counts and selection"))
        bind(self.memory, "setAccessibleName", N_("Memory"))
        bind(self.engine, "setAccessibleName", N_("Engine"))
        bind(
            self.memory,
            "setToolTip",
            N_("Memory that this window and the engine use. The engine is the process that trains and predicts."),
        )
        bind(self.engine, "setToolTip", N_("The engine is the process that trains and predicts."))
        session.looking.state_changed.connect(self.retranslate)
        session.runner.changed.connect(self.retranslate)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._timer = QTimer(self, interval=MEMORY_INTERVAL_MS)
        self._timer.timeout.connect(self._measure)
        self._timer.start()
        self._recolour()
        self.retranslate()

    def show_counts(self, text: str) -> None:
        """Show what the page in front counts; translated."""
        self.counts.setText(text)

    def retranslate(self) -> None:
        """Show the engine's present state and the memory, in the present language."""
        training = self._session.training_job is not None
        self.engine.setText(tr(TRAINING_WORDS if training else ENGINE_WORDS[self._session.looking.state]))
        widest = max(self.engine.fontMetrics().horizontalAdvance(tr(words)) for words in ENGINE_WORDS.values())
        self.engine.setMinimumWidth(widest + GAP)
        if self.memory.text():
            self._measure()

    def _measure(self) -> None:
        import psutil  # 0.03 s: not at the start

        used = psutil.Process().memory_info().rss
        pid = self._session.looking.engine_pid
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end between the two lines
            used += psutil.Process(pid).memory_info().rss if pid is not None else 0
        used += sum(job.memory or 0 for job in self._session.runner.jobs if job.kind in OWN_ENGINE)
        self.memory.setText(tr("Memory: {size}", size=size_in_bytes(used)))

    def _recolour(self) -> None:
        for label in (self.counts, self.watching, self.memory, self.engine):
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, theme().colours.text_muted)
            label.setPalette(palette)
