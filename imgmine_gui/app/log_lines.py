"""Lines of the log that can be read in another language than the one they were written in.

A line that a person was told is followed by a line with a tab and JSON: the English text and its values. Whoever opens
the file reads the first, as it was told; the window shows it in its present language.
"""

import json
import logging
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, Marked, Retold, Words, join_sentences, read, tr

SOURCE = "\t{"
"""How the line that holds text and values begins."""
_HEAD = re.compile(r"\d{4}-\S+ \S+ [A-Z]+ \S+ \S+: ")
"""Time, level, thread and module, as ``app.logging`` writes them."""


class LogFormatter(logging.Formatter):
    """Writes what a person is told with the text it was made of."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and where the call had an ``extra`` of ``as_told`` the line after it."""
        line = super().format(record)
        source = getattr(record, "told", None)
        return line if source is None else f"{line}\n\t{json.dumps(source, ensure_ascii=False)}"


def as_told(*sentences: Words) -> dict[str, dict[str, Any]]:
    """The ``extra`` of a logger's call that tells these ``sentences``."""
    kept = [N_(sentence) if isinstance(sentence, str) else sentence for sentence in sentences if read(sentence)]
    return {"told": {"sentences": [_pack(sentence) for sentence in kept]}}


def error_as_told(error: UserError) -> dict[str, dict[str, Any]]:
    """The ``extra`` of a logger's call that tells ``error``."""
    templates = (error.message_template, error.remedy_template)
    return as_told(*(partial(tr, template, **error.values) for template in templates if template))


def in_present_language(text: str) -> str:
    """The lines of a log as they are to be shown: what was told is told again, and the lines of its sources go."""
    return "\n".join(_shown(text.split("\n")))


def _shown(lines: list[str]) -> Iterator[str]:
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(SOURCE):
            continue
        head = _HEAD.match(line)
        again = _told_again(after) if head is not None and after.startswith(SOURCE) else ""
        yield head[0] + again if head is not None and again else line


def _told_again(source: str) -> str:
    """The words of a line that holds their source; empty where it is damaged."""
    try:
        sentences = json.loads(source)["sentences"]
        return join_sentences(*(str(_unpack(sentence)) for sentence in sentences))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return ""


def _pack(value: Any) -> Any:
    """``value`` as JSON; texts that can be said again become objects with their text and values."""
    if isinstance(value, Retold):
        return {"text": value.template, "values": _pack_all(value.values)}
    if isinstance(value, partial) and value.func is tr:
        return {"text": str(value.args[0]), "values": _pack_all(value.keywords)}
    if isinstance(value, Marked):
        return {"text": str(value), "values": {}}
    if isinstance(value, list | tuple):
        return [_pack(entry) for entry in value]
    return value if isinstance(value, int | float) else read(value) if callable(value) else str(value)


def _pack_all(values: Any) -> dict[str, Any]:
    return {name: _pack(value) for name, value in values.items()}


def _unpack(packed: Any) -> Any:
    """What ``_pack`` made, said in the present language."""
    if isinstance(packed, dict):
        return tr(packed["text"], **{name: _unpack(value) for name, value in packed["values"].items()})
    return [_unpack(entry) for entry in packed] if isinstance(packed, list) else packed
