"""The bar below the images: how they are shown, what was saved, and how large they are."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QSlider, QToolButton, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.thumbnail_grid import LARGEST, SMALLEST, STEP
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

SLOW_MS = 300
"""Only what takes longer than this is said to be going on."""
TOLD_MS = 4000
SLIDER = 110


class GalleryFoot(QWidget):
    """Grid or table, a quiet line, whether labelling goes on to the next image, and the zoom."""

    view_wanted = Signal(bool)
    """Whether the person wants the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid_button = self._button("squares-four", N_("Show the images as a grid"), False)
        self.table_button = self._button("rows", N_("Show the images as a table"), True)
        group = QButtonGroup(self)
        for button in (self.grid_button, self.table_button):
            group.addButton(button)
        self.grid_button.setChecked(True)
        self.told = ElidedLabel()
        self.told.setFont(font(FontSize.SMALL))
        self.told.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        bind(self.told, "setAccessibleName", N_("What was saved"))
        self.advance = QCheckBox()
        self.advance.setChecked(True)
        bind(self.advance, "setText", N_("Go on after labelling"))
        bind(self.advance, "setToolTip", N_("When one image was labelled, flagged or rated by key, select the next"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SMALLEST, LARGEST)
        self.slider.setPageStep(STEP)
        self.slider.setSingleStep(STEP)
        self.slider.setFixedWidth(SLIDER)
        bind(self.slider, "setAccessibleName", N_("Size of the thumbnails"))
        bind(self.slider, "setToolTip", N_("Size of the thumbnails"))
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(lambda: bind(self.told, "setText", N_("Saving…")))
        self._over = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._over.timeout.connect(lambda: bind(self.told, "setText", ""))
        self._arrange()

    def show_busy(self, busy: bool) -> None:
        """Say "Saving…" while it takes long."""
        if busy:
            self._slow.start()
        else:
            self._slow.stop()

    def tell(self, text: str, **values: object) -> None:
        """Say something for a moment; ``text`` is marked with ``N_``, ``values`` are for its fields."""
        self._slow.stop()
        bind(self.told, "setText", text, **values)
        self._over.start()

    def _button(self, picture: str, text: str, table: bool) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setCheckable(True)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        bind(button, "setToolTip", text)
        bind(button, "setAccessibleName", text)
        button.clicked.connect(lambda _checked=False: self.view_wanted.emit(table))
        return button

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, HALF, GAP, HALF)
        row.setSpacing(HALF)
        row.addWidget(self.grid_button)
        row.addWidget(self.table_button)
        row.addSpacing(SPACING)
        row.addWidget(self.told, 1)
        row.addWidget(self.advance)
        row.addSpacing(SPACING)
        row.addWidget(self.slider)
