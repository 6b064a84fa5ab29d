"""Whether the sources of the open project are there, looked at beside the window, which a dead drive must not stop."""

import logging
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app.session_base import SessionBase
from imgmine_gui.app.telling import tell
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.images.problems import Failure, ImageProblem

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.presence import Lookout, Presence
    from imgmine_gui.core.project.source_places import Looked
    from imgmine_gui.core.project.sources import Source

AGAIN_MS = 5_000
"""Between two looks at the sources that are not there."""
SOON_MS = 300
"""After an image could not be read, before it is looked whether its source is there: others follow it."""
_TELLING = {ImageProblem.MISSING, ImageProblem.NO_PERMISSION, ImageProblem.READ_ERROR}

logger = logging.getLogger(__name__)


class Whereabouts(QObject):
    """Looks at the sources when a project opens, when an image cannot be read, and as long as one is not there.

    Lives in the window's thread; the looking is done in another, and never twice at a time.
    """

    changed = Signal()
    """``presence`` says something else now."""
    came_back = Signal(int)
    """The id of a source that is there again."""

    _looked = Signal(object, object)

    def __init__(self, session: SessionBase) -> None:
        super().__init__(session)
        self._session = session
        self._lookout: Lookout | None = None
        self._waiting: set[int] | None = set()
        self._is_looking = False
        self.presence: dict[int, Presence] = {}
        """What was found of each source when it was last looked at, by its id."""
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.look)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._look_for_the_lost)
        self._looked.connect(self._take_in, Qt.ConnectionType.QueuedConnection)
        session.project_changed.connect(self._open)

    def look(self, source_ids: Collection[int] | None = None) -> None:
        """Look soon whether these sources are there; by default all."""
        if self._waiting is not None:
            self._waiting = None if source_ids is None else self._waiting | set(source_ids)
        self._begin()

    def as_found(self, sources: "Sequence[Source]") -> "list[Source]":
        """These, online or not as they were found: a project that can only be read keeps nothing of that."""
        from imgmine_gui.core.project.presence import Presence

        project = self._session.project
        if project is None or not project.read_only:
            return list(sources)
        found = self.presence
        return [replace(one, online=found.get(one.id, Presence.THERE) is Presence.THERE) for one in sources]

    def note(self, failures: Iterable[Failure]) -> None:
        """Images could not be read: look whether that is because of their source."""
        if any(failure.error.problem in _TELLING for failure in failures) and not self._soon.isActive():
            self._soon.start()

    def _open(self) -> None:
        self._soon.stop()
        self._again.stop()
        self.presence, self._waiting = {}, set()
        if self._session.project is not None:
            self.look()
        self.changed.emit()

    def _look_for_the_lost(self) -> None:
        from imgmine_gui.core.project.presence import Presence

        self.look([number for number, found in self.presence.items() if found is not Presence.THERE])

    def _begin(self) -> None:
        project = self._session.project
        if self._is_looking or project is None or self._waiting == set():
            return
        from imgmine_gui.core.project.presence import Lookout

        self._lookout = self._lookout or Lookout()
        wanted, self._waiting = self._waiting, set()
        self._is_looking = True
        arguments = (project.catalogue, self._lookout, wanted)
        threading.Thread(target=self._work, args=arguments, name="whereabouts", daemon=True).start()

    def _work(self, catalogue: "Catalogue", lookout: "Lookout", wanted: set[int] | None) -> None:
        """In the thread."""
        looked: Looked | None = None
        try:
            looked = catalogue.places.look(lookout, wanted)
        except Cancelled:
            logger.debug("the project was closed while its sources were looked at")
        except UserError as error:
            logger.info("it could not be kept which sources are there: %s", error)
        tell(self._looked, catalogue, looked)

    def _take_in(self, catalogue: "Catalogue", looked: "Looked | None") -> None:
        self._is_looking = False
        project = self._session.project
        if looked is not None and project is not None and project.catalogue is catalogue:
            self._tell(looked)
        self._begin()

    def _tell(self, looked: "Looked") -> None:
        from imgmine_gui.core.project.presence import Presence

        before = self.presence
        self.presence = {**before, **looked.presence}
        project = self._session.project
        if looked.changed or (project is not None and project.read_only and self.presence != before):
            self._session.data_changed.emit()
        if self.presence != before:
            self.changed.emit()
        for number in (*looked.came, *looked.followed):
            self.came_back.emit(number)
        if any(found is not Presence.THERE for found in self.presence.values()):
            self._again.start()
