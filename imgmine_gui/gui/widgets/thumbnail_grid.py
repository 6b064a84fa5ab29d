"""A grid of thumbnails over any model that offers the roles of ``gui.item_models.roles``."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.roles import KeyRole, PathRole
from imgmine_gui.gui.theme import SPACING, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader, Wanted
from imgmine_gui.gui.widgets.thumbnail_delegate import ThumbnailDelegate

SMALLEST, LARGEST, STEP = 64, 384, 32
PAGES_AHEAD = 1
"""How many screens below and above the visible one are loaded once that is there."""


class ThumbnailGrid(QListView):
    """Pictures of one size with a caption and a badge each; only what is seen is loaded.

    Args:
        loader: of the thumbnails; several grids may share one.
        thumbnail_size: the side of the square that holds each picture, in device-independent pixels.
    """

    activated_row = Signal(int)
    """A row was opened: Enter or a double click."""
    current_row_changed = Signal(int)
    """Another row is the current one; -1: none."""
    thumbnail_size_changed = Signal(int)

    def __init__(self, loader: ThumbnailLoader, thumbnail_size: int = 128, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._size = thumbnail_size
        self._delegate = ThumbnailDelegate(loader, thumbnail_size, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._want_visible)
        self.setItemDelegate(self._delegate)
        # A wrapped list and Qt's icon mode look the same; this one lays out 100,000 rows 20 times as fast.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        bind(self, "setAccessibleName", N_("Images"))
        self.activated.connect(lambda index: self.activated_row.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._look_again)
        loader.arrived.connect(self.viewport().update)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self._fit_columns()

    @property
    def thumbnail_size(self) -> int:
        """The side of the square that holds each picture, in device-independent pixels."""
        return self._size

    def set_thumbnail_size(self, size: int) -> None:
        """Make the pictures larger or smaller; the current row stays in view."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._size:
            self._size = size
            self._fit_columns()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            self.thumbnail_size_changed.emit(size)

    def set_current_row(self, row: int) -> None:
        """Make ``row`` the current and only selected one and bring it into view; a row that is not there: none."""
        model = self.model()
        self.setCurrentIndex(
            model.index(row, 0) if model is not None and 0 <= row < model.rowCount() else QModelIndex()
        )

    @property
    def current_row(self) -> int:
        """The current row; -1 where there is none."""
        return self.currentIndex().row()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show ``model``."""
        old = self.model()
        if old is not None:
            for signal in _changes_of(old):
                signal.disconnect(self._look_again)
        super().setModel(model)
        if model is not None:
            for signal in (
                model.modelReset,
                model.layoutChanged,
                model.rowsInserted,
                model.rowsRemoved,
                model.dataChanged,
            ):
                signal.connect(self._look_again)
        self._soon.start()

    def retranslate(self) -> None:
        """Captions and badges are asked for anew."""
        self.viewport().update()

    def visible_rows(self) -> range:
        """The rows that are seen now, whole or in part."""
        model, cell = self.model(), self.gridSize()
        if model is None or cell.isEmpty():
            return range(0)
        columns = max(1, self._room() // cell.width())
        top = self.verticalScrollBar().value()
        first = top // cell.height() * columns
        last = ((top + self.viewport().height()) // cell.height() + 1) * columns
        return range(first, min(last, model.rowCount()))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is the current one now."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.current_row_changed.emit(current.row())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Paint all of it anew: one paint is cheaper than many small ones."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, filling the width."""
        super().resizeEvent(event)
        self._fit_columns()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what is seen."""
        super().showEvent(event)
        self._soon.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the pictures."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_thumbnail_size(self._size + (STEP if event.angleDelta().y() > 0 else -STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row on every system; letters, digits and Space are for the page."""
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.current_row)
        elif event.text().isprintable() and event.text() and not event.modifiers() & command:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit_columns(self) -> None:
        least = self._size + 2 * SPACING
        width = max(least, self._room() // max(1, self._room() // least))
        self._delegate.set_picture_size(width - 2 * SPACING)  # the pictures take the room that is left over
        cell = self._delegate.cell_size()
        if self.gridSize() != QSize(width, cell.height()):
            self.setGridSize(QSize(width, cell.height()))
        self.verticalScrollBar().setSingleStep(cell.height() // 3)
        self._soon.start()

    def _room(self) -> int:
        """The width that Qt fills with cells; it keeps one pixel to itself."""
        return max(1, self.viewport().width() - 1)

    def _look_again(self) -> None:
        """Once, however much changes in this round of events; what the signals bring along is of no use here."""
        self._soon.start()

    def _want_visible(self) -> None:
        model = self.model()
        if model is None or not self.isVisible():
            return
        seen = self.visible_rows()
        ahead = len(seen) * PAGES_AHEAD
        rows = [
            *seen,
            *range(seen.stop, min(seen.stop + ahead, model.rowCount())),
            *range(max(0, seen.start - ahead), seen.start),
        ]
        side = round((self.gridSize().width() - 2 * SPACING) * self.devicePixelRatioF())
        indices = (model.index(row, 0) for row in rows)
        # A model that reads its rows when they are looked at knows no path until then.
        found = ((index.data(PathRole), index.data(KeyRole) or "") for index in indices)
        self._loader.want(Wanted(path, key, side) for path, key in found if path)

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme().colours.window)
        self.setPalette(palette)


def _changes_of(model: QAbstractItemModel) -> tuple[SignalInstance, ...]:
    return model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved
