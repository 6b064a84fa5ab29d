"""Small pictures of images, kept in a folder so that a thing seen once is there at once the next time."""

import hashlib
import io
import logging
import os
import threading
import uuid
from pathlib import Path

from PIL import Image

from imgmine_gui.core.images.convert import Pixels
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.geometry import Geometry, ResizeMode
from imgmine_gui.core.images.problems import ImageError

LIMIT_BYTES = 512 * 2**20
_KEEP = 0.8
_QUALITY = 90
_FORMAT_VERSION = 1  # part of the names: raise it when thumbnails of old versions must not be used any more

_log = logging.getLogger(__name__)


class ThumbnailCache:
    """Thumbnails by content, in a folder of bounded size; safe to use from several threads and processes.

    The folder can be deleted at any time. A thumbnail that cannot be kept (the disk is full, the folder is read-only)
    is still returned, and one that was damaged is made again; that is also why the files are not synced.

    Args:
        folder: where the thumbnails lie, in two levels of folders; made when the first is kept.
        limit_bytes: above this size, the thumbnails that were not looked at for longest are removed.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._bytes: int | None = None  # unknown until the first is kept
        self._lock = threading.Lock()
        self._told = False

    def get(self, path: str, key: str, size: int) -> Pixels:
        """The thumbnail of an image, from the folder or newly made.

        Args:
            path: the image.
            key: of its content, see ``hashing.content_key``.
            size: the longest side in pixels; a smaller image keeps its size.

        Returns:
            uint8 (h, w, 3), oriented.

        Raises:
            ImageError: the image cannot be used.
        """
        if (kept := self.find(key, size)) is not None:
            return kept
        pixels = make_thumbnail(path, size)
        self._keep(self._place(key, size), pixels)
        return pixels

    def find(self, key: str, size: int) -> Pixels | None:
        """The thumbnail of this content if it is kept in this size: uint8 (h, w, 3), oriented."""
        return _read(self._place(key, size), size)

    def _place(self, key: str, size: int) -> Path:
        # Hashed, so that no key, wherever it comes from, can lead out of the folder.
        text = f"{_FORMAT_VERSION}:{size}:{key}".encode(errors="surrogatepass")
        name = hashlib.blake2b(text, digest_size=16).hexdigest()
        return self._folder / name[:2] / name[2:4] / f"{name}.jpg"

    def _keep(self, place: Path, pixels: Pixels) -> None:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=_QUALITY)
        data = buffer.getvalue()
        temporary = place.with_name(f"{uuid.uuid4().hex}.tmp")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(data)
                temporary.replace(place)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
            self._bound(len(data))
        except OSError as error:
            self._tell_once(error)

    def _bound(self, added: int) -> None:
        """Count what was added, and remove old thumbnails when there are too many: rarely, and then a fifth."""
        with self._lock:
            if self._bytes is None:
                self._bytes = sum(size for _, size, _ in _files(self._folder))
            else:
                self._bytes += added
            if self._bytes <= self._limit:
                return
            files = sorted(_files(self._folder))
            self._bytes = sum(size for _, size, _ in files)
            for _, size, name in files:
                if self._bytes <= self._limit * _KEEP:
                    break
                Path(name).unlink(missing_ok=True)
                self._bytes -= size

    def _tell_once(self, error: OSError) -> None:
        if not self._told:
            self._told = True
            _log.warning("thumbnails are not kept in %s: %s", self._folder, error)


def make_thumbnail(path: str, size: int) -> Pixels:
    """The image, oriented, with its longest side at most ``size`` pixels: uint8 (h, w, 3).

    Raises:
        ImageError: the image cannot be used.
    """
    decoded = decode_rgb(path, at_least=(size, size))
    width, height = decoded.full_size
    scale = size / max(width, height)
    if scale >= 1:
        return decoded.pixels
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    return Geometry.plan(decoded.full_size, small, ResizeMode.STRETCH).apply(decoded.pixels)


def _read(place: Path, size: int) -> Pixels | None:
    """The kept thumbnail, marked as just looked at; None where there is none, or a damaged one."""
    try:
        pixels = decode_rgb(place).pixels
    except ImageError:
        return None
    if max(pixels.shape[:2]) > size:
        return None
    try:
        os.utime(place)
    except OSError as error:
        # Only the order of removal depends on it, and a folder that cannot be written to removes nothing.
        _log.debug("could not mark %s as used: %s", place, error)
    return pixels


def _files(folder: Path) -> list[tuple[int, int, str]]:
    """When each file of the cache was last looked at (nanoseconds), its size in bytes, and its path."""
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            try:
                status = os.stat(path)
            except FileNotFoundError:
                continue  # another process was faster
            found.append((status.st_mtime_ns, status.st_size, path))
    return found
