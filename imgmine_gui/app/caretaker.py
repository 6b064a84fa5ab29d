"""Looks after the catalogue of the open project beside the window: damage, what was removed for good, backups."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app.telling import tell
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.text import Words

if TYPE_CHECKING:
    from imgmine_gui.core.project.halt import Halt
    from imgmine_gui.core.project.project import Project

DELAY_MS = 2000
"""After the opening, before the whole catalogue is read: what the window shows first comes first."""
AGAIN_SECONDS = 0.02
CLOSING_SECONDS = 15.0
"""For a backup of a project that was closed with the program."""

logger = logging.getLogger(__name__)


class Caretaker(QObject):
    """Works in threads of its own. Lives in the thread of the window."""

    told = Signal(object)
    """``list[Words]``: what the person should know of the open project."""
    damaged = Signal()
    """Damage was found in the open project: nothing in it can be changed any more."""

    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._care: _Care | None = None
        self._closing: list[_Care] = []
        self._soon = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._soon.timeout.connect(self.begin)
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether it works on the open project now."""
        return self._care is not None and self._care.thread.is_alive()

    def follow(self, project: "Project") -> None:
        """A project was opened: look after it soon."""
        self._project = project
        self._soon.start()

    def begin(self) -> None:
        """Look after the open project now, once."""
        self._soon.stop()
        project = self._project
        if project is not None and self._care is None:
            self._care = _Care(project, lambda halt: self._look_after(project, halt))

    def close(self, project: "Project") -> None:
        """Close a project; where that makes a backup, it is made beside the window."""
        self._soon.stop()
        self._project = None
        if self._care is not None:
            self._care.end()
            self._care = None
        wants_backup = project.wants_backup
        project.close()
        if wants_backup:
            self._closing.append(_Care(project, lambda halt: _back_up(project, halt)))

    def finish(self, timeout: float = CLOSING_SECONDS) -> None:
        """Wait until what was closed is backed up; what takes longer than ``timeout`` seconds is given up."""
        deadline = time.monotonic() + timeout
        for care in self._closing:
            care.thread.join(max(0.0, deadline - time.monotonic()))
            care.end()
        self._closing.clear()

    def _look_after(self, project: "Project", halt: "Halt") -> None:
        from imgmine_gui.core.project.schema import DamagedCatalogue

        outcome: object
        try:
            outcome = project.look_after(halt)
        except Cancelled:
            return
        except DamagedCatalogue as error:
            logger.error("damage found in %s: %s", project.folder, error)
            outcome = None
        except UserError as error:
            outcome = [partial(str, error)]
        tell(self._ended, project, outcome)

    def _tell(self, project: "Project", outcome: list[Words] | None) -> None:
        if project is not self._project:
            return
        if outcome is None:
            self.damaged.emit()
        elif outcome:
            self.told.emit(outcome)


class _Care:
    """One thread that works on a project until it is done, or ended."""

    def __init__(self, project: "Project", work: "Callable[[Halt], None]") -> None:
        from imgmine_gui.core.project.halt import Halt

        self.halt = Halt()
        name = f"care of {project.name}"
        self.thread = threading.Thread(target=work, args=(self.halt,), name=name, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """End it, within some milliseconds."""
        while self.thread.is_alive():
            self.halt.ask()
            self.thread.join(AGAIN_SECONDS)


def _back_up(project: "Project", halt: "Halt") -> None:
    from imgmine_gui.core.project.schema import DamagedCatalogue

    try:
        project.back_up_closed(halt)
    except Cancelled:
        logger.info("no backup of %s: it took too long", project.folder)
    except (DamagedCatalogue, UserError) as error:
        logger.warning("no backup of %s: %s", project.folder, error)
