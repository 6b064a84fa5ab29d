"""The pages of a file that holds several images: how one of them is named, and where it begins.

Everywhere in the program an image is one string. For the first page that is the path of the file; a later one is
``FILE#page=N``, N from 1. The suffix counts only where no file has that whole name.
"""

import os
import re
import struct
from typing import AnyStr, BinaryIO

PAGE_LIMIT = 10_000
"""No file has more pages: a hostile one may hold millions of tiny ones, or claim to."""

_PAGE = re.compile(r"#page=([1-9][0-9]{0,8})\Z")
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType


def with_page(path: AnyStr, page: int) -> AnyStr:
    """The string that names a page of the file at ``path``; ``page`` is counted from 1.

    Example:
        >>> with_page("scan.tif", 1), with_page("scan.tif", 2)
        ('scan.tif', 'scan.tif#page=2')
    """
    if page == 1:
        return path
    return path + (f"#page={page}" if isinstance(path, str) else b"#page=%d" % page)


def split_page(location: str) -> tuple[str, int]:
    """The path of the file that ``location`` names, and the page, from 1."""
    match = _PAGE.search(location)
    if match is None or os.path.lexists(location):
        return location, 1
    return location[: match.start()], int(match[1])


def tiff_pages(file: BinaryIO) -> list[int]:
    """Where the directory of each page begins; empty where not even the first lies within the file.

    TIFF 6.0, section 2: directories are a chain; BigTIFF has the same with wider fields. The first is always a page.
    Others that say of themselves that they are a reduced version of another image (as in pyramids), or a mask, are not.

    Args:
        file: a TIFF; its position is changed.
    """
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = 43 in head[2:4]
    count, link, entry = ("Q", "Q", 20) if big else ("H", "I", 12)
    pages: list[int] = []
    seen: set[int] = set()
    try:
        position = int(struct.unpack_from(order + link, head, 8 if big else 4)[0])
        while position and position not in seen and len(seen) < PAGE_LIMIT:
            seen.add(position)
            file.seek(position)
            (entries,) = struct.unpack(order + count, file.read(struct.calcsize(count)))
            start = position + struct.calcsize("<" + count)
            if not pages or _is_page(file.read(entry), order, big):
                pages.append(position)
            file.seek(start + entry * entries)
            (position,) = struct.unpack(order + link, file.read(struct.calcsize(link)))
    except (struct.error, OverflowError, OSError):
        pass  # the chain leads out of the file; what was found so far counts
    return pages


def tiff_header(start: bytes, directory: int) -> bytes:
    """The header of a TIFF whose first directory lies at ``directory``.

    Args:
        start: the first bytes of the TIFF, at least 16 of a BigTIFF and 8 of another.
        directory: a position in the file.
    """
    order = "<" if start[:2] == b"II" else ">"
    if 43 in start[2:4]:
        return start[:8] + struct.pack(order + "Q", directory)
    return start[:4] + struct.pack(order + "I", directory)


def _is_page(first_entry: bytes, order: str, big: bool) -> bool:
    """What the first entry of a directory says; the tags are in ascending order, and these are the lowest."""
    tag, kind = struct.unpack_from(order + "HH", first_entry)
    value = struct.unpack_from(order + ("H" if kind == 3 else "I"), first_entry, 12 if big else 8)[0]
    if tag == 254:  # NewSubfileType
        return not value & (_REDUCED | _MASK)
    return not (tag == 255 and value == 2)  # SubfileType: a reduced version
