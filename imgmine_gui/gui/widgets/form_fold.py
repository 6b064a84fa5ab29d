"""A heading that folds what stands below it away."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import SPACING, icon

CARET = 14


class Fold(QWidget):
    """A button with a caret, and content that it shows or hides.

    Args:
        heading: an English text marked with ``N_``.
        bold: for the heading of a section rather than of a part of one.
    """

    toggled = Signal(bool)

    def __init__(self, heading: str, content: QWidget, bold: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.button = QToolButton(autoRaise=True, toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(CARET, CARET))
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if bold:
            made = QFont(self.button.font())
            made.setWeight(QFont.Weight.DemiBold)
            self.button.setFont(made)
        bind(self.button, "setText", heading)
        self.head = QHBoxLayout()
        self.head.setSpacing(SPACING)
        self.head.addWidget(self.button, stretch=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(self.head)
        column.addWidget(content)
        self._open = False
        self.button.clicked.connect(lambda: self.set_open(not self._open))
        self.set_open(False)

    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._open

    def set_open(self, open_: bool) -> None:
        """Show or hide the content."""
        changed, self._open = self._open != open_, open_
        self.content.setVisible(open_)
        self.button.setIcon(icon("caret-down" if open_ else "caret-right", "text_muted"))
        bind(self.button, "setAccessibleDescription", N_("Open") if open_ else N_("Folded"))
        if changed:
            self.toggled.emit(open_)
