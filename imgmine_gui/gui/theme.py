"""Light and dark: palettes for Qt's Fusion style, colours with a meaning, fonts, spacing and icons.

Widgets take colours from ``theme().colours`` when they paint, or again on ``theme().changed``; ``icon`` gives icons
that follow by themselves. There is no style sheet over everything.
"""

from enum import Enum, StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from imgmine_gui.gui.colours import DARK, LIGHT, Colours, qt_palette
from imgmine_gui.gui.glyphs import GlyphEngine, character
from imgmine_gui.gui.style import FlatFusion

SPACING = 8
"""The grid, in device-independent pixels: every margin and gap is a half, one, or several of these."""
HALF = SPACING // 2
GAP = 2 * SPACING
MARGIN = 3 * SPACING
ICON_SIZE = 20


class ThemeMode(StrEnum):
    """What the person chose in the View menu."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class FontSize(Enum):
    """The four sizes, as multiples of the system's font."""

    SMALL = 0.9
    BODY = 1.0
    HEADING = 1.2
    TITLE = 1.7


class Theme(QObject):
    """The present theme; ``theme()`` is the one of the program."""

    changed = Signal()
    """Light became dark or the other way round; ``colours`` holds the new ones already."""

    def __init__(self) -> None:
        super().__init__()
        self.colours: Colours = LIGHT
        self._mode = ThemeMode.SYSTEM

    @property
    def mode(self) -> ThemeMode:
        """What the person chose; ``is_dark`` says what came of it."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are shown."""
        return self.colours is DARK

    def install(self, application: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> None:
        """Give the program its style and palette, and follow the system from now on where ``mode`` asks for it."""
        application.setStyle(FlatFusion())
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.set_mode(mode)

    def set_mode(self, mode: ThemeMode) -> None:
        """Show light or dark colours, or those of the system."""
        self._mode = mode
        hints = QGuiApplication.styleHints()
        if mode is ThemeMode.SYSTEM:
            hints.unsetColorScheme()
        else:
            # The frame of the window, which the system draws, follows too.
            hints.setColorScheme(Qt.ColorScheme.Dark if mode is ThemeMode.DARK else Qt.ColorScheme.Light)
        self._apply()

    def _follow_system(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        dark = system_is_dark() if self._mode is ThemeMode.SYSTEM else self._mode is ThemeMode.DARK
        self.colours = DARK if dark else LIGHT
        QApplication.setPalette(qt_palette(self.colours))
        self.changed.emit()


def system_is_dark() -> bool:
    """Whether the person's system shows dark windows; false where it does not say."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


@cache
def theme() -> Theme:
    """The one theme of the program."""
    return Theme()


def font(size: FontSize = FontSize.BODY, bold: bool = False, tabular: bool = False) -> QFont:
    """The system's font in one of the four sizes; ``tabular`` makes all digits equally wide."""
    made = QFont()  # says nothing of the family, so that it follows the program's
    if size is not FontSize.BODY:
        made.setPointSizeF(QApplication.font().pointSizeF() * size.value)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def icon(name: str, role: str = "text") -> QIcon:
    """An icon of the Phosphor set, in the colour of the present theme and, once painted anew, of every later one.

    Args:
        name: as in https://phosphoricons.com, without a weight: "folder-open".
        role: the colour, a field of ``Colours``: "text", "accent", "warning"...
    """

    def colour(mode: QIcon.Mode) -> QColor:
        colours = theme().colours
        if mode is QIcon.Mode.Disabled:
            return colours.text_disabled
        chosen: QColor = colours.on_accent if mode is QIcon.Mode.Selected else getattr(colours, role)
        return chosen

    return QIcon(GlyphEngine(character(name), colour))
