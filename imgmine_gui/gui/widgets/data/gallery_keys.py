"""The keys by which images are labelled, in the grid, in the table and in the large view alike."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from imgmine_gui.core.text import N_
from imgmine_gui.gui.widgets.data.label_actions import DIGITS, LabelActions

KEYS: tuple[tuple[str, str], ...] = (
    ("1 – 9, 0", N_("Label the selected images with the class of this key")),
    ("A – Z", N_("Type the name of a class; Shift for those that begin with N, P, U or X")),
    ("Ctrl+L", N_("Choose or make a class for the selected images")),
    ("Backspace, Del", N_("Take the labels from the selected images")),
    ("N", N_("Go to the next image without a label")),
    ("P, X, U", N_("Pick, reject, take the flag away")),
    ("Alt+0 – Alt+5", N_("Give none to five stars")),
    ("Ctrl+E", N_("Leave the selected images out, or use them again")),
    ("Enter", N_("Look at the image large, and back to all")),
    ("Ctrl+A", N_("Select all images that are shown")),
    ("F2, Del", N_("Rename or delete the selected class")),
    ("Alt+Up, Alt+Down", N_("Move the selected class up or down")),
)
"""For the list of keys."""
_FLAGS = {Qt.Key.Key_P: 1, Qt.Key.Key_X: -1, Qt.Key.Key_U: 0}


class GalleryKeys:
    """Turns keys into what is done to the selected images.

    Args:
        actions: does it.
        label: gives the selected images the class of a digit.
        ask: opens the field for the name of a class, with what was typed.
        next_unlabelled: goes to the next image without a label.
        toggle_excluded: leaves the selected images out, or uses them again.
    """

    def __init__(
        self,
        actions: LabelActions,
        label: Callable[[str], object],
        ask: Callable[[str], object],
        next_unlabelled: Callable[[], object],
        toggle_excluded: Callable[[], object],
    ) -> None:
        self._actions = actions
        self._label = label
        self._ask = ask
        self._next_unlabelled = next_unlabelled
        self._toggle_excluded = toggle_excluded

    def take(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; whether it stands for anything."""
        keypad = Qt.KeyboardModifier.KeypadModifier
        modifiers, key = event.modifiers() & ~keypad, Qt.Key(event.key())
        if modifiers == Qt.KeyboardModifier.AltModifier:
            return self._rate(key)
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return self._command(key)
        if modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        return self._plain(key, event.text(), bool(modifiers), event.isAutoRepeat())

    def _plain(self, key: Qt.Key, text: str, shift: bool, repeated: bool) -> bool:
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._actions.remove_labels()
        elif text and text in DIGITS:
            if not repeated:  # a key that is held down must not label a row of images
                self._label(text)
        elif key == Qt.Key.Key_N and not shift:
            self._next_unlabelled()
        elif key in _FLAGS and not shift:
            if not repeated:
                self._actions.set_flag(_FLAGS[key], goes_on=True)
        elif text.isalpha():
            self._ask(text)
        else:
            return False
        return True

    def _rate(self, key: Qt.Key) -> bool:
        stars = int(key) - int(Qt.Key.Key_0)
        if not 0 <= stars <= 5:
            return False
        self._actions.set_rating(stars, goes_on=True)
        return True

    def _command(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_L:
            self._ask("")
        elif key == Qt.Key.Key_E:
            self._toggle_excluded()
        else:
            return False
        return True
