"""How work in an engine can end that did not end well."""

import signal

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.text import N_


class EngineDied(UserError):  # noqa: N818 - what happened, not a mistake
    """The child process ended without an answer: the system killed it, or native code crashed.

    Args:
        exit_code: of the process; negative: the signal that ended it, on systems that have signals.
    """

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        if exit_code == -9:
            super().__init__(
                N_("The system ended the computation; most likely the memory ran out."),
                N_("Choose a smaller batch size or image size, or close other programs, and start again."),
            )
        elif exit_code is not None and exit_code < 0:
            super().__init__(
                N_("The computation crashed ({signal})."),
                N_("Start it again; if it crashes again, the log says more."),
                signal=_signal_name(-exit_code),
            )
        else:
            super().__init__(
                N_("The computation ended without an answer (exit code {code})."),
                N_("Start it again; if it happens again, the log says more."),
                code=exit_code,
            )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


class EngineFault(Exception):  # noqa: N818 - the program's word for its own mistakes
    """A fault of the program inside the engine; ``str`` is the child's traceback."""


class StoppedUnanswered(Cancelled):
    """The child did not see the wish to stop in time and was ended; what it had saved before stays."""
