"""The size of an ordinary image from its first bytes, as the real readers would find it, in a hundredth of the time.

A scan of a hundred thousand files cannot open each with Pillow. This module knows the plain varieties of the commonest
formats. Whatever is rare or doubtful in the least (a segment that Pillow might refuse, metadata that it might read in
another way) it leaves to ``reading``: ``None`` says "ask there", never "this is no image".
"""

import re
import struct
import zlib
from collections.abc import Callable

from imgmine_gui.core.images.convert import Size
from imgmine_gui.core.images.exif_tag import ABSENT, Doubtful, exif_orientation
from imgmine_gui.core.images.orientation import swaps_sides
from imgmine_gui.core.images.reading import PIXEL_LIMIT

_MOST_PIECES = 500
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(="|>)([0-9])')

# Of JPEG: segments whose content Pillow passes over (among them DHT, DRI, comments), and those that it looks into.
_PASSED_OVER = frozenset({0xC4, 0xDD, 0xFE, *range(0xE3, 0xED), 0xEF})
_LEAST = {0xE0: (b"JFIF", 12), 0xE1: (b"", 0), 0xE2: (b"ICC_PROFILE\0", 14), 0xED: (b"", 0), 0xEE: (b"Adobe", 12)}
"""With what an application segment may begin, and how long it has to be then."""
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_segment = struct.Struct(">BBH").unpack_from
_sides = struct.Struct(">HH").unpack_from

_PNG_MODES = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
"""Bit depths that a colour type may have."""
_PNG_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"pHYs": 9, b"PLTE": 3, b"tIME": 0, b"bKGD": 0, b"sBIT": 0}
"""The least length of chunks that say nothing of the size."""
_PNG_META = re.compile(rb"exif|xmp|raw profile|adobe|bbox|default_image", re.IGNORECASE)
"""Texts of a PNG that may hold more than a text."""

_GIF_EXTENSION = re.compile(rb"!(\xf9\x04....\0|\xfe[^\0]|\xff\x0bNETSCAPE2.0\x03)", re.DOTALL)
"""How control, comment and application extensions begin; where the first block is empty, Pillow goes astray."""


def quick_size(start: bytes, length: int) -> Size | None:
    """Width and height, oriented, of an ordinary JPEG, PNG, GIF, BMP or WebP; ``None`` if it has to be opened.

    Args:
        start: the first bytes of the file; a mebibyte holds nearly every header.
        length: of the whole file.

    Example:
        >>> quick_size(b"no image", 8) is None
        True
    """
    reader = _READERS.get(start[:2])
    if reader is None or start[128:132] == b"DICM" or start[8:12] == b"CR\x02\0":
        return None
    try:
        size = reader(start, length)
    except (Doubtful, IndexError, struct.error):  # the latter: cut short, or a header longer than ``start``
        return None
    return size if size and 0 < size[0] * size[1] <= PIXEL_LIMIT else None


def _jpeg(data: bytes, _length: int) -> Size | None:
    """ITU-T T.81, annex B.2: segments up to the start of the scan."""
    position, end = 2, len(data)
    size: Size | None = None
    told = _Told()
    for _ in range(_MOST_PIECES):
        marker, kind, length = _segment(data, position)
        start, position = position, position + 2 + length
        if marker != 0xFF or length < 2 or position > end:
            return None
        if kind in _PASSED_OVER:
            continue
        if kind == 0xDA:
            return size and told.turned(size)
        if kind == 0xDB:
            _check_tables(data, start + 4, position)
        elif kind not in _FRAMES:
            told.application(kind, data[start + 4 : position])
        elif size or not _is_plain_frame(data, start, position):
            return None
        else:
            height, width = _sides(data, start + 5)
            size = width, height
    return None


def _is_plain_frame(data: bytes, position: int, stop: int) -> bool:
    """Eight bits a sample, one, three or four components, and as many entries."""
    layers = data[position + 9]
    return data[position + 4] == 8 and layers in {1, 3, 4} and stop == position + 10 + 3 * layers


def _check_tables(data: bytes, position: int, stop: int) -> None:
    """See that a segment holds whole quantisation tables and nothing else."""
    while position < stop:
        position += 65 if data[position] < 16 else 129
    if position != stop:
        raise Doubtful


