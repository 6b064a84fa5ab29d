"""The sources of a project as a list."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.core.project.presence import Presence
from imgmine_gui.core.text import N_, join_phrases, ntr, tr
from imgmine_gui.gui.format import count

AnyIndex = QModelIndex | QPersistentModelIndex

SourceRole = int(Qt.ItemDataRole.UserRole) + 1
"""The ``Source`` of a row."""
CountsRole = int(Qt.ItemDataRole.UserRole) + 2
"""What is in it, in words."""


class SourcesModel(QAbstractListModel):
    """One row a source: its name, its path, and what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self._sources: list[Source] = []
        self._scanning: frozenset[str] = frozenset()
        self._presence: Mapping[int, Presence] = {}
        self._watched: Callable[[int], str] = lambda _source_id: ""

    @property
    def sources(self) -> list[Source]:
        """The sources in their order."""
        return self._sources

    def show(self, sources: Sequence[Source], scanning: frozenset[str] = frozenset()) -> None:
        """Show these; ``scanning`` holds the paths of those that a job reads now."""
        same = [one.id for one in sources] == [one.id for one in self._sources]
        if not same:
            self.beginResetModel()
        self._sources, self._scanning = list(sources), scanning
        if not same:
            self.endResetModel()
        elif sources:
            self.dataChanged.emit(self.index(0), self.index(len(sources) - 1))

    def tell_watching(self, words: Callable[[int], str]) -> None:
        """Have the hover text of a source say, by its id, how it is watched."""
        self._watched = words

    def tell_presence(self, presence: Mapping[int, Presence]) -> None:
        """What was found of the sources, by their ids, when it was last looked whether they are there."""
        if presence != self._presence:
            self._presence = dict(presence)
            if self._sources:
                self.dataChanged.emit(self.index(0), self.index(len(self._sources) - 1))

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a source."""
        return 0 if parent.isValid() else len(self._sources)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row."""
        if not index.isValid():
            return None
        source = self._sources[index.row()]
        scanning = source.path in self._scanning
        words = counts_in_words(source, scanning, self._presence.get(source.id, Presence.ABSENT))
        said = {
            int(Qt.ItemDataRole.DisplayRole): printable(Path(source.path).name or source.path),
            int(Qt.ItemDataRole.ToolTipRole): "\n".join(
                filter(None, (printable(source.path), words, self._watched(source.id)))
            ),
            int(Qt.ItemDataRole.AccessibleTextRole): f"{printable(source.path)}, {words}",
            SourceRole: source,
            CountsRole: words,
        }
        return said.get(role)


_NOT_THERE = {
    Presence.THERE: N_("Being looked at again"),
    Presence.ABSENT: N_("Not found: is its drive connected?"),
    Presence.EMPTY: N_("Empty now: its images are kept"),
    Presence.DENIED: N_("Not to be looked into: no permission"),
    Presence.FAILED: N_("Its drive fails: check the connection"),
    Presence.SILENT: N_("Its drive does not answer"),
}


def counts_in_words(source: Source, scanning: bool = False, presence: Presence = Presence.ABSENT) -> str:
    """What is in a source: "4,000 images, 3 unreadable", or why there is nothing to see."""
    if not source.online:
        return tr(_NOT_THERE[presence])
    if scanning and not source.images:
        return tr(N_("Scanning…"))
    words = [ntr("{images} image", "{images} images", source.images, images=count(source.images))]
    if source.unreadable:
        words.append(ntr("{files} unreadable", "{files} unreadable", source.unreadable, files=count(source.unreadable)))
    if source.images and not source.labelled:
        words.append(tr(N_("no class folders")))
    return join_phrases(words)
