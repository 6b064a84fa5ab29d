"""Which language the command line speaks: that of the program's settings, and otherwise the system's."""

import locale
import os

from imgmine_gui.core.text import LANGUAGES, set_language


def use_language() -> None:
    """Translate from now on into the language that the person has chosen in the window, or whose system speaks it."""
    set_language(chosen_language() or system_language())


def chosen_language() -> str:
    """The language of the settings, read without Qt; empty where they leave it to the system."""
    from imgmine_gui.app.places import settings_file

    try:
        lines = settings_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    start = lines.index("[General]") + 1 if "[General]" in lines else len(lines)
    for line in lines[start:]:
        name, _, value = line.partition("=")
        if name == "language":
            return value if value in LANGUAGES else ""
        if line.startswith("["):
            break
    return ""


def system_language() -> str:
    """The language of ours that the environment asks for; English where we do not know it."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    named = named or locale.getlocale()[0] or ""  # Windows has no such variables
    return "zh_CN" if named.startswith(("zh", "Chinese")) else "en"
