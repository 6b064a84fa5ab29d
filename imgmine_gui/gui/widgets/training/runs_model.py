"""The runs of a project as a list."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.storage.run_folder import RunInfo, RunState
from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui.widgets.training.run_figures import best_words

AnyIndex = QModelIndex | QPersistentModelIndex
InfoRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""``RunInfo``."""
CurveRole: Final = int(Qt.ItemDataRole.UserRole) + 2
"""``QColor | None``: of the run's curve in the plot."""

STATES: dict[RunState, tuple[str, str, str]] = {
    RunState.NEW: ("circle-dashed", "text_muted", N_("New")),
    RunState.RUNNING: ("spinner", "accent", N_("Running")),
    RunState.INTERRUPTED: ("warning", "warning", N_("Interrupted")),
    RunState.STOPPED: ("stop-circle", "text_muted", N_("Stopped")),
    RunState.FINISHED: ("check-circle", "good", N_("Finished")),
    RunState.FAILED: ("x-circle", "bad", N_("Failed")),
}
"""Icon, colour and word of each state."""

DATE = N_("d MMM yyyy, HH:mm")
"""How a time is written, in the letters of Qt's ``QLocale``; to be translated as a pattern."""


class RunsModel(QAbstractListModel):
    """A row a run, the newest first; the name can be edited.

    Args:
        rename: called with path and new name.
    """

    def __init__(self, rename: Callable[[str, str], None]) -> None:
        super().__init__()
        self._rename = rename
        self.runs: list[RunInfo] = []
        self._colours: dict[str, QColor] = {}

    def show(self, runs: Sequence[RunInfo]) -> None:
        """Show these; selections stay where the runs stay."""
        paths, before = [run.path for run in runs], [run.path for run in self.runs]
        if paths == before:
            self.runs = list(runs)
            self._tell_all()
            return
        for row in reversed(range(len(before))):
            if before[row] not in paths:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.runs[row]
                self.endRemoveRows()
        for row, run in enumerate(runs):
            if row >= len(self.runs) or self.runs[row].path != run.path:
                self.beginInsertRows(QModelIndex(), row, row)
                self.runs.insert(row, run)
                self.endInsertRows()
        self.runs = list(runs)
        self._tell_all()

    def colour(self, colours: dict[str, QColor]) -> None:
        """Mark the runs whose curves are shown, by path."""
        self._colours = colours
        self._tell_all()

    def row_of(self, path: str) -> int:
        """The row of a run; -1 where it is not there."""
        return next((row for row, run in enumerate(self.runs) if run.path == path), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many runs."""
        return 0 if parent.isValid() else len(self.runs)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Each can be renamed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, hover, and what the delegate paints."""
        if not index.isValid() or index.row() >= len(self.runs):
            return None
        run = self.runs[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return run.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return join_phrases((run.name, *details(run)))
            case _ if role == InfoRole:
                return run
            case _ if role == CurveRole:
                return self._colours.get(run.path)
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename the run, unless the name is empty or the old one."""
        run, name = self.runs[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == run.name:
            return False
        self._rename(run.path, name)
        return True

    def _tell_all(self) -> None:
        if self.runs:
            self.dataChanged.emit(self.index(0), self.index(len(self.runs) - 1))


def details(run: RunInfo) -> tuple[str, ...]:
    """Architecture, state, epochs, best figure and time of a run, in the present language."""
    word, figure = tr(STATES[run.state][2]), best_words(run)
    return (architecture_title(run), word, epochs_text(run), *((figure,) if figure else ()), when(run))


def architecture_title(run: RunInfo) -> str:
    """What the architecture is called; its bare name where this version does not know it."""
    known = run.architecture in ARCHITECTURES
    return tr(ARCHITECTURES[run.architecture].title) if known else run.architecture


def epochs_text(run: RunInfo) -> str:
    """How far it came: "14 of 20 epochs"."""
    return tr("{done} of {epochs} epochs", done=run.epochs_done, epochs=run.epochs)


def when(run: RunInfo) -> str:
    """When it was begun, as dates are written here."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(run.created)), tr(DATE))
