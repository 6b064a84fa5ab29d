"""Open one image file safely: regular files only, header first, every fault of a hostile file as an ``ImageError``."""

import errno
import io
import math
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from imgmine_gui.core.errors import reason_of
from imgmine_gui.core.images.formats import MAGIC_BYTES, READERS, SUFFIXES, UNREAD_SUFFIXES, image_format, unread_format
from imgmine_gui.core.images.optional import MissingExtra, UnsupportedVariety, optional_reader
from imgmine_gui.core.images.pages import split_page, tiff_header, tiff_pages
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.images.quiet import keep_quiet
from imgmine_gui.core.images.truncation import is_cut_short

PIXEL_LIMIT = 178_956_970
"""The most pixels that are decoded: half a gibibyte as 8-bit RGB. It is also where Pillow itself refuses. The largest
photographs of telephones and medium-format cameras and A3 scans at 600 dpi lie below."""

HEADER_LIMIT = 128 * 2**20
"""The most bytes that may be read before the pixels begin: bounds what chains of metadata can make us hold. WebP and
AVIF are read whole at that point, so it is also the largest file of these two."""

HEADER_READS = 200_000
"""The most single reads for a header; real ones need some hundreds."""

OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
"""With which a file of a person is opened: never waits where it was made a pipe a moment ago."""

_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
_DENIED = {errno.EACCES, errno.EPERM}

# Pillow tells these apart in words only.
_TRUNCATED = re.compile(
    r"truncated|not enough image data|unexpected end|buffer is not large enough|less than expected|cannot reshape",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"data too large|too much memory", re.IGNORECASE)
_UNSUPPORTED = re.compile(
    r"unsupported|not (yet )?support|unknown pixel mode|unknown data organization|cannot handle", re.IGNORECASE
)


class HeaderReader(io.BufferedReader):
    """A file that gives out at most ``HEADER_LIMIT`` bytes, in ``HEADER_READS`` reads, until ``allow_pixels``.

    Pillow's readers of headers are loops in Python around ``read``: without a bound, a file of nothing but markers
    keeps them busy for minutes.

    Attributes:
        directories: where the pages of a TIFF begin, once ``turn_to`` had to know it.
        directory: of the page that it was turned to; 0 for the first.
    """

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(raw)
        self.directories: list[int] = []
        self.directory = 0
        self._header = b""
        self._headers_only = False
        self._bytes_left: float = HEADER_LIMIT
        self._reads_left: float = HEADER_READS

    def allow_pixels(self, reads: float = math.inf) -> None:
        """The header is known and found sound: from now on any number of bytes, in at most ``reads`` reads."""
        if not self._headers_only:
            self._bytes_left = math.inf
            self._reads_left = reads

    def headers_only(self) -> None:
        """No pixels will be read, but the headers of many pages: they have one bound together, of eight headers."""
        self._headers_only = True
        self._bytes_left *= 8
        self._reads_left *= 8

    def turn_to(self, page: int) -> bool:
        """From now on give out a TIFF whose first page is that of number ``page``; false where there is none.

        Pillow's own way to a later page reads all those before it.
        """
        if not self.directories:
            self.directories = tiff_pages(self)
        if page > len(self.directories):
            return False
        self._header = b""
        self.directory = self.directories[page - 1] if page > 1 else 0
        self.seek(0)
        if self.directory:
            self._header = tiff_header(super().read(16), self.directory)
            self.seek(0)
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file.

        Raises:
            MemoryError: there are more bytes than allowed; raised before the memory is spent.
            ValueError: there were more reads than allowed.
        """
        self._reads_left -= 1
        if self._reads_left < 0:
            raise ValueError("the file consists of too many pieces")
        start = self.tell() if self._header else 0
        if self._bytes_left == math.inf:
            data = super().read(size)
        else:
            most = int(self._bytes_left) + 1
            data = super().read(most if size is None or size < 0 else min(size, most))
            self._bytes_left -= len(data)
            if self._bytes_left < 0:
                raise MemoryError(f"the header has more than {HEADER_LIMIT} bytes")
        header = self._header[start : start + len(data)]
        return header + data[len(header) :] if header else data


def open_regular(path: str) -> HeaderReader:
    """Open ``path`` for reading, if it is a regular file or a link to one; never waits for a pipe or a device.

    Raises:
        ImageError: missing, no permission, not a file, or the drive fails.
    """
    try:
        # Opening a device may already do something (rewind a tape), so look before; look again at what was opened,
        # because it may have changed in between; and do not block where it was made a pipe in between.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ImageError(ImageProblem.NOT_A_FILE, path)
        raw = io.FileIO(path, "rb", opener=lambda name, _: os.open(name, OPEN_FLAGS))
    except OSError as error:
        raise file_error(error, path) from error
    except ValueError as error:  # a null character in the name
        raise ImageError(ImageProblem.MISSING, path) from error
    if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
        raw.close()
        raise ImageError(ImageProblem.NOT_A_FILE, path)
    return HeaderReader(raw)


@contextmanager
def opened_image(location: str) -> Iterator[tuple[ImageFile.ImageFile, HeaderReader]]:
    """The image with its header read and its size found acceptable, not decoded yet; closed in the end.

    Whatever goes wrong inside the ``with`` block is taken for the file's fault, so only code that works on the file
    belongs there.

    Args:
        location: the path of a file, or ``FILE#page=N``.

    Raises:
        ImageError: for each of the problems.
    """
    path, page = split_page(location)
    with open_regular(path) as file, opened_page(file, location, page) as image:
        yield image, file


@contextmanager
def opened_page(file: HeaderReader, location: str, page: int) -> Iterator[ImageFile.ImageFile]:
    """One page of an open file, as ``opened_image`` gives it; ``location`` is what an error names."""
    keep_quiet()
    name = ""
    try:
        file.seek(0)
        name = _format_of(file, location)
        if page > 1 and name == "TIFF" and not file.turn_to(page):
            raise _no_page(location, page, len(file.directories))
        # The readers are called by name and not through Image.open: that one warns about large images, tries
        # formats in turn, and imports all of Pillow's decoders.
        with (READERS.get(name) or optional_reader(name))(file, "") as image:
            _check_size(image, location)
            if page > 1 and name != "TIFF":
                _seek(image, location, page)
            # PNG goes on with small pieces between and behind the pixels; those of real files have kilobytes.
            file.allow_pixels(HEADER_READS + _size_of(file) // 64 if name == "PNG" else math.inf)
            yield image
    except ImageError:
        raise
    except MissingExtra as missing:
        raise ImageError(ImageProblem.UNSUPPORTED_FORMAT, location, format=name, extra=missing.args[0]) from missing
    except Exception as error:
        # Hostile files make Pillow's readers raise nearly anything: OSError, SyntaxError, ValueError, TypeError,
        # KeyError, IndexError, EOFError, OverflowError, AttributeError, AssertionError, struct.error, zlib.error,
        # ... No list of them stays complete, and here nothing but one file's decoding can be at fault.
        raise _as_image_error(error, location, file, name) from error


def _seek(image: ImageFile.ImageFile, location: str, page: int) -> None:
    pages = getattr(image, "n_frames", 1) if image.format == "DICOM" else 1
    if page > pages:
        raise _no_page(location, page, pages)
    image.seek(page - 1)


def _no_page(location: str, page: int, pages: int) -> ImageError:
    return ImageError(ImageProblem.MISSING, location, page=page, pages=max(pages, 1))


def forget_frames(error: ImageError) -> None:
    """Let go of the frames that ``error`` came through: whoever keeps the error would keep the image with it."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__


