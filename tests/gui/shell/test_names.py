"""Every control can be reached with Tab and has a name that a screen reader can say."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QScrollBar,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.page_book import PAGES


def nameless(root: QWidget) -> list[str]:
    """The controls below ``root`` that have neither a name nor a text of their own."""
    return [_describe(widget) for widget in root.findChildren(QWidget) if _needs_name(widget) and not _name(widget)]


def _needs_name(widget: QWidget) -> bool:
    if isinstance(widget, QMenu | QMenuBar | QScrollBar) or widget.objectName().startswith("qt_"):
        return False
    if any(isinstance(owner, QAbstractScrollArea | QComboBox | QLineEdit) for owner in _owners(widget)[:2]):
        return False  # a part that Qt made, named through the whole
    if any(map(_is_put_away, [widget, *_owners(widget)])):
        return False  # it gets its words when it is shown
    return widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _is_put_away(widget: QWidget) -> bool:
    """Whether its page hides it now; that a stack shows another page does not count."""
    return widget.isHidden() and not widget.isWindow() and not isinstance(widget.parentWidget(), QStackedWidget)


def _name(widget: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    label = next(
        (one for one in widget.window().findChildren(QWidget) if getattr(one, "buddy", lambda: None)() is widget), None
    )
    return label.text() if label is not None else ""


def _describe(widget: QWidget) -> str:
    return " < ".join(type(one).__name__ for one in [widget, *_owners(widget)])


def _owners(widget: QWidget) -> list[QWidget]:
    """What holds the widget, from the nearest to the window."""
    owner = widget.parentWidget()
    return [] if owner is None else [owner, *_owners(owner)]


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_pages_without_a_project(window: MainWindow, page: str) -> None:
    assert not nameless(window.go(page))


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_pages_with_a_project(window: MainWindow, page: str, tmp_path: object, qtbot: QtBot) -> None:
    window.session.new_project(tmp_path / "named")
    assert not nameless(window.go(page))


def test_the_frame_of_the_window(window: MainWindow) -> None:
    window.messages.show_message("Something", "Do something.")
    for part in (window.rail, window.strip, window.messages, window.status):
        assert not nameless(part)


@pytest.mark.parametrize("name", ["help", "keys", "log", "about"])
def test_the_windows_of_the_help_menu(window: MainWindow, name: str) -> None:
    getattr(window.help_menu, f"show_{name}")()
    dialog = window.help_menu.dialog(name)
    assert dialog.accessibleName()
    assert dialog.windowTitle()
    assert not nameless(dialog)
    dialog.close()


def test_arrows_walk_the_rail_and_tab_leaves_it_for_the_page(window: MainWindow, qtbot: QtBot) -> None:
    window.rail.buttons["start"].setFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert window.book.current_name == "data"
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Up)
    assert window.book.current_name == "start"
    seen = []
    for _ in range(5):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    start = window.book.current
    assert seen[0] is start.open_folder
    assert seen[3] is start._sample_cards[0][1]


def test_tab_goes_down_the_left_column_of_the_start_page_first(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    start = window.book.current
    for name in ("one", "two"):
        window.session.new_project(tmp_path / name)
    window.session.close_project()
    cards = [card for _, card in start._recent_cards]
    qtbot.waitUntil(lambda: all(card.isVisible() for card in cards))
    start.open_folder.setFocus()
    seen = []
    for _ in range(5):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert [card.text() for card in cards] == ["two", "one"]
    assert seen[1:] == [start.open_project, *cards, start._sample_cards[0][1]]
