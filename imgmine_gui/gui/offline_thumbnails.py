"""Thumbnails follow the sources: what lies on a drive that is not there comes from the cache alone."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader


class OfflineThumbnails(QObject):
    """Tells loaders which sources are offline, and has the sources looked at when images cannot be read.

    The catalogue is read beside the window.

    Args:
        session: whose project it is.
        loaders: of thumbnails.
        parent: that it lives as long as.
    """

    def __init__(self, session: Session, loaders: Sequence[ThumbnailLoader], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._loaders = loaders
        self._reader = CatalogueReader(self)
        self._reader.failed.connect(session.notifier.report)
        session.project_changed.connect(self._open)
        session.data_changed.connect(self._ask)
        for loader in loaders:
            loader.failed.connect(session.whereabouts.note)
        self._ask()

    def _open(self) -> None:
        self._reader.forget()
        self._take([])
        self._ask()

    def _ask(self) -> None:
        project = self._session.project
        if project is not None:
            self._reader.ask("sources", project.catalogue.sources, self._take)

    def _take(self, sources: list[Source]) -> None:
        offline = [one.path for one in self._session.whereabouts.as_found(sources) if not one.online]
        for loader in self._loaders:
            loader.set_offline(offline)