def _size_of(file: HeaderReader) -> int:
    return os.fstat(file.fileno()).st_size


def _format_of(file: HeaderReader, path: str) -> str:
    head = file.read(MAGIC_BYTES)
    file.seek(0)
    if not head:
        raise ImageError(ImageProblem.EMPTY, path)
    if name := image_format(head):
        return name
    suffix = os.path.splitext(split_page(path)[0])[1].lower()
    # Some formats (Targa, old DICOM) have no magic number: then the name has to do.
    if suffix in {".dcm", ".dicom"} and not unread_format(head):
        return "DICOM"
    if unread := unread_format(head) or (suffix[1:].upper() if suffix in UNREAD_SUFFIXES else None):
        raise ImageError(ImageProblem.UNSUPPORTED_FORMAT, path, format=unread)
    if suffix in SUFFIXES:
        raise ImageError(ImageProblem.NOT_AN_IMAGE, path)
    raise ImageError(ImageProblem.NOT_AN_IMAGE, path, suffix=suffix)


def _check_size(image: ImageFile.ImageFile, path: str) -> None:
    """Refuse what would need too much memory, and a camera's raw file, whose first picture is only a preview."""
    width, height = image.size
    tags = getattr(image, "tag_v2", {})
    # A tile is decoded into memory of its own, whatever the size of the image that it belongs to.
    tile_width, tile_height = tags.get(322, 1), tags.get(323, 1)
    rows = max(height, tile_height if isinstance(tile_height, int) else 1)
    columns = max(width, tile_width if isinstance(tile_width, int) else 1)
    if columns * rows > PIXEL_LIMIT:
        limit = PIXEL_LIMIT // 1_000_000
        raise ImageError(ImageProblem.TOO_LARGE, path, width=columns, height=rows, limit=limit)
    if 50706 in tags or (tags.get(254) == 1 and 330 in tags):  # DNGVersion; a reduced image with others below it
        raise ImageError(ImageProblem.UNSUPPORTED_FORMAT, path, format="camera raw")


def _as_image_error(error: Exception, path: str, file: HeaderReader, name: str) -> ImageError:
    # Pillow's own OSErrors have no number; these two come of offsets in the file that lie nowhere.
    if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL, errno.EOVERFLOW}:
        return file_error(error, path)
    if isinstance(error, UnsupportedVariety):
        return ImageError(ImageProblem.UNSUPPORTED_FORMAT, path, format=error.args[0])
    text = str(error)
    if isinstance(error, MemoryError | Image.DecompressionBombError) or _TOO_LARGE.search(text):
        return ImageError(ImageProblem.TOO_LARGE, path)
    if _TRUNCATED.search(text) or is_cut_short(file, name, file.directory):
        return ImageError(ImageProblem.TRUNCATED, path)
    if _UNSUPPORTED.search(text):
        return ImageError(ImageProblem.UNSUPPORTED_FORMAT, path, format=name)
    return ImageError(ImageProblem.DAMAGED, path)


def file_error(error: OSError, path: str) -> ImageError:
    """Why the system refused to open or to read a file."""
    if error.errno in _MISSING:
        return ImageError(ImageProblem.MISSING, path)
    if error.errno in _DENIED:
        return ImageError(ImageProblem.NO_PERMISSION, path)
    if error.errno in {errno.ENXIO, errno.EISDIR, errno.ENODEV}:
        return ImageError(ImageProblem.NOT_A_FILE, path)
    return ImageError(ImageProblem.READ_ERROR, path, reason=reason_of(error))
