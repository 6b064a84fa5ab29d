"""The panel at the right of a page, for the details of what is selected; it collapses to a narrow strip."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.settings import Settings
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, FontSize, font, icon

WIDTH = 320


class SidePanel(QFrame):
    """A titled column whose content scrolls when it is taller than the window.

    Args:
        title: an English text marked with ``N_``.
        content: what the panel shows; sections are added with ``add``.
        width: of the open panel, in device-independent pixels.
    """

    toggled = Signal(bool)
    """Emitted with whether the panel is open now."""

    def __init__(
        self, title: str, content: QWidget | None = None, width: int = WIDTH, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._width = width
        self.title = QLabel()
        self.title.setFont(font(FontSize.HEADING))
        bind(self.title, "setText", title)
        bind(self, "setAccessibleName", title)
        self.button = QToolButton(autoRaise=True)
        self.button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.button.clicked.connect(lambda: self.set_open(not self.is_open()))
        self.column = QVBoxLayout()
        self.column.setContentsMargins(GAP, SPACING, GAP, GAP)
        self.column.setSpacing(GAP)
        self._body = QScrollArea(widgetResizable=True)
        self._body.setFrameShape(QFrame.Shape.NoFrame)
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bind(self._body, "setAccessibleName", title)
        self._foot = QWidget()
        self._pinned = QVBoxLayout(self._foot)
        self._pinned.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setLayout(self.column)
        self._body.setWidget(inner)
        self._arrange()
        if content is not None:
            self.add(content)
        self.set_open(True)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(HALF, SPACING, GAP, 0)
        head.setSpacing(HALF)
        head.addWidget(self.button)
        head.addWidget(self.title, stretch=1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self._body, stretch=1)
        outer.addWidget(self._foot)
        outer.addStretch(0)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put ``widget`` below what is there."""
        self.column.addWidget(widget, stretch)

    def pin(self, widget: QWidget) -> None:
        """Put ``widget`` below the content, where it stays in sight however far that is scrolled."""
        self._pinned.setContentsMargins(GAP, SPACING, GAP, SPACING)
        self._pinned.addWidget(widget)

    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._body.isVisibleTo(self)

    def remember(self, settings: Settings, key: str) -> None:
        """Keep in the settings, under ``key``, whether the person wants the panel."""
        self._kept = settings, key
        self.button.clicked.connect(lambda: settings.set_text(key, "open" if self.is_open() else "hidden"))

    def make_room(self, narrow: bool) -> None:
        """Close the panel in a narrow window; in a wide one open it, unless the person closed it for good."""
        settings, key = self._kept
        self.set_open(not narrow and settings.text(key) != "hidden")

    def set_open(self, open_: bool) -> None:
        """Show the content, or a strip with the button alone."""
        self._body.setVisible(open_)
        self._foot.setVisible(open_)
        self.title.setVisible(open_)
        self.button.setIcon(icon("caret-right" if open_ else "caret-left"))
        text = N_("Hide the panel") if open_ else N_("Show the panel")
        bind(self.button, "setToolTip", text)
        bind(self.button, "setAccessibleName", text)
        self.setFixedWidth(self._width if open_ else ICON_SIZE + 2 * SPACING + HALF)
        self.toggled.emit(open_)
