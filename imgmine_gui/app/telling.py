"""What a thread tells an object of the window."""

from PySide6.QtCore import SignalInstance


def tell(signal: SignalInstance, *values: object) -> None:
    """Emit a signal from a thread that outlives the window; nothing, where the window and the signal's object are gone.

    The signal is to be connected so that its slots run in the thread of the window.
    """
    try:
        signal.emit(*values)
    except RuntimeError:
        return
