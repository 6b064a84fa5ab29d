"""The one history of changes that Edit > Undo walks back; emptied when another project is opened."""

from collections.abc import Callable
from functools import cache

from PySide6.QtGui import QUndoCommand, QUndoStack

from imgmine_gui.core.text import Words, read

LIMIT = 200


@cache
def undo_stack() -> QUndoStack:
    """The history; push a ``Change`` (or any ``QUndoCommand``) to do something and remember it."""
    stack = QUndoStack()
    stack.setUndoLimit(LIMIT)
    return stack


class Change(QUndoCommand):
    """Something done that can be undone.

    Args:
        words: what it is, as it stands after "Undo": "rename the run".
        do: does it; called at once when the change is pushed, and again on redo.
        undo: undoes it.
    """

    def __init__(self, words: Words, do: Callable[[], object], undo: Callable[[], object]) -> None:
        super().__init__(read(words))
        self._words = words
        self._do = do
        self._undo = undo

    def retranslate(self) -> None:
        """Call itself in the present language."""
        self.setText(read(self._words))

    def redo(self) -> None:
        """Do it."""
        self._do()

    def undo(self) -> None:
        """Undo it."""
        self._undo()
