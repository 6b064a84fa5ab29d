"""From the settings to what is seen: theme and language, each of which may be left to the system."""

from functools import cache

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from imgmine_gui.gui.binding import switch_language
from imgmine_gui.gui.theme import ThemeMode, theme

CHINESE_FAMILIES = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)


def apply_theme(name: str) -> None:
    """Show the theme ``name`` of ``app.settings.THEMES``."""
    theme().set_mode(ThemeMode(name))


def apply_language(name: str) -> None:
    """Show the language ``name`` of ``app.settings.LANGUAGE_CHOICES``."""
    code = system_language() if name == "system" else name
    switch_language(code)
    _choose_font(code)


def _choose_font(code: str) -> None:
    """Chinese in a font made for simplified Chinese, where the system's own choice might be a Japanese one."""
    font = QFont(_system_font())
    if code == "zh_CN":
        there = set(QFontDatabase.families())
        font.setFamilies([*(family for family in CHINESE_FAMILIES if family in there), *font.families()])
    if font != QApplication.font():
        QApplication.setFont(font)


@cache
def _system_font() -> QFont:
    return QFont(QApplication.font())


def system_language() -> str:
    """The language of ours that the person's system speaks; English where we do not know it."""
    return "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"
