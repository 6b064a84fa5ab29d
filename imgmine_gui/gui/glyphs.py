"""Icons drawn from the Phosphor font that comes with QtAwesome, in a colour that is asked for at each painting.

QtAwesome's own icons keep the colour they were made with, and its import costs 0.15 s at the start of the window, so
its font is used directly.
"""

import importlib.util
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

FILL = 0.9
"""The height of a glyph as a share of the icon's, so that no stroke touches its edge."""


class GlyphEngine(QIconEngine):
    """Paints one glyph in the colour that ``colour_of`` names for the mode of the icon, at any size."""

    def __init__(self, character: str, colour_of: Callable[[QIcon.Mode], QColor]) -> None:
        super().__init__()
        self._character = character
        self._colour_of = colour_of

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph into the middle of ``rect``."""
        font = QFont(_family())
        font.setPixelSize(max(1, round(rect.height() * FILL)))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(self._colour_of(mode))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph on nothing; ``size`` is in pixels of the device."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """A copy, for an icon that is changed."""
        copy = GlyphEngine(self._character, self._colour_of)
        _clones.append(copy)  # Qt does not keep the Python half of it alive
        return copy


_clones: list[GlyphEngine] = []


def character(name: str) -> str:
    """The character of the glyph ``name``: "folder-open".

    Raises:
        KeyError: the set has no such glyph.
    """
    return chr(int(_names()[name], 16))


@cache
def _folder() -> Path:
    found = importlib.util.find_spec("qtawesome")
    assert found is not None and found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "fonts"


@cache
def _names() -> dict[str, str]:
    (file,) = _folder().glob("phosphor-charmap*.json")
    names: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return names


@cache
def _family() -> str:
    (file,) = _folder().glob("phosphor*.ttf")
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))[0]
