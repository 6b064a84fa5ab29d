"""Which images the person sees now, once scrolling pauses."""

from PySide6.QtCore import QObject, QTimer, Signal

from imgmine_gui.gui.widgets.data.gallery import Gallery

PAUSE_MS = 200


class SeenImages(QObject):
    """Watches the grid, the table and the large view of a gallery.

    Args:
        gallery: that shows the images.
    """

    changed = Signal(object)
    """``tuple[int, ...]``: the ids of the images that are seen."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._ids: tuple[int, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        for view in (gallery.grid, gallery.table):
            view.verticalScrollBar().valueChanged.connect(self._pause.start)
        gallery.looked.connect(self._start)
        gallery.grid.thumbnail_size_changed.connect(self._pause.start)

    def _start(self) -> None:
        if not self._pause.isActive():  # rows arrive again and again
            self._pause.start()

    def _look(self) -> None:
        gallery = self._gallery
        shown = gallery.stack.currentWidget()
        if shown is gallery.large:
            row = gallery.grid.current_row
            rows = range(max(0, row), max(0, row) + 1)
        elif shown is gallery.table:
            first, last = gallery.table.rowAt(0), gallery.table.rowAt(gallery.table.viewport().height() - 1)
            rows = range(max(0, first), 1 + (last if last >= 0 else len(gallery.images.ids) - 1))
        else:
            rows = gallery.grid.visible_rows()
        ids = tuple(gallery.images.ids[rows.start : rows.stop])
        if ids != self._ids:
            self._ids = ids
            self.changed.emit(ids)
