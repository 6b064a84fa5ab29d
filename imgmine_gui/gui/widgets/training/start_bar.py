"""Train and Estimate, below the settings that they are about."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count, duration, size_in_bytes
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.buttons import PrimaryButton
from imgmine_gui.gui.widgets.training.elided import ElidedLabel
from imgmine_gui.gui.widgets.training.reasons import allow, colour_text

TRAIN_HELP = N_("Trains a new run with these settings (Ctrl+T)")
ESTIMATE_HELP = N_("Times a few batches: how long will the training take, and how much memory?")

ESTIMATE_MORE = N_(
    "{time} an epoch; the network learns {parameters} numbers. Reading the files for the first time comes on top."
)


class StartBar(QWidget):
    """The two buttons, and a line that says what an estimate found or why nothing can start."""

    train_asked = Signal()
    estimate_asked = Signal()
    cancel_asked = Signal()
    """Estimate was pressed while an estimate runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train = PrimaryButton()
        self.train.setIcon(icon("play", "on_accent"))
        bind(self.train, "setText", N_("Train"))
        self.estimate = QPushButton()
        self.heir: QWidget | None = None
        """Gets the focus of a button that can be pressed no more."""
        self.line = ElidedLabel()
        self.line.setFont(font(FontSize.SMALL, tabular=True))
        self._job: Job | None = None
        self._found: tuple[float, float, int, int] | None = None
        self._reasons = ("", "")
        self._images: tuple[int, int] | None = None
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.train, stretch=3)
        row.addWidget(self.estimate, stretch=2)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, GAP, GAP)
        column.setSpacing(SPACING)
        column.addWidget(self.line)
        column.addLayout(row)
        self.train.clicked.connect(self.train_asked)
        self.estimate.clicked.connect(self._on_estimate)
        theme().changed.connect(self.retranslate)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def set_reasons(self, train: str, estimate: str) -> None:
        """Why the buttons cannot be pressed, in the present language; empty where they can."""
        self._reasons = (train, estimate)
        self.retranslate()

    def show_images(self, train: int, validation: int) -> None:
        """How many images there are to train on, for when there is nothing more important to say."""
        self._images = train, validation
        self.retranslate()

    def forget_images(self) -> None:
        """How many images there are is not known yet."""
        self._images = None
        self.retranslate()

    def follow_estimate(self, job: Job) -> None:
        """Show ``job`` until it is over, then what it found."""
        self._job, self._found = job, None
        job.progressed.connect(self.retranslate)
        job.succeeded.connect(self._on_found)
        job.finished.connect(self._on_over)
        self.retranslate()

    def forget_estimate(self) -> None:
        """The settings are others now: what was estimated does not hold."""
        if self._found is not None:
            self._found = None
            self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the present language."""
        train, estimate = self._reasons
        allow(self.train, train, tr(TRAIN_HELP), self.heir)
        self.estimate.setText(tr("Cancel") if self._job else tr("Estimate"))
        words = tr("Ends the estimate") if self._job else tr(ESTIMATE_HELP)
        allow(self.estimate, "" if self._job else estimate, words, self.heir)
        colours = theme().colours
        text, hover, colour = self._line(train)
        self.line.setText(text)
        self.line.set_hover(hover)
        self.line.setAccessibleDescription(hover)
        colour_text(self.line, colours.text if colour == "text" else colours.text_muted)

    def _line(self, reason: str) -> tuple[str, str, str]:
        """Text, hover and colour of the line."""
        if self._job is not None:
            return f"{tr('Estimating')} · {self._job.phase}" if self._job.phase else tr("Estimating"), "", "muted"
        if self._found is not None:
            total, epoch, memory, parameters = self._found
            text = tr("About {time}, {memory}", time=duration(total), memory=size_in_bytes(memory))
            hover = tr(
                ESTIMATE_MORE,
                time=duration(epoch),
                parameters=count(parameters),
            )
            return text, hover, "text"
        if reason:
            return reason, reason, "muted"
        if self._images is None:
            return "", "", "muted"
        train_images, validation = self._images
        words = tr(
            "{train} images to train on, {validation} for validation",
            train=count(train_images),
            validation=count(validation),
        )
        return words, words, "muted"

    def _on_estimate(self) -> None:
        (self.cancel_asked if self._job else self.estimate_asked).emit()

    def _on_found(self, found: object) -> None:
        values = (getattr(found, name) for name in ("seconds_total", "seconds_per_epoch", "memory_bytes", "parameters"))
        total, epoch, memory, parameters = values
        self._found = total, epoch, memory, parameters

    def _on_over(self) -> None:
        self._job = None
        self.retranslate()
