"""The part of the session that is about watching the folders of sources."""

from PySide6.QtCore import QObject

from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session_health import HealthSession
from imgmine_gui.app.settings import Settings
from imgmine_gui.app.watching import Watching


class WatchingSession(HealthSession):
    """Notices what changes in the folders of the open project."""

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(settings, notifier, parent)
        self.watching = Watching(self)
        """Watches the sources, once it was told to begin."""
