"""JSON files of any size: the entries of their great lists one by one, so that memory stays bounded."""

import codecs
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.files import WHOLE_LIMIT, damaged, open_file, read_whole
from imgmine_gui.core.text import N_

_BLOCK = 2**20
_SPACE = re.compile(r"[ \t\n\r]*")
_NEAR_THE_END = 16
_REMEDY = N_("Export it again with the program that made it.")
_CUT_SHORT = N_("the file is cut short")


class Item(NamedTuple):
    """An entry of a list in a JSON file, or a value that is none.

    Attributes:
        key: under which it stands in the outermost object; "" where a list is outermost.
        value: in Python's types.
        line: on which it begins, from 1.
    """

    key: str
    value: Any
    line: int


def json_items(path: Path, wanted: frozenset[str], told: Told) -> Iterator[Item]:
    """What stands under the ``wanted`` keys of a file, lists entry by entry.

    Args:
        path: of the file.
        wanted: keys of the outermost object; "" for the entries of an outermost list.
        told: learns how far the file is read.

    Raises:
        UserError: the file cannot be read or is no JSON; names the line.
    """
    with open_file(path) as file:
        yield from _Reader(path, file, told).items(wanted)


def json_value(path: Path) -> Any:
    """All of a small file.

    Raises:
        UserError: the file cannot be read, is too large, or is no JSON; names the line.
    """
    content = read_whole(path)
    try:
        return json.loads(content.decode(json.detect_encoding(content)))
    except UnicodeError as error:
        raise damaged(path, 0, N_("the file is no text"), _REMEDY) from error
    except (ValueError, RecursionError) as error:
        raise damaged(path, getattr(error, "lineno", 0), N_("this is no JSON"), _REMEDY) from error


class _Reader:
    """Holds a window of the text, which moves forward."""

    def __init__(self, path: Path, file: BinaryIO, told: Told) -> None:
        self._path = path
        self._file = file
        self._told = told
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0  # up to where the lines of the window are counted
        self._ended = False
        head = file.read(4)
        file.seek(0)
        encoding = json.detect_encoding(head)
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._decode = json.JSONDecoder().raw_decode
        self._size = os.fstat(file.fileno()).st_size

    def items(self, wanted: frozenset[str]) -> Iterator[Item]:
        first = self._peek()
        if first == "[":
            yield from self._entries("", "" in wanted)
        elif first == "{":
            yield from self._members(wanted)
        else:
            raise self._wrong(N_("this is no JSON"))
        if self._peek():
            raise self._wrong(N_("there is something behind the end of the JSON"))

    def _members(self, wanted: frozenset[str]) -> Iterator[Item]:
        self._at += 1
        more = self._peek() != "}"
        while more:
            key = self._value() if self._peek() == '"' else None
            if not isinstance(key, str) or self._peek() != ":":
                raise self._wrong(N_("this is no JSON"))
            self._at += 1
            if self._peek() == "[":
                yield from self._entries(key, key in wanted)
            else:
                line, value = self._lines(), self._value()
                if key in wanted:
                    yield Item(key, value, line)
            more = self._goes_on("}")
        self._at += 1

    def _entries(self, key: str, wanted: bool) -> Iterator[Item]:
        self._at += 1
        more = self._peek() != "]"
        while more:
            self._peek()
            line, value = self._lines(), self._value()
            if wanted:
                yield Item(key, value, line)
            more = self._goes_on("]")
        self._at += 1

    def _goes_on(self, end: str) -> bool:
        mark = self._peek()
        if mark == ",":
            self._at += 1
            return True
        if mark != end:
            raise self._wrong(N_("this is no JSON") if mark else _CUT_SHORT)
        return False

    def _value(self) -> Any:
        """The value that begins at the present place."""
        self._peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                unterminated = error.msg.startswith("Unterminated")
                if (unterminated or error.pos >= len(self._text) - _NEAR_THE_END) and not self._ended:
                    self._more()
                    continue
                ends = unterminated or error.pos >= len(self._text)
                self._at = error.pos
                raise self._wrong(_CUT_SHORT if ends else N_("this is no JSON")) from error
            except (ValueError, RecursionError) as error:
                raise self._wrong(N_("a value is too large or too deep")) from error
            if end + _NEAR_THE_END < len(self._text) or self._ended:
                self._at = end
                return value
            self._more()  # a number may go on, as 1 does when it is 1e5

    def _peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, at least as much as the window holds; false at the end of the file."""
        if self._ended:
            return False
        self._lines()
        self._text = self._text[self._at :]
        self._at = self._counted = 0
        if len(self._text) > WHOLE_LIMIT:
            raise self._wrong(N_("one entry has more than {limit} MB"), limit=WHOLE_LIMIT // 10**6)
        block = self._file.read(max(_BLOCK, len(self._text)))
        self._told.step(self._file.tell(), self._size, every=1)
        try:
            self._text += self._decoder.decode(block, final=not block)
        except UnicodeError as error:
            raise self._wrong(N_("the file is no text")) from error
        self._ended = not block
        return not self._ended

    def _lines(self) -> int:
        """The number of the line at the present place, from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = max(self._at, self._counted)
        return self._line

    def _wrong(self, reason: str, **values: object) -> UserError:
        return damaged(self._path, self._lines(), reason, _REMEDY, **values)
