from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs import help_window as module
from imgmine_gui.gui.dialogs.help_window import HelpWindow
from imgmine_gui.gui.help_pages import HELP, help_pages
from imgmine_gui.gui.main_window import MainWindow


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A help of three pages, one of which has a Chinese twin."""
    texts = {
        "en/index.md": "# Welcome\n\nSee [training](train.md), then [the data](data.md#folders).",
        "en/data.md": "# Data\n\nFolders are classes. Oak.",
        "en/train.md": "# Training\n\nThe loss falls. [Site](https://example.org/)",
        "en/zebra.md": "No heading, no link to it.",
        "zh_CN/data.md": "# 数据\n\n文件夹就是类别。",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "HELP", tmp_path)
    monkeypatch.setattr(module, "help_pages", lambda: help_pages(tmp_path))
    return tmp_path


@pytest.fixture
def help_window(window: MainWindow, pages: Path) -> HelpWindow:
    window.help_menu.show_help()
    dialog = window.help_menu.dialog("help")
    assert isinstance(dialog, HelpWindow)
    return dialog


def titles(window: HelpWindow) -> list[str]:
    return [window.contents.item(row).text() for row in range(window.contents.count())]


def test_pages_follow_the_links_of_the_first(help_window: HelpWindow) -> None:
    assert titles(help_window) == ["Welcome", "Training", "Data", "zebra"]
    assert help_window.browser.toPlainText().startswith("Welcome")


def test_a_chosen_page_is_shown(help_window: HelpWindow, qtbot: QtBot) -> None:
    help_window.contents.setFocus()
    qtbot.keyClick(help_window.contents, Qt.Key.Key_Down)
    assert help_window.browser.toPlainText().startswith("Training")


def test_links_between_pages(help_window: HelpWindow) -> None:
    help_window.browser.anchorClicked.emit(QUrl("data.md#folders"))
    assert help_window.browser.toPlainText().startswith("Data")
    assert help_window.contents.currentItem().text() == "Data"


def test_links_to_the_web_leave_the_window(help_window: HelpWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    help_window.browser.anchorClicked.emit(QUrl("https://example.org/"))
    assert opened == ["https://example.org/"]


def test_search_lists_what_holds_the_words_and_selects_the_first(help_window: HelpWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(help_window.search, "LOSS")
    assert titles(help_window) == ["Training"]
    assert help_window.browser.textCursor().selectedText() == "loss"
    help_window.search.clear()
    assert len(titles(help_window)) == 4


def test_search_without_a_find_says_so(help_window: HelpWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(help_window.search, "quagga")
    assert titles(help_window) == []
    assert help_window.browser.toPlainText() == "No page holds these words."


def test_the_language_changes_in_place_and_english_fills_the_gaps(help_window: HelpWindow) -> None:
    help_window.show_page("data.md")
    apply_language("zh_CN")
    assert titles(help_window) == ["Welcome", "Training", "数据", "zebra"]
    assert help_window.browser.toPlainText().startswith("数据")


def test_every_page_has_its_twin() -> None:
    names = {language: {file.name for file in (HELP / language).glob("*.md")} for language in ("en", "zh_CN")}
    assert names["en"] == names["zh_CN"]
    assert "index.md" in names["en"]


def test_every_page_has_a_title_and_its_links_lead_somewhere() -> None:
    for page in help_pages():
        assert page.title != Path(page.name).stem
        for link in module_links(page.text):
            assert (HELP / "en" / link).is_file(), f"{page.name} links to {link}"


def module_links(text: str) -> list[str]:
    import re

    return re.findall(r"\]\((?!https?:|#)([^)#]+)", text)


def test_f1(window: MainWindow, pages: Path, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.help_menu.dialog("help")
    assert dialog.isVisible()
    dialog.close()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.help_menu.dialog("help") is dialog
    dialog.close()
