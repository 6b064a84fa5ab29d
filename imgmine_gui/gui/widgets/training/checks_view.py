"""What is to be known of the images before training, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.text import N_, join_sentences, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.training.reasons import colour_text

LOOKS = {"blocks": ("warning-circle", "bad"), "warns": ("warning", "warning"), "informs": ("info", "good")}
SHOWN = 1
ICON = 16


class ChecksView(QWidget):
    """The findings of ``check_data``: the most important one, and the others when they are asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks: list[DataCheck] = []
        self._all = False
        self._lines: list[QWidget] = []
        self.more = QToolButton(autoRaise=True)
        self.more.clicked.connect(self._on_more)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACING)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, SPACING, GAP, SPACING)
        row.setSpacing(SPACING)
        row.addLayout(self._rows, stretch=1)
        row.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        bind(self, "setAccessibleName", N_("Findings about the images"))
        theme().changed.connect(self.retranslate)
        on_language_change(self, self.retranslate)
        self.hide()

    def show_checks(self, checks: Sequence[DataCheck]) -> None:
        """Show these findings, the weightiest first; hide where there is none."""
        if list(checks) != self._checks:
            self._checks, self._all = list(checks), False
            self.retranslate()

    def texts(self) -> list[str]:
        """The findings that are in view."""
        return [line.findChildren(QLabel)[1].text() for line in self._lines]

    def retranslate(self) -> None:
        """Write everything in the present language."""
        for old in self._lines:
            self._rows.removeWidget(old)
            old.hide()  # it may live on for a while, as under an open dialog, and would shine through
            old.deleteLater()
        self._lines = [_line(check) for check in (self._checks if self._all else self._checks[:SHOWN])]
        for line in self._lines:
            self._rows.addWidget(line)
        rest = len(self._checks) - SHOWN
        self.more.setVisible(rest > 0)
        self.more.setText(tr("Fewer") if self._all else ntr("{count} more", "{count} more", rest))
        self.setVisible(bool(self._checks))
        self.update()

    def _on_more(self) -> None:
        self._all = not self._all
        self.retranslate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint of the weightiest finding's colour, and a line of it at the left."""
        if not self._checks:
            return
        colour = getattr(theme().colours, LOOKS[self._checks[0].severity][1])
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colours.surface)
        painter.setOpacity(0.10)
        painter.fillRect(self.rect(), colour)
        painter.setOpacity(1.0)
        painter.fillRect(0, 0, HALF, self.height(), colour)


def _line(check: DataCheck) -> QWidget:
    name, role = LOOKS[check.severity]
    line = QWidget()
    picture = QLabel()
    picture.setPixmap(icon(name, role).pixmap(QSize(ICON, ICON), line.devicePixelRatioF()))
    text = QLabel(join_sentences(check.message, check.remedy), textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    text.setFont(font(FontSize.SMALL))
    colour_text(text, theme().colours.text)
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACING)
    row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, stretch=1)
    return line
