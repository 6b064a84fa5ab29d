"""What a person changes on the page of data, with undo where it can be undone."""

from collections.abc import Iterable
from pathlib import Path

from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.core.project.splits import SplitSettings


class DataChanges:
    """Does what the page is asked for.

    Args:
        session: whose project is changed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, paths: Iterable[Path]) -> None:
        """Add folders to the project and scan them; one that cannot be added does not keep the others out."""
        for path in paths:
            try:
                self._session.add_source(path)
            except UserError as error:
                self._session.notifier.report(error)

    def rescan(self, source: Source) -> None:
        """Look again at what is in a source, unless that is happening already."""
        if not self._scans_of(source):
            self._session.rescan(source.id)

    def remove(self, source: Source) -> None:
        """Take a source out of the project; one that is just being scanned for the first time leaves no trace."""
        scans = self._scans_of(source)
        for job in scans:
            job.cancel()
        if any(job.is_first for job in scans):
            return
        self._session.remove_source(source.id)

    def divide(self, settings: SplitSettings) -> None:
        """Divide the images by other settings."""
        if settings != self._session.split_settings():
            self._session.set_split_settings(settings)

    def _scans_of(self, source: Source) -> list[ScanJob]:
        jobs = (job for job in self._session.runner.jobs if isinstance(job, ScanJob))
        return [job for job in jobs if job.path == source.path]
