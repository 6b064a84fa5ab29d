"""The orientation in a piece of EXIF, read without any library; only where there can be no two opinions about it."""

import struct

ABSENT = 0
"""EXIF that says nothing of the orientation."""

_TAG = 0x0112
_TYPES = {_TAG: 3, 0x0128: 3, 0x011A: 5}
"""Of the orientation, and of the resolution, which Pillow looks at when it opens a JPEG: single numbers."""
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of a value, by its type (TIFF 6.0, section 2)."""


class Doubtful(Exception):  # noqa: N818 - says what is the case
    """A header that a real reader has to judge."""


def exif_orientation(tiff: bytes) -> int:
    """The orientation that EXIF gives: 1 to 8 (1 for a value that does not exist), or ``ABSENT``.

    Args:
        tiff: as in EXIF 2.3, section 4.5: a TIFF without pixels.

    Raises:
        Doubtful: something in the directory is unusual: values that lie nowhere, unknown types, the tag twice.
        struct.error: it is cut short.
    """
    if not tiff:
        return ABSENT
    order = _ORDERS.get(tiff[:4])
    if order is None:
        raise Doubtful
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    directory = tiff[start + 2 : start + 2 + 12 * count]
    found, total = ABSENT, 0
    for tag, kind, number, where in struct.iter_unpack(order + "HHII", directory):
        size = _size_of(tag, kind, number)
        if size > 4:
            total += size
            if where + size > len(tiff):
                raise Doubtful
        if tag == _TAG:
            if found:
                raise Doubtful
            value = where & 0xFFFF if order == "<" else where >> 16
            found = value if 1 <= value <= 8 else 1
    if total > len(tiff) or len(directory) != 12 * count:
        raise Doubtful
    return found


def _size_of(tag: int, kind: int, number: int) -> int:
    """How many bytes the value of an entry has."""
    if kind not in _SIZES or (tag in _TYPES and (kind, number) != (_TYPES[tag], 1)):
        raise Doubtful
    return _SIZES[kind] * number
