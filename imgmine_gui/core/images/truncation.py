"""Whether a file that could not be decoded is cut short: "copy it again" helps then, and it is the commonest damage.

Each container says how long it should be, or marks its end.
"""

import io
import os
import struct
from collections.abc import Callable
from typing import BinaryIO

_TAIL = 65_536
_MOST_BLOCKS = 100_000


def is_cut_short(file: io.BufferedReader, format_name: str, directory: int = 0) -> bool:
    """Whether the end is missing; False also where the format, one of ``formats.READERS``, does not tell.

    Args:
        file: an open image file; its position is changed.
        format_name: a name in ``formats.READERS``, or "".
        directory: where the page of a TIFF begins, if it is not the first.
    """
    check = _CHECKS.get(format_name)
    if check is None:
        return False
    # The decoder may have closed its file object, or left it anywhere.
    with open(os.dup(file.fileno()), "rb") as again:
        size = os.fstat(again.fileno()).st_size
        try:
            return _tiff(again, size, directory) if format_name == "TIFF" else check(again, size)
        except (struct.error, OSError, OverflowError, ValueError):
            return True  # a field that should be there lies behind the end


def _jpeg(file: BinaryIO, size: int) -> bool:
    """Whether no end marker follows the start of the scan: that of a preview in the metadata does not count."""
    position = 2
    for _ in range(_MOST_BLOCKS):
        file.seek(position)
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF or kind == 0xDA:
            break
        position += 1 if kind == 0xFF else 2 + length
    # From the end, where the marker usually is; cameras append videos and other data behind it.
    for end in range(size, position, -_TAIL):
        start = max(position, end - _TAIL)
        file.seek(start)
        if b"\xff\xd9" in file.read(end - start + 1):
            return False
    return True


def _gif(file: BinaryIO, size: int) -> bool:
    return not _tail(file, size).rstrip(b"\0").endswith(b";")


def _png(file: BinaryIO, size: int) -> bool:
    position = 8
    for _ in range(_MOST_BLOCKS):
        file.seek(position)
        length, kind = struct.unpack(">I4s", file.read(8))
        position += 12 + length
        if kind == b"IEND" or position > size or not kind.isalpha():
            return bool(position > size)
    return False


def _webp(file: BinaryIO, size: int) -> bool:
    file.seek(4)
    return 8 + int.from_bytes(file.read(4), "little") > size


def _boxes(file: BinaryIO, size: int) -> bool:
    """ISO base media files and JPEG 2000: boxes with their lengths, or a bare codestream with an end marker."""
    file.seek(0)
    if file.read(2) == b"\xff\x4f":
        return not _tail(file, size).rstrip(b"\0").endswith(b"\xff\xd9")
    position = 0
    for _ in range(_MOST_BLOCKS):
        if position >= size:
            break
        file.seek(position)
        (length,) = struct.unpack(">I4x", file.read(8))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
        if length < 8:  # 0: up to the end of the file; less is damage of another kind
            return False
        position += length
    return position > size


def _tiff(file: BinaryIO, size: int, directory: int = 0) -> bool:
    """Whether a directory (0: the first), or a strip or tile that it names, lies behind the end."""
    file.seek(0)
    head = file.read(8)
    order = "<" if head[:2] == b"II" else ">"
    (version,) = struct.unpack(order + "H", head[2:4])
    big = version == 43
    (offset,) = struct.unpack(order + "Q", file.read(8)) if big else struct.unpack(order + "I", head[4:])
    file.seek(directory or offset)
    (count,) = struct.unpack(order + ("Q" if big else "H"), file.read(8 if big else 2))
    values: dict[int, tuple[int, ...]] = {}
    for _ in range(min(count, 4096)):
        entry = file.read(20 if big else 12)
        tag, kind, number = struct.unpack(order + ("HHQ" if big else "HHI"), entry[: 12 if big else 8])
        if tag in {273, 279, 324, 325}:
            values[tag] = _tiff_values(file, order, kind, min(number, _MOST_BLOCKS), entry[12 if big else 8 :])
    ends = [
        start + length
        for starts, lengths in ((273, 279), (324, 325))
        for start, length in zip(values.get(starts, ()), values.get(lengths, ()), strict=False)
    ]
    return max(ends, default=0) > size


def _tiff_values(file: BinaryIO, order: str, kind: int, number: int, field: bytes) -> tuple[int, ...]:
    letter = {3: "H", 4: "I", 16: "Q"}.get(kind)
    if letter is None:
        return ()
    length = number * struct.calcsize(order + letter)
    if length > len(field):
        here = file.tell()
        file.seek(struct.unpack(order + ("Q" if len(field) == 8 else "I"), field)[0])
        field = file.read(length)
        file.seek(here)
    return struct.unpack(f"{order}{number}{letter}", field[:length])


def _tail(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - _TAIL))
    return file.read(_TAIL)


_CHECKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _webp,
    "AVIF": _boxes,
    "HEIF": _boxes,
    "JPEG2000": _boxes,
    "TIFF": _tiff,
}
