"""Whole images for the eye, decoded in a thread; the newest wish wins, and the last few are kept."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.problems import ImageError
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.work_line import WorkLine

LARGEST = (8000, 8000)
"""Images that are larger may be decoded at a half or less of their size, never below this."""
KEPT_BYTES = 256 * 2**20


@dataclass(frozen=True)
class LoadedImage:
    """An image to be looked at.

    Attributes:
        picture: null where it could not be read.
        full_size: of the oriented original.
        error: why it could not be read.
    """

    path: str
    picture: QImage
    full_size: QSize
    error: ImageError | None = None


class ImageLoader(QObject):
    """Decodes images in one thread; lives in the thread of the window."""

    loaded = Signal(object)
    """A ``LoadedImage``; only of the path that was asked for last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, LoadedImage] = OrderedDict()
        self._wanted = ""
        self._line: WorkLine[str, LoadedImage] = WorkLine(_load, 1, "image", self)
        self._line.served.connect(self._take_in)

    def load(self, path: str, likely_next: Sequence[str] = ()) -> None:
        """Ask for ``path``; ``loaded`` comes at once where it is kept. ``likely_next`` are decoded after it."""
        self._wanted = path
        self._line.replace([one for one in (path, *likely_next) if one not in self._kept])
        if path in self._kept:
            self._kept.move_to_end(path)
            self.loaded.emit(self._kept[path])

    def _take_in(self) -> None:
        for path, image in self._line.take():
            if image.error is None:  # a file that could not be read may have been mended when it is asked for again
                self._kept[path] = image
            if path == self._wanted:
                self.loaded.emit(image)
        while len(self._kept) > 1 and sum(one.picture.sizeInBytes() for one in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)


def _load(path: str) -> LoadedImage:
    try:
        decoded = decode_rgb(path, at_least=LARGEST)
    except ImageError as error:
        return LoadedImage(path, QImage(), QSize(), error)
    return LoadedImage(path, image_of(decoded.pixels), QSize(*decoded.full_size))
