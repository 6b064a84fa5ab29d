"""All texts that a window shows or tells, wherever Qt keeps them."""

from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def texts(window: QWidget) -> Iterator[tuple[object, str]]:
    """Pairs of who shows a text and the text, without the marks of menu letters; empty ones are left out."""
    for thing in [window, *window.findChildren(QWidget), *window.findChildren(QAction)]:
        if not _can_be_seen(thing):
            continue
        for text in _of(thing):
            if text.strip():
                yield thing, text.replace("&", "")


def _can_be_seen(thing: QWidget | QAction) -> bool:
    """Not an action without a menu, nor a label or button that its page hides (a stack hides for another reason)."""
    if isinstance(thing, QAction):
        return bool(thing.associatedObjects())
    hidden = isinstance(thing, QLabel | QAbstractButton) and thing.isHidden()
    return not hidden or isinstance(thing.parentWidget(), QStackedWidget)


def _of(thing: QWidget | QAction) -> Iterator[str]:
    yield thing.toolTip()
    match thing:
        case QAction() | QLabel() | QAbstractButton():
            yield thing.text()
        case QLineEdit():
            yield thing.placeholderText()
        case QMenu() | QGroupBox():
            yield thing.title()
        case QComboBox():
            yield from (thing.itemText(index) for index in range(thing.count()))
        case QTabWidget():
            yield from (thing.tabText(index) for index in range(thing.count()))
    if isinstance(thing, QWidget):
        yield thing.windowTitle()
        yield thing.accessibleName()
        yield thing.accessibleDescription()
