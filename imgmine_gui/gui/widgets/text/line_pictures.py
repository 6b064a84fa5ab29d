"""Pictures of lines for a list, decoded in threads; those in view first, and the last few hundred are kept."""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.problems import ImageError
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.work_line import WorkLine

HEIGHT, WIDTH = 96, 3200
"""Pixels that a picture has at most: twice what a list shows, for screens of small pixels."""
THREADS = 2
KEPT = 300


class LinePictures(QObject):
    """Lives in the thread of the window."""

    loaded = Signal()
    """Some of those that are wanted are there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._line: WorkLine[str, QImage] = WorkLine(_load, THREADS, "line", self)
        self._line.served.connect(self._take_in)

    def want(self, paths: Sequence[str]) -> None:
        """Load these, the first first; what was wanted before and was not begun is dropped."""
        for path in paths:
            if path in self._kept:
                self._kept.move_to_end(path)
        self._line.replace([path for path in paths if path not in self._kept])

    def picture(self, path: str) -> QImage | None:
        """The picture; null where it cannot be read, None while it is not there."""
        return self._kept.get(path)

    def _take_in(self) -> None:
        self._kept.update(self._line.take())
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.loaded.emit()


def _load(path: str) -> QImage:
    try:
        picture = image_of(decode_rgb(path, at_least=(WIDTH, HEIGHT)).pixels)
    except ImageError:
        return QImage()
    if picture.height() <= HEIGHT and picture.width() <= WIDTH:
        return picture
    mode = Qt.TransformationMode.SmoothTransformation
    return picture.scaled(WIDTH, HEIGHT, Qt.AspectRatioMode.KeepAspectRatio, mode)
