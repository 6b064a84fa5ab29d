"""A picture as large as its place allows."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.gui.theme import icon, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader, Wanted

SIDE = 512
GLYPH = 40
RADIUS = 4.0


class Preview(QWidget):
    """One image, loaded beside the window; small ones are enlarged with hard pixels.

    Args:
        loader: of its own, since what a grid wants would drop what this wants.
    """

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._path = self._key = ""
        self._broken = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        loader.arrived.connect(self.update)
        loader.offline_changed.connect(self._want)
        theme().changed.connect(self.update)

    def show_image(self, path: str, key: str, broken: bool = False) -> None:
        """Show the image at ``path``.

        Args:
            key: of its content.
            broken: whether it is known not to be readable.
        """
        self._path, self._key, self._broken = path, key, broken
        self._want()

    @property
    def pixmap(self) -> QPixmap | None:
        """What is painted; ``None`` while it is on its way, and where it cannot be read."""
        return self._loader.pixmap(self._path, self._key, SIDE) if self._path and not self._broken else None

    def _want(self) -> None:
        if self._path and not self._broken:
            self._loader.want([Wanted(self._path, self._key, SIDE)])
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(256, 256)

    def hasHeightForWidth(self) -> bool:
        """As high as wide."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as wide."""
        return width

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle; a broken one where it cannot be read."""
        painter = QPainter(self)
        pixmap = self.pixmap
        if pixmap is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colours.raised)
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
            if self._broken or self._loader.problem(self._path, self._key):
                middle = self.rect().center()
                away = not self._broken and self._loader.is_offline(self._path)
                drawn = icon("hard-drive" if away else "file-x", "text_muted")
                drawn.paint(painter, middle.x() - GLYPH // 2, middle.y() - GLYPH // 2, GLYPH, GLYPH)
            return
        scale = min(self.width() / pixmap.width(), self.height() / pixmap.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 3)
        width, height = pixmap.width() * scale, pixmap.height() * scale
        place = QRectF((self.width() - width) / 2, 0, width, height)
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
