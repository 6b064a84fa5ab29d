"""A button that is a picture with words: a sample above its words, a recent project beside them."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon, theme

RADIUS = 8.0
PLACEHOLDER = 28


class PictureCard(QAbstractButton):
    """A card with a picture, a title and a line or more below it.

    Args:
        picture: the size of the picture, in device-independent pixels; above words, it takes the width of the card and
            keeps its proportions.
        beside: the words stand at the right of the picture, not below it; the second line is elided then.
    """

    def __init__(self, picture: QSize, beside: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = picture
        self._beside = beside
        self._image: QImage | None = None
        self.words = ""
        self._dimmed = False
        self._corner: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(not beside)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def set_words(self, title: str, words: str) -> None:
        """The title and what stands below it, translated."""
        self.setText(title)
        self.words = words
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def set_image(self, image: QImage) -> None:
        """Show ``image``, which has the proportions that the card was made with."""
        self._image = image
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Paint it pale: what it stands for is out of reach."""
        self._dimmed = dimmed
        self.update()

    def set_corner(self, widget: QWidget) -> None:
        """Put a small button of its own at the right of a card whose words stand beside its picture."""
        self._corner = widget
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, GAP, 0)
        row.addStretch(1)
        row.addWidget(widget)

    def sizeHint(self) -> QSize:
        """Picture and words."""
        if self._beside:
            return QSize(self._size.width() + 240, self._size.height() + 2 * SPACING)
        return QSize(self._size.width(), self.heightForWidth(self._size.width()))

    def minimumSizeHint(self) -> QSize:
        """Half as wide as it likes to be."""
        return QSize(self.sizeHint().width() // 2, 0)

    def heightForWidth(self, width: int) -> int:
        """Picture and words, where they stand below each other."""
        return self._picture_height(width) + self._words_height(width)

    def _picture_height(self, width: int) -> int:
        return self._size.height() if self._beside else width * self._size.height() // self._size.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate that lights up under the pointer, with the picture and the words."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() or self.isDown()
        fill = blend(colours.surface, colours.text, 0.05 if over else 0.0)
        focused = self.hasFocus()
        pen = QPen(colours.accent, 2.0) if focused else QPen(colours.border, 1.0)
        inset = pen.widthF() / 2
        plate = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        outline = QPainterPath()
        outline.addRoundedRect(plate, RADIUS, RADIUS)
        painter.fillPath(outline, fill)
        painter.save()
        painter.setClipPath(outline)
        self._paint_picture(painter)
        painter.restore()
        self._paint_words(painter)
        painter.setPen(pen)
        painter.drawPath(outline)

    def _paint_picture(self, painter: QPainter) -> None:
        colours = theme().colours
        inset = SPACING if self._beside else 0
        width = self._size.width() if self._beside else self.width()
        place = QRect(inset, inset, width, self._picture_height(self.width()))
        painter.fillRect(place, colours.raised if self._image is None else colours.surface)
        if self._image is not None:
            painter.setOpacity(0.4 if self._dimmed else 1.0)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
            return
        size = QSize(PLACEHOLDER, PLACEHOLDER)
        corner = place.center() - QRect(0, 0, PLACEHOLDER, PLACEHOLDER).center()
        painter.drawPixmap(corner, icon("image", "text_disabled").pixmap(size, self.devicePixelRatioF()))

    def _paint_words(self, painter: QPainter) -> None:
        colours = theme().colours
        title_font, words_font = font(FontSize.BODY, bold=True), font(FontSize.SMALL)
        left = self._size.width() + SPACING + GAP if self._beside else GAP
        width = self.width() - left - GAP
        if self._corner is not None:
            width = self._corner.x() - GAP - left
        painter.setFont(title_font)
        title_height = painter.fontMetrics().height()
        painter.setFont(words_font)
        lines = painter.fontMetrics().height()
        block = title_height + HALF + lines
        top = (self.height() - block) // 2 if self._beside else self._picture_height(self.width()) + SPACING + HALF
        painter.setFont(title_font)
        painter.setPen(colours.text_muted if self._dimmed else colours.text)
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, top, width, title_height), Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(words_font)
        painter.setPen(colours.text_muted)
        below = QRect(left, top + title_height + HALF, width, self.height())
        if self._beside:
            words = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, width)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, words)
        else:
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self.words)

    def _words_height(self, width: int) -> int:
        """Of title and words below the picture, with their margins."""
        room = QRect(0, 0, width - 2 * GAP, 1000)
        title = QFontMetrics(font(FontSize.BODY, bold=True)).height()
        words = QFontMetrics(font(FontSize.SMALL)).boundingRect(room, Qt.TextFlag.TextWordWrap, self.words).height()
        return SPACING + HALF + title + HALF + words + GAP
