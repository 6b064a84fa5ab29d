"""Theme and language, switched in place: nothing may be left behind."""

import gettext
import re
import shutil
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from imgmine_gui.core import text
from imgmine_gui.core.text import LANGUAGES, RESOURCES, tr
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.colours import DARK, LIGHT
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.page_book import PAGES
from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.undo import Change, undo_stack
from tests.gui.shell.visible import texts

UNTRANSLATED = re.compile(
    r"ImgMine( [\d.]+)?|English|简体中文|[\W\d_]*"
    r"|(((Ctrl|Shift|Alt)\+)*(\S|F\d+|Del|Enter|Esc|Space|Home|End|Page Up|Page Down)(, |$))+"
    r"|(\w+ [\d.]+\n)+.*"
)
"""Names, numbers, signs, keys, and the versions of the parts."""


class Bracketed(gettext.NullTranslations):
    """Puts every text that goes through the catalogue into brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return f"⟦{singular if n == 1 else plural}⟧"


def show_all(window: MainWindow) -> None:
    """Make every page and every window of the help menu."""
    for entry in PAGES:
        window.go(entry.name)
    for name in ("help", "keys", "log", "about"):
        getattr(window.help_menu, f"show_{name}")()


def close_dialogs(window: MainWindow) -> None:
    for name in ("help", "keys", "log", "about"):
        window.help_menu.dialog(name).close()


def test_every_text_goes_through_the_catalogue(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_all(window)
    monkeypatch.setattr(text.gettext, "translation", lambda *args, **kwargs: Bracketed())
    own = {str(path) for path in (window.help_menu.dialog("log").place.text(),)}
    own |= {sample.folder.name for sample in window.session.samples()}
    apply_language("zh_CN")
    left = {
        shown
        for thing, shown in texts(window)
        if "⟦" not in shown and not UNTRANSLATED.fullmatch(shown) and shown not in own and not _of_qt(thing)
    }
    close_dialogs(window)
    assert not left


def test_every_text_about_an_open_project_goes_through_the_catalogue(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "oak" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")
    shutil.copy(folder / "oak" / "1.png", folder / "birch" / "copy.png")
    window.opening.open_paths([folder])
    qtbot.waitUntil(lambda: not window.session.runner.jobs, timeout=30_000)
    qtbot.waitUntil(lambda: window.session.totals().images == 13)
    show_all(window)
    undo_stack().push(Change("rename the run", lambda: None, lambda: None))
    window.session.notifier.warn(partial(tr, "Left out: {names}.", names=["a.txt"]), "Look again.")
    qtbot.waitUntil(window.messages.isVisible)
    monkeypatch.setattr(text.gettext, "translation", lambda *args, **kwargs: Bracketed())
    apply_language("zh_CN")
    own = re.compile(
        r"(leaves|oak|birch|\w+\.png|ImgMine|leaves – ImgMine|[/\w.-]+(leaves|birch|oak|projects)(\.imgmine)?)"
    )
    names = {str(window.help_menu.dialog("log").place.text()), *(one.folder.name for one in window.session.samples())}

    def left() -> set[str]:
        return {
            shown
            for thing, shown in texts(window)
            if not ("⟦" in shown or UNTRANSLATED.fullmatch(shown) or own.fullmatch(shown) or _of_qt(thing))
        } - names

    qtbot.waitUntil(lambda: left() == set())  # what a page makes anew is still there until Qt has time to delete it
    close_dialogs(window)


def _of_qt(thing: object) -> bool:
    """Whether Qt itself made the thing (buttons of a dialog, the menu of a field), and translates it."""
    return str(getattr(thing, "objectName", lambda: "")()).startswith("qt_") or (
        type(thing).__module__ != ""
        and (getattr(thing, "parent", lambda: None)().__class__.__name__ in ("QDialogButtonBox", "QLineEdit"))
    )


def test_no_english_is_left_in_chinese(window: MainWindow, qtbot: QtBot) -> None:
    catalogue = RESOURCES / "i18n" / "zh_CN" / "LC_MESSAGES" / "imgmine.mo"
    if not catalogue.is_file():
        pytest.skip("the catalogue of texts is not translated yet")
    with catalogue.open("rb") as file:
        translated = gettext.GNUTranslations(file)
    show_all(window)
    before = {shown for _, shown in texts(window)}
    apply_language("zh_CN")
    same = {shown for thing, shown in texts(window) if not _of_qt(thing)} & before
    close_dialogs(window)
    assert not {shown for shown in same if translated.gettext(shown) != shown}


def test_switching_back_leaves_no_trace(window: MainWindow, qtbot: QtBot) -> None:
    show_all(window)
    for code in ("zh_CN", "en"):
        apply_language(code)
    before = Counter(shown for _, shown in texts(window))
    for code in ("zh_CN", "en"):
        apply_language(code)
    after = Counter(shown for _, shown in texts(window))
    close_dialogs(window)
    assert (after - before, before - after) == (Counter(), Counter())


def test_the_menu_switches_the_language_and_remembers_it(window: MainWindow, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in window.view_menu.language.actions()}
    actions[LANGUAGES["zh_CN"]].trigger()
    assert text.language() == "zh_CN"
    assert window.session.settings.language == "zh_CN"
    actions[LANGUAGES["en"]].trigger()
    assert text.language() == "en"


def test_the_menu_switches_the_theme_and_remembers_it(window: MainWindow, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in window.view_menu.theme.actions()}
    actions["Dark"].trigger()
    assert window.session.settings.theme == "dark"
    assert theme().colours is DARK
    qtbot.waitUntil(lambda: shown_colour(window) == DARK.window)
    actions["Light"].trigger()
    assert theme().colours is LIGHT
    qtbot.waitUntil(lambda: shown_colour(window) == LIGHT.window)


def shown_colour(window: MainWindow) -> QColor:
    """The colour in a corner of the page, as it is painted."""
    return window.book.current.grab().toImage().pixelColor(2, 2)
