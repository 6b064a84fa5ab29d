"""The two kinds of errors: what a person can mend, and the rest.

A ``UserError`` says what happened, to which file, and what to do; it is shown as one line. ``Cancelled`` ends a job
silently. Any other exception is a fault of the program and goes to the log and to a dialog with its details.
"""

from typing import Any

from imgmine_gui.core.text import join_sentences, tr


class UserError(Exception):
    """Something that a person can mend.

    The texts are English templates marked with ``N_``; they are translated when they are read, so that an error from
    the engine appears in the language of the window. The error survives pickling.

    Args:
        message: what happened, naming the file; ``{name}`` fields are filled from ``values``.
        remedy: what to do about it.
        values: for the fields of both texts.
    """

    def __init__(self, message: str, remedy: str = "", /, **values: Any) -> None:
        self.message_template = message
        self.remedy_template = remedy
        self.values = values
        super().__init__(message)

    @property
    def message(self) -> str:
        """What happened, in the current language."""
        return tr(self.message_template, **self.values)

    @property
    def remedy(self) -> str:
        """What to do, in the current language; may be empty."""
        return tr(self.remedy_template, **self.values)

    def __str__(self) -> str:
        return join_sentences(self.message, self.remedy)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message_template, self.remedy_template, self.values)


def _rebuild(kind: type[UserError], message: str, remedy: str, values: dict[str, Any]) -> UserError:
    error = kind.__new__(kind)
    UserError.__init__(error, message, remedy, **values)
    return error


class Cancelled(Exception):  # noqa: N818 - it is no error, it ends a job
    """The person cancelled the job; what it had made is discarded."""
