"""The jobs that run, in the strip at the top: the newest in view, the others one click away."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, ntr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, SPACING
from imgmine_gui.gui.widgets.job_bar import JobBar

PATIENCE_MS = 500
"""A job that is over sooner is not shown: nothing flashes."""
LIST_WIDTH = 480
SILENT = ("explain", "warm_up")
"""Kinds of jobs that are shown where they are asked for."""


class JobsStrip(QWidget):
    """Shows the job that started last, with its Stop or Cancel, and a button that opens the list of all."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.bar = JobBar()
        self.bar.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr] # it has one
        self.more = QToolButton(autoRaise=True)
        self.more.clicked.connect(self._open_list)
        bind(self.more, "setToolTip", N_("Show all running jobs"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.bar, 1)
        row.addWidget(self.more)
        bind(self, "setAccessibleName", N_("Running jobs"))
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._refresh)
        session.runner.changed.connect(self._on_changed)
        on_language_change(self, self._refresh)
        self._refresh()

    def jobs(self) -> list[Job]:
        """The jobs that are worth a place here, the newest first."""
        return [job for job in reversed(self._session.runner.jobs) if job.kind not in SILENT]

    def _on_changed(self) -> None:
        """What is over goes at once; what is new waits a moment."""
        jobs = self.jobs()
        if self.bar.job is None or self.bar.job not in jobs:
            self._refresh(only_known=True)
        self._patience.start()

    def _refresh(self, only_known: bool = False) -> None:
        jobs = [] if only_known else self.jobs()
        if jobs and self.bar.job is not jobs[0]:
            self.bar.show_job(jobs[0])
        elif not jobs:
            self.bar.forget_job()
        others = len(jobs) - 1
        self.more.setVisible(others > 0)
        self.more.setText(f"+{others}")
        self.more.setAccessibleName(ntr("{count} more job", "{count} more jobs", max(1, others)))

    def _open_list(self) -> None:
        """A panel under the button with every job; it closes with a click beside it, or with Esc."""
        panel = QFrame(self, Qt.WindowType.Popup)
        panel.setFrameShape(QFrame.Shape.StyledPanel)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        bind(panel, "setAccessibleName", N_("Running jobs"))
        column = QVBoxLayout(panel)
        column.setContentsMargins(HALF, HALF, HALF, HALF)
        for job in self.jobs():
            bar = JobBar()
            bar.show_job(job)
            column.addWidget(bar)
        panel.setFixedWidth(LIST_WIDTH)
        panel.adjustSize()
        panel.move(self.more.mapToGlobal(QPoint(self.more.width() - LIST_WIDTH, self.more.height() + HALF)))
        panel.show()
