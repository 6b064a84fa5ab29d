"""The switch for live training, what came of it, and how far its look at the images is."""

from PySide6.QtCore import QDateTime, QLocale, QSignalBlocker, QSize
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.live_training import LiveTraining
from imgmine_gui.app.live_worker import LiveSaid
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count, percentage, time_left
from imgmine_gui.gui.theme import HALF, ICON_SIZE, SPACING, FontSize, icon
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.progress_line import ProgressLine


class LivePanel(QWidget):
    """A box to tick; below it, in quiet words, what the head has learned and how often it is right.

    Args:
        live: what the box switches.
    """

    def __init__(self, live: LiveTraining, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._job: Job | None = None
        self.switch = QCheckBox()
        bind(self.switch, "setText", N_("Live training"))
        bind(
            self.switch,
            "setToolTip",
            N_("Learns anew after each label, and shows what it would say of every image, also of unlabelled ones"),
        )
        self.switch.toggled.connect(live.switch)
        self.words = MutedLabel(FontSize.SMALL)
        bind(self.words, "setAccessibleName", N_("What live training has learned"))
        self.line, self.left = ProgressLine(), MutedLabel(FontSize.SMALL)
        self.left.setWordWrap(False)
        bind(self.line, "setAccessibleName", N_("Progress"))
        self.button = QToolButton(autoRaise=True)
        self.button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.button.clicked.connect(self._stop_or_go_on)
        self._arrange()
        live.changed.connect(self.follow)
        on_language_change(self, self.retranslate)
        self.follow()

    def follow(self) -> None:
        """Show the present state."""
        live = self._live
        with QSignalBlocker(self.switch):
            self.switch.setChecked(live.is_on)
        if live.job is not self._job:
            if self._job is not None:
                self._job.progressed.disconnect(self._show_progress)
            self._job = live.job
            if self._job is not None:
                self._job.progressed.connect(self._show_progress)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the present language."""
        live = self._live
        self.words.setVisible(live.is_on)
        self._row.setVisible(live.job is not None or live.is_held)
        self.words.setText(in_words(live.said, live.job is not None) if live.is_on else "")
        name = N_("Cancel") if self._job is not None else N_("Go on looking at the images")
        self.button.setIcon(icon("x" if self._job is not None else "play"))
        bind(self.button, "setToolTip", name)
        bind(self.button, "setAccessibleName", name)
        self._show_progress()

    def _show_progress(self) -> None:
        job, said = self._job, self._live.said
        if job is not None:
            self.line.set_fraction(job.progress)
            self.left.setText("" if job.seconds_left is None else time_left(job.seconds_left))
        elif said is not None and said.chosen:
            self.line.set_fraction(said.covered / said.chosen)
            self.left.setText(tr(N_("Stopped")))

    def _stop_or_go_on(self) -> None:
        if self._job is not None:
            self._job.cancel()
        else:
            self._live.go_on()

    def _arrange(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.line, 1)
        row.addWidget(self.left)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, HALF, 0, 0)
        column.setSpacing(HALF)
        for widget in (self.switch, self._row, self.words):
            column.addWidget(widget)


def in_words(said: LiveSaid | None, looking: bool) -> str:
    """What was learned, how often that is right, and of how many images it speaks.

    Args:
        looking: whether images are being looked at now.
    """
    if said is None:
        return tr(N_("Starting…"))
    lines = [_result(said, looking)]
    if said.covered < said.total:
        covered, total = count(said.covered), count(said.total)
        lines.append(
            ntr("{covered} of {images} image looked at", "{covered} of {images} images looked at", said.total,
                covered=covered, images=total)
        )  # fmt: skip
    return "\n".join(lines)


def _result(said: LiveSaid, looking: bool) -> str:
    if len(said.class_ids) < 2:
        return tr(N_("Label images of at least two classes, and it learns from them."))
    if said.classes < 2:
        if looking:
            return tr(N_("It looks at the labelled images first."))
        return tr(N_("At least two classes need a training image that can be read."))
    time = QLocale().toString(QDateTime.fromMSecsSinceEpoch(round(said.time * 1000)), "HH:mm:ss")
    learned = ntr(
        "Learned from {images} image at {time}", "Learned from {images} images at {time}", said.learned,
        images=count(said.learned), time=time,
    )  # fmt: skip
    if not said.judged:
        return f"{tr(N_('No validation image has a label, so nobody knows how often it is right.'))}\n{learned}"
    right = ntr(
        "Right on {share} of {images} validation image", "Right on {share} of {images} validation images", said.judged,
        share=percentage(said.right / said.judged), images=count(said.judged),
    )  # fmt: skip
    return f"{right}\n{learned}"
