"""Makes ICU's data smaller: of 32 MB, Qt asks for what sorts and folds texts, and ImgMine speaks two languages.

The data is a table of contents and its items ("CmnD" in ICU's ``ucmndata.h``): a header, the number of items, an offset
pair (name, content) for each, the names, the contents; offsets count from the number. ICU takes what is missing as a
language that it does not know, and goes on with the root's rules.
"""

import re
import struct
from pathlib import Path
from typing import NamedTuple

from installer.plan import BuildError, tool
from installer.running import run

MARK = b"CmnD"
MARK_AT = 12
ALIGNMENT = 16
LEFT_OUT = re.compile(
    r"icudt\d+l/((unit|zone|curr|lang|region|translit|rbnf|brkitr)/.*"
    r"|[^/]*\.cnv"
    r"|(?!en|zh)[a-z]{2,3}(_[^/]*)?\.res)$"
)
"""Names of units, zones, money, languages and countries, other alphabets' breaks, old encodings, other languages."""
ALWAYS = ("root.res", "pool.res", "res_index.res")
SOURCE = """\
.section .rodata
.globl {symbol}
.type {symbol}, @object
.balign 4096
{symbol}:
.incbin "{data}"
.size {symbol}, . - {symbol}
.section .note.GNU-stack,"",@progbits
"""


class Item(NamedTuple):
    """One entry of the data."""

    name: str
    content: bytes


def slim(library: Path, work: Path) -> None:
    """Replace the library ``libicudata.so.N`` by one with the items that are needed.

    Args:
        work: a folder for what is made on the way.

    Raises:
        BuildError: the library is not laid out as known, or no compiler is there.
    """
    version = library.name.rpartition(".")[2]
    data, source = work / "icudata.dat", work / "icudata.s"
    header, items = read_items(library.read_bytes())
    data.write_bytes(write_items(header, [item for item in items if is_needed(item.name)]))
    source.write_text(SOURCE.format(symbol=f"icudt{version}_dat", data=data), "utf-8")
    options = ["-shared", "-nostdlib", "-s", "-Wl,--build-id=none", f"-Wl,-soname,{library.name}"]
    run([tool("cc", "gcc"), *options, "-o", work / library.name, source])
    library.unlink()
    (work / library.name).rename(library)


def is_needed(name: str) -> bool:
    """Whether the item called ``name`` stays."""
    return (name.rpartition("/")[2] in ALWAYS and name.count("/") == 1) or not LEFT_OUT.match(name)


def read_items(library: bytes) -> tuple[bytes, list[Item]]:
    """The header and the items of the data in a library.

    Raises:
        BuildError: there is no such data.
    """
    start = library.find(MARK) - MARK_AT
    if start < 0 or start % ALIGNMENT:
        raise BuildError("The library of ICU's data is not laid out as known.")
    (header_size,) = struct.unpack_from("<H", library, start)
    base = start + header_size
    (count,) = struct.unpack_from("<I", library, base)
    places = [struct.unpack_from("<II", library, base + 4 + 8 * number) for number in range(count)]
    ends = [place for _, place in places[1:]] + [_end_of_data(library, start) - base]
    items = []
    for (name_at, content_at), end in zip(places, ends, strict=True):
        name = library[base + name_at : library.index(b"\0", base + name_at)].decode("ascii")
        items.append(Item(name, library[base + content_at : base + end]))
    return library[start:base], items


def write_items(header: bytes, items: list[Item]) -> bytes:
    """The data that holds ``items``, in their order, which is that of their names."""
    names, name_places = bytearray(), []
    names_at = 4 + 8 * len(items)
    for item in items:
        name_places.append(names_at + len(names))
        names += item.name.encode("ascii") + b"\0"
    names += b"\xaa" * (-(len(header) + names_at + len(names)) % ALIGNMENT)
    contents, content_places = bytearray(), []
    contents_at = names_at + len(names)
    for item in items:
        content_places.append(contents_at + len(contents))
        contents += item.content + b"\xaa" * (-len(item.content) % ALIGNMENT)
    table = b"".join(struct.pack("<II", *pair) for pair in zip(name_places, content_places, strict=True))
    return header + struct.pack("<I", len(items)) + table + bytes(names) + bytes(contents)


def _end_of_data(library: bytes, start: int) -> int:
    """Where the section that holds the data ends: the first one that begins after it (ELF, 64 bits)."""
    (sections_at,) = struct.unpack_from("<Q", library, 40)
    size, count = struct.unpack_from("<HH", library, 58)
    for number in range(count):
        offset, length = struct.unpack_from("<QQ", library, sections_at + size * number + 24)
        if offset <= start < offset + length:
            return int(offset + length)
    raise BuildError("The library of ICU's data is not laid out as known.")
