"""The jobs that the page in front does not show itself, in the strip at the top: that they run, and how far they are.

One rule holds for all pages. A page shows the jobs that belong to it where the person looks, each with its phase,
progress, time left and Cancel; the strip then says nothing of them. Of every other job it says quietly that it runs,
and a click shows it with the same bar.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import CATCHING_UP, FAILURES
from imgmine_gui.app.watching import SWITCHING
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import time_left
from imgmine_gui.gui.theme import HALF, FontSize, font, theme
from imgmine_gui.gui.widgets.job_bar import JobBar, state_text
from imgmine_gui.gui.widgets.progress_line import UNKNOWN_SHARE

PATIENCE_MS = 500
"""A job that is over sooner is not shown: nothing flashes."""
LIST_WIDTH = 480
TITLE_WIDTH = 220
RING, STROKE = 18, 3.0
SILENT = ("explain", "warm_up", "describe", "open", FAILURES, SWITCHING, CATCHING_UP)
"""Kinds of jobs that are shown where they are asked for, or are no concern of the person's."""


class JobsStrip(QWidget):
    """A ring that fills up with what runs; hidden where nothing does, or the page shows all of it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: list[Job] = []
        self._own: frozenset[str] = frozenset()
        self.button = QToolButton(autoRaise=True, toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFont(font(FontSize.SMALL))
        self.button.setIconSize(QSize(RING, RING))
        self.button.clicked.connect(self._open_list)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        bind(self, "setAccessibleName", N_("Running jobs"))
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._take_note)
        session.runner.changed.connect(self._on_changed)
        theme().changed.connect(self.retranslate)
        on_language_change(self, self.retranslate)
        self._take_note()

    def leave_to_page(self, kinds: frozenset[str]) -> None:
        """The page in front shows jobs of these kinds itself."""
        self._own = kinds
        self.retranslate()

    def jobs(self) -> list[Job]:
        """The jobs that have a place here, the newest first."""
        return [job for job in reversed(self._known) if not job.is_over and job.kind not in self._own]

    def retranslate(self) -> None:
        """Say what runs, in the present language and theme."""
        jobs = self.jobs()
        self.button.setVisible(bool(jobs))
        if not jobs:
            return
        words = jobs[0].title if len(jobs) == 1 else ntr("{count} job", "{count} jobs", len(jobs))
        fitted = self.button.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, TITLE_WIDTH)
        self.button.setText(fitted.replace("&", "&&"))
        self.button.setIcon(QIcon(ring(_mean(jobs), self.devicePixelRatioF())))
        said = "\n".join(_in_a_line(job) for job in jobs)
        self.button.setToolTip(said)
        self.button.setAccessibleName(tr("{title}: {description}", title=tr("Running jobs"), description=words))
        self.button.setAccessibleDescription(said)

    def _on_changed(self) -> None:
        """What is over goes at once; what is new waits a moment."""
        self.retranslate()
        self._patience.start()

    def _take_note(self) -> None:
        for job in self._session.runner.jobs:
            if job not in self._known and job.kind not in SILENT:
                job.progressed.connect(self.retranslate)
                self._known.append(job)
        self._known = [job for job in self._known if not job.is_over]
        self.retranslate()

    def _open_list(self) -> None:
        """A panel under the button with every job; it closes with a click beside it, with Esc, or with the last job."""
        panel = QFrame(self, Qt.WindowType.Popup)
        panel.setFrameShape(QFrame.Shape.StyledPanel)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        bind(panel, "setAccessibleName", N_("Running jobs"))
        column = QVBoxLayout(panel)
        column.setContentsMargins(HALF, HALF, HALF, HALF)
        bars = [JobBar() for _ in self.jobs()]
        for bar, job in zip(bars, self.jobs(), strict=True):
            bar.show_job(job)
            bar.over.connect(lambda: None if any(one.job for one in bars) else panel.close())
            column.addWidget(bar)
        panel.setFixedWidth(LIST_WIDTH)
        panel.adjustSize()
        panel.move(self.button.mapToGlobal(QPoint(self.button.width() - LIST_WIDTH, self.button.height() + HALF)))
        panel.show()


def ring(share: float | None, ratio: float) -> QPixmap:
    """A ring of which ``share``, 0 to 1, is filled; a quiet quarter where that is not known: nothing here turns.

    Args:
        ratio: pixels of the device for each of the picture's.
    """
    pixmap = QPixmap(round(RING * ratio), round(RING * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    circle = QRectF(0, 0, RING, RING).adjusted(STROKE, STROKE, -STROKE, -STROKE)
    painter.setPen(QPen(theme().colours.border, STROKE))
    painter.drawEllipse(circle)
    filled = theme().colours.text_disabled if share is None else theme().colours.accent
    painter.setPen(QPen(filled, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    top, whole = 90 * 16, 360 * 16  # sixteenths of a degree, against the clock
    painter.drawArc(circle, top, -round(whole * (UNKNOWN_SHARE if share is None else share)))
    painter.end()
    return pixmap


def _mean(jobs: Iterable[Job]) -> float | None:
    """How much of all of them is done; ``None`` where that is not known of one."""
    shares = [job.progress for job in jobs]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if len(known) == len(shares) else None


def _in_a_line(job: Job) -> str:
    left = job.seconds_left
    return state_text(job) if left is None else f"{state_text(job)} · {time_left(left)}"
