"""Patterns over paths, in which one part is named.

Two kinds: plain patterns, in which ``{name}`` stands for the part and the rest is as in a file dialog (``*`` anything
but a slash, ``**`` anything, ``?`` one character), and regular expressions with one named group. A plain pattern
describes the whole path, without regard to case; an expression is looked for in it.
"""

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    import regex

LONGEST_PATTERN = 1_000
"""In characters."""
MATCH_SECONDS = 0.1
"""An expression that searches longer in one path is given up."""


class PathPattern:
    """Finds the named part of paths.

    Args:
        text: the pattern as a person types it.
        name: of the part.
        is_expression: whether it is a regular expression.
        example: of a plain pattern, for errors.
        example_expression: of an expression, for errors.

    Raises:
        UserError: the pattern cannot be understood.
    """

    def __init__(self, text: str, name: str, is_expression: bool, example: str, example_expression: str) -> None:
        text = unicodedata.normalize("NFC", text.strip())
        if not text:
            raise UserError(N_("There is no pattern."), N_("Type one, such as {example}."), example=example)
        if len(text) > LONGEST_PATTERN:
            raise UserError(
                N_("A pattern can have {most} characters; this one has {count}."),
                N_("Shorten it."),
                most=LONGEST_PATTERN,
                count=len(text),
            )
        self.text = text
        self._is_expression = is_expression
        if is_expression:
            self._compiled = _expression(text, example, example_expression)
        else:
            self._compiled = _plain(text, name, example)
        self._part = next(iter(self._compiled.groupindex))

    def find(self, path: str) -> str:
        """The part in ``path``, which has ``/`` between its parts; "" for none.

        Raises:
            UserError: the expression searches for too long.
        """
        text = unicodedata.normalize("NFC", path)
        search = self._compiled.search if self._is_expression else self._compiled.fullmatch
        try:
            # Concurrent: a long search does not keep the other threads from working.
            match = search(text, timeout=MATCH_SECONDS, concurrent=True)
        except TimeoutError:
            raise UserError(
                N_("The expression {pattern} takes too long on the path “{path}”."),
                N_("Write it so that there is only one way to read a path: no repetition inside a repetition."),
                pattern=self.text,
                path=path,
            ) from None
        return (match[self._part] or "") if match else ""


def _expression(text: str, example: str, example_expression: str) -> "regex.Pattern[str]":
    import regex

    try:
        compiled = regex.compile(text)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise UserError(
            N_("{pattern} is no regular expression: {reason}."),
            N_("Correct it, or use a plain pattern such as {example}."),
            pattern=text,
            reason=str(error) if isinstance(error, regex.error) else type(error).__name__,
            example=example,
        ) from None
    if len(compiled.groupindex) != 1:
        raise UserError(
            N_("The expression needs one named group, and has {count}."),
            N_("Mark the part that is meant, as in {example}."),
            count=len(compiled.groupindex),
            example=example_expression,
        )
    return compiled


def _plain(text: str, name: str, example: str) -> "regex.Pattern[str]":
    import regex

    placeholder = f"{{{name}}}"
    if placeholder not in text:
        raise UserError(
            N_("The pattern does not say where {placeholder} stands."),
            N_("Write {placeholder} in its place, as in {example}."),
            placeholder=placeholder,
            example=example,
        )
    return regex.compile("".join(_translated(text, name)), regex.IGNORECASE)


_TRANSLATIONS = (
    ("**/", "(?:.*/)?"),
    ("**", ".*"),
    ("*", "[^/]*"),
    ("?", "[^/]"),
)


def _translated(text: str, name: str) -> Iterator[str]:
    """A plain pattern as a regular expression; a second placeholder is what the first is."""
    import regex

    placeholder = f"{{{name}}}"
    seen = False
    while text:
        if text.startswith(placeholder):
            yield f"(?P={name})" if seen else f"(?P<{name}>[^/]+?)"
            seen, text = True, text[len(placeholder) :]
            continue
        mark, expression = next(
            ((mark, expression) for mark, expression in _TRANSLATIONS if text.startswith(mark)),
            (text[0], regex.escape(text[0])),
        )
        yield expression
        text = text[len(mark) :]
