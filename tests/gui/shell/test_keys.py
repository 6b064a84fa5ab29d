"""The list of keys tells what the keys really do."""

import re

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from imgmine_gui.core.text import tr
from imgmine_gui.gui.dialogs.keys_dialog import native, sections
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.page_book import PAGES

GIVEN = [
    "Ctrl+O", "Ctrl+N", "Ctrl+Shift+O", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+T", "Ctrl+.",
    "Ctrl++", "Ctrl+-", "Ctrl+0", "Ctrl+F", "F1", "?",
]  # fmt: skip
"""The keys of the window as the design gives them."""


def test_every_action_with_keys_is_listed(window: MainWindow) -> None:
    listed = {keys for _, lines in sections(window) for keys, _ in lines}
    actions = [action for menu in window.findChildren(Menu) for action in menu.actions() if action.shortcuts()]
    assert len(actions) >= 15
    assert {native(action.shortcuts()) for action in actions} <= listed


def test_the_window_has_the_keys_of_the_design(window: MainWindow) -> None:
    there = {key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()}
    assert set(GIVEN) <= there


def test_no_two_actions_want_the_same_key(window: MainWindow) -> None:
    keys = [key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_the_keys_of_the_pages_are_listed_before_the_pages_are_made(window: MainWindow) -> None:
    titles = dict(sections(window))
    for entry in PAGES:
        keys = entry.load().keys
        if keys:
            lines = titles[f"Page {entry.title}"]
            assert [line for line in lines if line in [(tr(key), tr(what)) for key, what in keys]]


def test_the_dialog_shows_every_line(window: MainWindow, qtbot: QtBot) -> None:
    window.help_menu.show_keys()
    dialog = window.help_menu.dialog("keys")
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    for title, lines in sections(window):
        assert title in shown
        for keys, what in lines:
            assert {keys, what} <= shown
    dialog.close()


def test_question_mark_opens_the_list(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window, "?")
    dialog = window.help_menu.dialog("keys")
    assert dialog.isVisible()
    dialog.close()


def test_words_for_keys_are_plain(window: MainWindow) -> None:
    for _, lines in sections(window):
        for _, what in lines:
            assert not re.search(r"[&…]", what)
