"""A heading and what stands below it."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import SPACING, FontSize, font


class Section(QWidget):
    """A heading with content below it; sections stacked in a column make a panel.

    Args:
        heading: an English text marked with ``N_``.
        content: the widget below; more may be added to ``layout()``.
    """

    def __init__(self, heading: str, content: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel()
        self.heading.setFont(font(FontSize.BODY, bold=True))
        self.heading.setWordWrap(True)
        bind(self.heading, "setText", heading)
        bind(self, "setAccessibleName", heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.heading)
        if content is not None:
            column.addWidget(content)

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` below what is there."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(widget)
