"""The persistent history of a project in the one that Edit > Undo walks back."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from imgmine_gui.app.labelling import Labelling
from imgmine_gui.core.project.edits.history import Edit
from imgmine_gui.gui.undo import LIMIT, Change


class EditChange(Change):
    """An edit of the catalogue, which is made already when it is pushed."""

    def __init__(self, edit: Edit, redo: Callable[[], object], undo: Callable[[], object]) -> None:
        super().__init__(lambda: edit.title, redo, undo)
        self.edit_id = edit.id


class EditHistory(QObject):
    """Keeps the stack in step with the catalogue: what was edited before the project was opened can be undone too.

    Args:
        labelling: makes the edits, and takes them back.
        stack: of the program.
    """

    def __init__(self, labelling: Labelling, stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labelling = labelling
        self._stack = stack
        self._silent = False
        labelling.history_read.connect(self.follow)
        labelling.read_history()

    def follow(self, history: list[Edit]) -> None:
        """Take in the history of the catalogue, the newest edit first."""
        wanted = history[:LIMIT][::-1]
        known = self._known()
        if not self._stack.count() or not _agree(known, wanted):
            self._fill(wanted)
            return
        newest = max(known, default=0)
        self._push([edit for edit in wanted if edit.id > newest and not edit.undone])

    def _known(self) -> dict[int, bool]:
        """Whether the edits on the stack are undone, by their ids."""
        changes = ((place, self._stack.command(place)) for place in range(self._stack.count()))
        return {
            change.edit_id: place >= self._stack.index() for place, change in changes if isinstance(change, EditChange)
        }

    def _push(self, edits: list[Edit]) -> None:
        self._silent = True
        for edit in edits:
            self._stack.push(EditChange(edit, self._redo, self._undo))
        self._silent = False

    def _fill(self, edits: list[Edit]) -> None:
        self._stack.clear()
        self._push(edits)
        self._silent = True
        self._stack.setIndex(sum(not edit.undone for edit in edits))
        self._silent = False

    def _redo(self) -> None:
        if not self._silent:
            self._labelling.redo()

    def _undo(self) -> None:
        if not self._silent:
            self._labelling.undo()


def _agree(known: dict[int, bool], wanted: list[Edit]) -> bool:
    """Whether what the stack knows is done or undone as it is; what was undone may have been dropped by new edits."""
    states = {edit.id: edit.undone for edit in wanted}
    newest = max(known, default=0)
    oldest = min(known, default=0)
    missed = any(oldest < number < newest and not undone for number, undone in states.items() if number not in known)
    return not missed and all(states.get(number, True) == undone for number, undone in known.items())
