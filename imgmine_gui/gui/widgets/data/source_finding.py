"""What the page of data does about sources that are not there: says so, and finds them again."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.gui.dialogs.find_folder_dialog import FindFolderDialog
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.data.source_notices import SourceNotices
from imgmine_gui.gui.widgets.data.sources_panel import SourcesPanel


class SourceFinding(QObject):
    """Ties the list of sources, the notices above the images and the thumbnails to where the sources are.

    Args:
        session: whose project it is.
        panel: the list of sources.
        loaders: of thumbnails, which take those of sources that are not there from the cache alone.
        page: that dialogs stand over.
    """

    def __init__(
        self,
        session: Session,
        panel: SourcesPanel,
        loaders: Sequence[ThumbnailLoader],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._session = session
        self._panel = panel
        self._loaders = loaders
        self._page = page
        self._sources: list[Source] = []
        self.notices = SourceNotices()
        self.dialog: FindFolderDialog | None = None
        """The one that was opened last."""
        panel.find_wanted.connect(self.find)
        self.notices.find_wanted.connect(self.find)
        self.notices.look_wanted.connect(lambda source: session.whereabouts.look([source.id]))
        self.notices.missing_wanted.connect(lambda source: session.mark_missing(source.id))
        session.whereabouts.changed.connect(self._refresh)
        session.project_changed.connect(self._forget)

    def show_sources(self, sources: list[Source]) -> None:
        """These are the sources now."""
        self._sources = sources
        offline = [one.path for one in sources if not one.online]
        for loader in self._loaders:
            loader.set_offline(offline)
        self._refresh()

    def _forget(self) -> None:
        """Another project is open, or none."""
        self.show_sources([])

    def find(self, source: Source) -> None:
        """Have the person say where a source is now."""
        self.dialog = dialog = FindFolderDialog(self._session, self._page.window(), source)
        dialog.finished.connect(dialog.deleteLater)
        if dialog.ask():
            dialog.open()
        else:
            dialog.deleteLater()

    def _refresh(self) -> None:
        project, presence = self._session.project, self._session.whereabouts.presence
        self._panel.model.tell_presence(presence)
        sources = self._sources if project is not None else []
        self.notices.show_sources(sources, presence, project is not None and project.read_only)
