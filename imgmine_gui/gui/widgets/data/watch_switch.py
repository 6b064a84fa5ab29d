"""The switch by which a source is watched or not, and how it is watched in words."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.watching import WatchState, WatchTimes
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.widgets.data.sources_panel import SourcesPanel

WORDS = {
    WatchState.BEGINNING: N_("Watched: its folders are being gone through"),
    WatchState.LISTENING: N_("Watched: what changes in it is taken over at once"),
    WatchState.NETWORK: N_("Its drive is on a network and does not report changes"),
    WatchState.LIMIT: N_("The system reports changes in no more folders than it does already"),
    WatchState.UNABLE: N_("Its drive does not report changes"),
}
POLLED = frozenset({WatchState.NETWORK, WatchState.LIMIT, WatchState.UNABLE})


class WatchSwitch(QObject):
    """Adds an entry to the menu of a source, and a line to the text that one sees when one points at it.

    Args:
        session: whose sources they are.
        panel: that shows them.
    """

    def __init__(self, session: Session, panel: SourcesPanel) -> None:
        super().__init__(panel)
        self._session = session
        self._panel = panel
        self.action = QAction(self, checkable=True)
        bind(self.action, "setText", N_("Watch for changes"))
        self.action.triggered.connect(self._switch)
        panel.menu_entries.insert(1, self.action)
        panel.menu_opens.connect(self._refresh)
        panel.model.tell_watching(self._words)

    def _refresh(self) -> None:
        source, project = self._panel.source, self._session.project
        self.action.setEnabled(source is not None and project is not None and not project.read_only)
        self.action.setChecked(source is not None and not self._session.watching.is_off(source.id))

    def _switch(self, on: bool) -> None:
        source = self._panel.source
        if source is not None:
            self._session.watching.switch(source.id, on)

    def _words(self, source_id: int) -> str:
        watching = self._session.watching
        if watching.is_off(source_id):
            return tr(N_("Not watched: scan it again after changes"))
        return state_in_words(watching.state(source_id))


def state_in_words(state: WatchState | None) -> str:
    """How a source is watched; empty where there is nothing to say of it."""
    if state not in POLLED:
        return tr(WORDS[state]) if state in WORDS else ""
    minutes = round(WatchTimes().poll / 60)
    often = ntr("So it is scanned again every minute", "So it is scanned again every {count} minutes", minutes)
    return f"{tr(WORDS[state])}\n{often}"
