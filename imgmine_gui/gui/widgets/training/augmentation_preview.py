"""Real images as the network sees them, beside what augmentation makes of them."""

import numpy as np
from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.theme import SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.training.reasons import colour_text

IMAGES, COPIES = 2, 3
PATIENCE_MS = 400
"""After the last change of a setting, before anything is asked for."""
GAP = 4
NARROWEST = 160


class AugmentationPreview(QWidget):
    """Rows of pictures: at the left an image, beside it some of its changed copies.

    It asks for new pictures when it comes to sight, a moment after ``ask_later``, and for other images at a press.
    """

    asked = Signal(int)
    """Pictures are wanted, for this seed; ``follow`` the job that makes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = _Pictures()
        self.line = QLabel(wordWrap=True)
        self.line.setFont(font(FontSize.SMALL))
        self.others = QPushButton()
        bind(self.others, "setText", N_("Other images"))
        bind(self.others, "setToolTip", N_("Shows the same settings on other images"))
        self.others.clicked.connect(self._on_others)
        foot = QHBoxLayout()
        foot.setSpacing(SPACING)
        foot.addWidget(self.line, stretch=1)
        foot.addWidget(self.others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.pictures)
        column.addLayout(foot)
        self._seed = 0
        self._job: Job | None = None
        self._stale = True
        self._later = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._later.timeout.connect(self._ask)
        theme().changed.connect(self.retranslate)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def ask_later(self) -> None:
        """What is shown does not hold any more."""
        self._stale = True
        if self.isVisible():
            self._later.start()

    def follow(self, job: Job) -> None:
        """Show what ``job`` makes; what was asked for before is not waited for."""
        if self._job is not None:
            self._job.cancel()
        self._job, self._stale = job, False
        job.succeeded.connect(lambda rows: self._on_made(job, rows))
        job.finished.connect(lambda: self._on_over(job))
        self.retranslate()

    def retranslate(self) -> None:
        """Say what is shown, or that it is being made."""
        if self._job is not None:
            words = tr("Preparing the preview")
        elif self.pictures.rows:
            words = tr("Left: the image. Beside it: as the network may see it.")
        else:
            words = tr("None of the drawn images could be read.") if not self._stale else ""
        self.line.setText(words)
        colour_text(self.line, theme().colours.text_muted)
        self.pictures.setAccessibleName(tr("Preview of the augmentation"))

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for pictures where those shown are of other settings."""
        super().showEvent(event)
        if self._stale:
            self._later.start()

    def _ask(self) -> None:
        if self.isVisible():
            self.asked.emit(self._seed)

    def _on_others(self) -> None:
        self._seed += 1
        self._ask()

    def _on_made(self, job: Job, rows: np.ndarray) -> None:
        if job is self._job:
            self.pictures.show_rows([[image_of(_coloured(one)) for one in row] for row in rows])

    def _on_over(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.retranslate()


class _Pictures(QWidget):
    """Draws rows of pictures of one size."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[QImage]] = []
        self.setMinimumWidth(NARROWEST)

    def show_rows(self, rows: list[list[QImage]]) -> None:
        """Show ``rows``, the original first in each."""
        self.rows = rows
        self._fit_height()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures keep their proportions."""
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        self.setFixedHeight(IMAGES * self._cell().height() + (IMAGES - 1) * GAP)

    def _cell(self) -> QSize:
        side = max(1, (self.width() - COPIES * GAP) // (1 + COPIES) - 1)
        if not self.rows:
            return QSize(side, side)
        first = self.rows[0][0]
        return QSize(side, max(1, round(side * first.height() / first.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures, or quiet places where they will be."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        cell = self._cell()
        for row in range(IMAGES):
            for column in range(1 + COPIES):
                left = column * (cell.width() + GAP) + (GAP if column else 0)
                place = QRect(left, row * (cell.height() + GAP), cell.width(), cell.height())
                if row < len(self.rows):
                    painter.drawImage(place, self.rows[row][column])
                elif not self.rows:
                    painter.fillRect(place, theme().colours.border)
        painter.end()


def _coloured(pixels: np.ndarray) -> np.ndarray:
    """uint8 (h, w, 3) from (h, w, 1) or (h, w, 3)."""
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
