"""Patterns over paths that say which group an image belongs to.

Two kinds: plain patterns, in which ``{group}`` stands for the name of the group and the rest is as in a file dialog
(``*`` anything but a slash, ``**`` anything, ``?`` one character), and regular expressions with one named group. A
plain pattern describes the whole path below the source, without regard to case; an expression is looked for in it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.groups import group_name
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    import regex

PLACEHOLDER = "{group}"
LONGEST_PATTERN = 1_000
"""In characters."""
MATCH_SECONDS = 0.1
"""An expression that searches longer in one path is given up."""


@dataclass(frozen=True)
class GroupPattern:
    """A pattern as a person types it.

    Attributes:
        text: such as ``{group}/*``, ``{group}_*.png`` or ``patient(?P<group>[0-9]+)``.
        is_expression: whether it is a regular expression.
    """

    text: str
    is_expression: bool = False


class GroupFinder:
    """Finds groups in paths.

    Args:
        pattern: what to look for.

    Raises:
        UserError: the pattern cannot be understood.
    """

    def __init__(self, pattern: GroupPattern) -> None:
        self._pattern = pattern
        text = unicodedata.normalize("NFC", pattern.text.strip())
        if not text:
            raise UserError(N_("There is no pattern."), N_("Type one, such as {example}."), example="{group}/*")
        if len(text) > LONGEST_PATTERN:
            raise UserError(
                N_("A pattern can have {most} characters; this one has {count}."),
                N_("Shorten it."),
                most=LONGEST_PATTERN,
                count=len(text),
            )
        self._compiled, self._name = _expression(text) if pattern.is_expression else _plain(text)

    def find(self, path: str) -> str:
        """The group of the image at ``path``, relative to its source with ``/`` between its parts; "" for none.

        Raises:
            UserError: the expression searches for too long.
        """
        text = unicodedata.normalize("NFC", path)
        search = self._compiled.search if self._pattern.is_expression else self._compiled.fullmatch
        try:
            # Concurrent: a long search does not keep the other threads from working.
            match = search(text, timeout=MATCH_SECONDS, concurrent=True)
        except TimeoutError:
            raise UserError(
                N_("The expression {pattern} takes too long on the path “{path}”."),
                N_("Write it so that there is only one way to read a path: no repetition inside a repetition."),
                pattern=self._pattern.text,
                path=path,
            ) from None
        return group_name(match[self._name] or "") if match else ""


def _expression(text: str) -> tuple["regex.Pattern[str]", str]:
    import regex

    try:
        compiled = regex.compile(text)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise UserError(
            N_("{pattern} is no regular expression: {reason}."),
            N_("Correct it, or use a plain pattern such as {example}."),
            pattern=text,
            reason=str(error) if isinstance(error, regex.error) else type(error).__name__,
            example="{group}/*",
        ) from None
    if len(compiled.groupindex) != 1:
        raise UserError(
            N_("The expression needs one named group, and has {count}."),
            N_("Mark the part that names the group, as in {example}."),
            count=len(compiled.groupindex),
            example="patient(?P<group>[0-9]+)",
        )
    return compiled, next(iter(compiled.groupindex))


def _plain(text: str) -> tuple["regex.Pattern[str]", str]:
    import regex

    if PLACEHOLDER not in text:
        raise UserError(
            N_("The pattern does not say where the name of the group stands."),
            N_("Write {placeholder} in its place, as in {example}."),
            placeholder=PLACEHOLDER,
            example="{group}_*.png",
        )
    return regex.compile("".join(_translated(text)), regex.IGNORECASE), "group"


_TRANSLATIONS = (
    ("**/", "(?:.*/)?"),
    ("**", ".*"),
    ("*", "[^/]*"),
    ("?", "[^/]"),
)


def _translated(text: str) -> Iterator[str]:
    """A plain pattern as a regular expression; a second ``{group}`` is what the first is."""
    import regex

    seen = False
    while text:
        if text.startswith(PLACEHOLDER):
            yield "(?P=group)" if seen else "(?P<group>[^/]+?)"
            seen, text = True, text[len(PLACEHOLDER) :]
            continue
        mark, expression = next(
            ((mark, expression) for mark, expression in _TRANSLATIONS if text.startswith(mark)),
            (text[0], regex.escape(text[0])),
        )
        yield expression
        text = text[len(mark) :]
