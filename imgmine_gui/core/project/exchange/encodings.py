"""In which encoding a file of text is written, found out from its bytes.

The mark at the beginning of a file decides. Without one, a file that is sound UTF-8 is UTF-8. Otherwise it comes from
an older program: Chinese (GBK, of which GB18030 is the whole) where the bytes above 127 stand in pairs, and Western
(Windows-1252) where they stand alone among letters, as accents do.
"""

import codecs
import re
from pathlib import Path

from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.files import damaged, open_file
from imgmine_gui.core.text import N_

_BLOCK = 2**20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_IN_PAIRS = 0.7
"""Of the bytes above 127 in Chinese text, at least this part has another one beside it."""

TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "gb18030": "GBK",
    "cp1252": "Windows-1252",
}


def encoding_of(path: Path, chosen: str, told: Told) -> str:
    """The name under which Python knows the encoding of the file at ``path``.

    Args:
        path: of a file of text; it is read through once.
        chosen: what the person says it is; "" to find out.
        told: is asked whether to go on.

    Raises:
        UserError: there is no encoding ``chosen``, or the file cannot be read.
    """
    if chosen:
        try:
            return codecs.lookup(chosen).name
        except LookupError:
            raise damaged(
                path,
                0,
                N_("there is no encoding “{chosen}”"),
                N_("Name one like utf-8, gbk, big5, shift_jis or latin-1, or leave it to ImgMine."),
                chosen=chosen,
            ) from None
    with open_file(path) as file:
        head = file.read(4096)
        if marked := _marked(head):
            return marked
        decoder = codecs.getincrementaldecoder("utf-8")()
        sound, high, paired = True, 0, 0
        block = head
        while block:
            told.breathe(every=1)
            if sound:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    sound = False
            runs = [len(run) for run in _HIGH.findall(block)]
            high += sum(runs)
            paired += sum(run for run in runs if run > 1)
            block = file.read(_BLOCK)
    if sound and not decoder.getstate()[0]:
        return "utf-8"
    return "gb18030" if paired >= _IN_PAIRS * high else "cp1252"


def errors_for(encoding: str) -> str:
    """What is done with bytes that are no text: of the encoding of last resort, they are marked."""
    return "replace" if encoding == "cp1252" else "strict"


def _marked(head: bytes) -> str:
    """What the first bytes say: a mark, or the zeros of UTF-16 without one; "" if nothing."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and not even:
        return "utf-16-le"
    if even > len(head) // 8 and not odd:
        return "utf-16-be"
    return ""
