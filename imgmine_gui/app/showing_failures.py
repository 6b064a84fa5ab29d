"""What could not be decoded when it was shown, passed on to the catalogue in batches."""

from collections.abc import Iterable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from imgmine_gui.app.session import Session
from imgmine_gui.core.images.problems import Failure

QUIET_MS = 1000
"""A batch goes when so long nothing has failed: images leave the list together, not one by one under the eye."""
LONGEST_MS = 5000
"""A batch goes after this time, whatever comes."""


class ShowingFailures(QObject):
    """Collects failures of one project; lives in the thread of the window."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: dict[str, Failure] = {}
        self._writing = False
        self._age = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._send)
        session.project_changed.connect(self._forget)

    def add(self, failures: Iterable[Failure]) -> None:
        """Pass these on soon, unless the project can only be looked at."""
        failures = list(failures)
        self._session.whereabouts.note(failures)
        project = self._session.project
        if project is None or project.read_only:
            return
        if not self._waiting:
            self._age.start()
        self._waiting.update((failure.key, failure) for failure in failures)
        self._wait()

    def _wait(self) -> None:
        if self._waiting and not self._writing:
            self._timer.start(max(0, min(QUIET_MS, LONGEST_MS - self._age.elapsed())))

    def _send(self) -> None:
        batch, self._waiting = tuple(self._waiting.values()), {}
        self._writing = True
        self._session.note_failures(batch).finished.connect(self._on_written)

    def _on_written(self) -> None:
        self._writing = False
        self._wait()

    def _forget(self) -> None:
        self._timer.stop()
        self._waiting = {}
