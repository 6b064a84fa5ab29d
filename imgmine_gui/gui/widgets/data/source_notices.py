"""What a person should know of sources that are not there, with what can be done about it."""

import os
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.core.project.presence import Presence
from imgmine_gui.core.text import N_, join_sentences, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, icon, theme

MOST = 1
"""So many are shown at a time: the images must stay in view. The list of sources names all."""
_WHY = {
    Presence.ABSENT: N_("Check whether its drive is connected, or say where the folder is now."),
    Presence.DENIED: N_("You have no permission to look into it."),
    Presence.FAILED: N_("Its drive fails. Check the drive or the network connection."),
    Presence.SILENT: N_("Its drive does not answer. Check the network connection."),
}


class SourceNotices(QWidget):
    """A notice of a source that is not there; hidden while there is none, or the person has closed them."""

    find_wanted = Signal(object)
    """The person wants to say where a ``Source`` is now."""
    look_wanted = Signal(object)
    """It is to be looked again whether a ``Source`` is there."""
    missing_wanted = Signal(object)
    """All images of a ``Source`` are to be marked as missing, because its folder is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notices: dict[int, SourceNotice] = {}
        self._closed: set[tuple[int, Presence]] = set()
        self._told: tuple[Sequence[Source], Mapping[int, Presence], bool] = (), {}, False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        bind(self, "setAccessibleName", N_("Sources that are not there"))
        self.hide()

    def show_sources(self, sources: Sequence[Source], presence: Mapping[int, Presence], read_only: bool) -> None:
        """Show what there is to say of these.

        Args:
            sources: of the project.
            presence: what was found of each when it was last looked at, as far as it was.
            read_only: whether nothing can be changed.
        """
        self._told = sources, presence, read_only
        gone = {one.id: (one, presence.get(one.id, Presence.ABSENT)) for one in sources if not one.online}
        gone = {number: told for number, told in gone.items() if told[1] is not Presence.THERE}
        self._closed = {mark for mark in self._closed if mark[0] in gone}
        wanted = [number for number, (_, found) in gone.items() if (number, found) not in self._closed][:MOST]
        for number in [number for number in self.notices if number not in wanted]:
            notice = self.notices.pop(number)
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        for number in wanted:
            if number not in self.notices:
                self.notices[number] = self._make()
            self.notices[number].show_source(*gone[number], read_only)
        self.setVisible(bool(self.notices))

    def _make(self) -> "SourceNotice":
        notice = SourceNotice()
        notice.find_folder.clicked.connect(lambda: self.find_wanted.emit(notice.source))
        notice.again.clicked.connect(lambda: self.look_wanted.emit(notice.source))
        notice.missing.clicked.connect(lambda: self.missing_wanted.emit(notice.source))
        notice.leave.clicked.connect(lambda: self._close(notice))
        self._column.addWidget(notice)
        return notice

    def _close(self, notice: "SourceNotice") -> None:
        """Keep all as it is, and say no more of it; the next source has its turn."""
        assert notice.source is not None
        self._closed.add((notice.source.id, notice.presence))
        self.show_sources(*self._told)


class SourceNotice(QWidget):
    """Says what is with one source; its buttons stand below the words, where they have room in a narrow window too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: Source | None = None
        self.presence = Presence.ABSENT
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.find_folder = self._button(N_("Find folder…"))
        self.again = self._button(N_("Look again"))
        self.missing = self._button(N_("Mark as missing"))
        self.leave = self._button(N_("Keep as they are"))
        bind(
            self.missing,
            "setToolTip",
            N_("The images leave the project's lists. Their labels are kept for the day when they are there again."),
        )
        bind(self.text, "setAccessibleName", N_("Message"))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.find_folder, self.again, self.missing, self.leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(SPACING)
        words.addWidget(self.text)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, SPACING, GAP, SPACING)
        row.setSpacing(SPACING + HALF)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()

    def show_source(self, source: Source, presence: Presence, read_only: bool) -> None:
        """Say it of this source."""
        self.source, self.presence = source, presence
        is_empty = presence is Presence.EMPTY
        for button in (self.find_folder, self.missing):
            button.setEnabled(not read_only)
        self.missing.setVisible(is_empty)
        self.again.setVisible(not is_empty)
        bind(self.leave, "setText", N_("Keep as they are") if is_empty else N_("Close"))
        self.retranslate()

    def retranslate(self) -> None:
        """The words in the present language."""
        if self.source is None:
            return
        images = self.source.images + self.source.unreadable
        values = {"name": printable(os.path.basename(self.source.path) or self.source.path), "images": count(images)}
        if self.presence is Presence.EMPTY:
            said = ntr(
                "The folder “{name}” is empty now, but {images} image was known there. "
                "It is not marked as missing yet.",
                "The folder “{name}” is empty now, but {images} images were known there. "
                "They are not marked as missing yet.",
                images,
                **values,
            )
            why = tr(N_("Perhaps a drive is not connected, or the folder was moved."))
        else:
            said = ntr(
                "“{name}” is not there. Its {images} image keeps its labels.",
                "“{name}” is not there. Its {images} images keep their labels.",
                images,
                **values,
            )
            why = tr(_WHY[self.presence])
        self.text.setText(join_sentences(said, why))
        self.text.setToolTip(printable(self.source.path))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint of the colour of warnings, and a line of it at the left."""
        colour = theme().colours.warning
        tint = QColor(colour)
        tint.setAlphaF(0.10)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colours.surface)
        painter.fillRect(self.rect(), tint)
        painter.fillRect(0, 0, HALF, self.height(), colour)

    def _button(self, words: str) -> QPushButton:
        button = QPushButton()
        bind(button, "setText", words)
        return button

    def _recolour(self) -> None:
        self._picture.setPixmap(
            icon("hard-drive", "warning").pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF())
        )
        self.update()
