"""What the menus have in common."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from imgmine_gui.gui.binding import bind

Keys = Sequence[str | QKeySequence.StandardKey]


class Menu(QMenu):
    """A menu whose entries follow the language.

    Args:
        title: an English text marked with ``N_``, with an ``&`` before the letter that opens it.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        bind(self, "setTitle", title)
        self.setToolTipsVisible(True)

    def entry(
        self, text: str, slot: Callable[[], object] | None = None, keys: Keys = (), *, checkable: bool = False
    ) -> QAction:
        """Add an action.

        Args:
            text: an English text marked with ``N_``.
            slot: called without arguments when the action is triggered.
            keys: its shortcuts; the menu shows the first.
            checkable: whether it can be ticked.
        """
        action = QAction(self)
        bind(action, "setText", text)
        action.setCheckable(checkable)
        action.setShortcuts([QKeySequence(key) for key in keys])
        if slot is not None:
            action.triggered.connect(lambda _checked=False: slot())
        self.addAction(action)
        return action

    def submenu(self, title: str) -> "Menu":
        """Add a menu below this one."""
        made = Menu(title, self)
        self.addMenu(made)
        return made


def enable(action: QAction, possible: bool, reason: str) -> None:
    """Enable ``action``, or disable it and say on hover why; ``reason`` is marked with ``N_``."""
    action.setEnabled(possible)
    bind(action, "setToolTip", "" if possible else reason)
