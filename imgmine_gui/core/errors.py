"""The two kinds of errors: what a person can mend, and the rest.

A ``UserError`` says what happened, to which file, and what to do; it is shown as one line. ``Cancelled`` ends a job
silently. Any other exception is a fault of the program and goes to the log and to a dialog with its details.
"""

import errno
from typing import Any

from imgmine_gui.core.text import N_, Retold, join_sentences, tr

_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("permission was denied"),
    errno.EPERM: N_("permission was denied"),
    errno.EROFS: N_("the drive can only be read"),
    errno.ENOSPC: N_("the drive is full"),
    errno.EDQUOT: N_("no more of the drive may be used"),
    errno.EIO: N_("the drive reports a fault"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of its path is not a folder"),
    errno.EEXIST: N_("there is something of this name"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EBUSY: N_("another program uses it"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    errno.ETIMEDOUT: N_("the drive does not answer"),
    errno.ESTALE: N_("the drive does not answer"),
    errno.ENODEV: N_("the drive is not there"),
    errno.ENXIO: N_("the drive is not there"),
}
"""Why the system refused, for the errors of files that a person meets."""


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
        """What happened, in the current language; where it is kept, ``tr`` says it again in another one."""
        return Retold(self.message_template, self.values)

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


def reason_of(error: OSError) -> str:
    """Why the system refused: an English text marked with ``N_`` for use as a value; the system's own for rare ones."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


class Cancelled(Exception):  # noqa: N818 - it is no error, it ends a job
    """The person cancelled the job; what it had made is discarded."""