class _Told:
    """What the metadata of an image says of its orientation; every method raises ``Doubtful``."""

    def __init__(self) -> None:
        self._exif = ABSENT
        self._has_exif = False
        self._xmp = b""

    def application(self, kind: int, content: bytes) -> None:
        """Take in an application segment of a JPEG."""
        if kind == 0xE1 and content.startswith(b"Exif\0\0"):
            self.exif(content[6:])
        elif kind == 0xE1 and content.startswith(_XMP):
            self._xmp = content[len(_XMP) :]
        elif kind == 0xED and content.startswith(b"Photoshop 3.0\0"):
            _check_resources(content)
        elif kind not in _LEAST or (content.startswith(_LEAST[kind][0]) and len(content) < _LEAST[kind][1]):
            raise Doubtful

    def exif(self, tiff: bytes) -> None:
        """Take in EXIF, without its heading."""
        if self._has_exif:
            raise Doubtful
        self._has_exif = True
        self._exif = exif_orientation(tiff)

    def turned(self, size: Size) -> Size:
        """``size`` as it is after the orientation was applied."""
        orientation = self._exif
        if orientation == ABSENT and self._xmp and (match := _XMP_ORIENTATION.search(self._xmp)):
            orientation = int(match[2])
        return size[::-1] if orientation <= 8 and swaps_sides(orientation) else size


def _check_resources(content: bytes) -> None:
    """See that image resources of Photoshop are whole, as far as they go."""
    position = 14
    while content[position : position + 4] == b"8BIM":
        position += 7 + content[position + 6]
        position += position & 1
        (length,) = struct.unpack_from(">I", content, position)
        position += 4 + length
        position += position & 1
    if position > len(content) + 1:
        raise Doubtful


def _png(data: bytes, _length: int) -> Size | None:
    """PNG specification, section 5: chunks up to the first with pixels."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        return None
    width, height, depth, colour, _, filtering = struct.unpack_from(">IIBBBB", data, 16)
    if depth not in _PNG_MODES.get(colour, ()) or filtering:
        return None
    told, position = _Told(), 8
    for _ in range(_MOST_PIECES):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IDAT":
            return told.turned((width, height))
        stop = position + 8 + length
        (checksum,) = struct.unpack_from(">I", data, stop)
        if zlib.crc32(memoryview(data)[position + 4 : stop]) != checksum:
            return None
        if position > 8:
            _check_chunk(kind, data[position + 8 : stop], colour, told)
        position = stop + 4
    return None


def _check_chunk(kind: bytes, content: bytes, colour: int, told: _Told) -> None:
    """See that a chunk of a PNG is one that says nothing of the size, or take in what it says."""
    if kind == b"eXIf":
        told.exif(content)
    elif kind == b"tRNS":
        if colour != 3 and len(content) < 6:
            raise Doubtful
    elif kind == b"tEXt":
        if _PNG_META.search(content[:80]):
            raise Doubtful
    elif len(content) < _PNG_LENGTHS.get(kind, len(content) + 1):
        raise Doubtful


def _gif(data: bytes, _length: int) -> Size | None:
    """GIF89a specification, sections 18 to 26: up to the first picture, which must lie within the screen."""
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    for _ in range(_MOST_PIECES):
        if data[position] == 0x2C:
            left, top, columns, rows, flags = struct.unpack_from("<4HB", data, position + 1)
            position += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            is_inside = left + columns <= width and top + rows <= height
            return (width, height) if is_inside and position < len(data) else None
        if not _GIF_EXTENSION.match(data, position):
            return None
        position += 2
        while data[position]:
            position += 1 + data[position]
        position += 1
    return None


def _bmp(data: bytes, _length: int) -> Size | None:
    """Windows bitmaps (BITMAPINFOHEADER, V4, V5) without compression."""
    header, width, height, _, bits, compression = struct.unpack_from("<IIIHHI", data, 14)
    (colours,) = struct.unpack_from("<I", data, 46)
    if header not in {40, 108, 124} or compression or bits not in {1, 4, 8, 16, 24, 32}:
        return None
    palette = 4 * (colours or 1 << bits) if bits <= 8 else 0
    if palette > 1024 or len(data) < 14 + header + palette:
        return None
    return width, 2**32 - height if data[25] == 0xFF else height


def _webp(data: bytes, length: int) -> Size | None:
    """WebP container specification, "Simple File Format": one picture and nothing else."""
    if data[:4] != b"RIFF" or data[8:15] != b"WEBPVP8" or data[15] not in b" L":
        return None
    (riff,) = struct.unpack_from("<I", data, 4)
    (chunk,) = struct.unpack_from("<I", data, 16)
    if riff + 8 != length or 20 + chunk + (chunk & 1) != length:
        return None
    if data[15] == ord("L"):
        (bits,) = struct.unpack_from("<I", data, 21)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if data[20] == 0x2F and not bits >> 29 else None
    # RFC 6386, section 9.1: a key frame, of a known version, that is shown, whose first partition fits.
    tag = int.from_bytes(data[20:23], "little")
    if tag & 1 or tag >> 1 & 7 > 3 or not tag >> 4 & 1 or tag >> 5 >= chunk or data[23:26] != b"\x9d\x01\x2a":
        return None
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


_READERS: dict[bytes, Callable[[bytes, int], Size | None]] = {
    b"\xff\xd8": _jpeg,
    b"\x89P": _png,
    b"GI": _gif,
    b"BM": _bmp,
    b"RI": _webp,
}
