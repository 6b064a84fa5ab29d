"""From the settings to what is seen: theme and language, each of which may be left to the system."""

from PySide6.QtCore import QLocale

from imgmine_gui.gui.binding import switch_language
from imgmine_gui.gui.theme import ThemeMode, theme


def apply_theme(name: str) -> None:
    """Show the theme ``name`` of ``app.settings.THEMES``."""
    theme().set_mode(ThemeMode(name))


def apply_language(name: str) -> None:
    """Show the language ``name`` of ``app.settings.LANGUAGE_CHOICES``."""
    switch_language(system_language() if name == "system" else name)


def system_language() -> str:
    """The language of ours that the person's system speaks; English where we do not know it."""
    return "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"
