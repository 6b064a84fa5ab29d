"""Where the window hears of a second start, and opens what that was to open."""

import contextlib
import logging
import os

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from imgmine_gui.app import places
from imgmine_gui.app.second_start import ACCEPTED, LONGEST, address, decode
from imgmine_gui.core.project.lock import FileLock

logger = logging.getLogger(__name__)


class Reception(QObject):
    """Listens at the address of this person, where no other window does.

    Args:
        window: is brought to the front by each second start.
    """

    came = Signal(list)
    """``list[Path]``: what a second start was to open; may be empty."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._lock: FileLock | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def open(self) -> bool:
        """Begin to listen; whether that is so: a second window of the same person leaves it to the first."""
        lock_file = places.settings_file().with_name("window.lock")
        try:
            lock_file.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock.take(lock_file)
        except OSError as error:
            logger.info("a second start is not heard: %s", error)
        if self._lock is None:
            return False
        QLocalServer.removeServer(address())  # left behind by a window that was killed: the lock says that it is gone
        if not self._server.listen(address()):
            logger.info("a second start is not heard: %s", self._server.errorString())
            self.close()
            return False
        return True

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _on_connection(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.readyRead.connect(lambda caller=caller: self._on_words(caller))
            self._on_words(caller)

    def _on_words(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine():
            if caller.bytesAvailable() > LONGEST:
                caller.abort()
            return
        message = bytes(caller.readLine().data())
        try:
            paths, token = decode(message)
        except ValueError:
            caller.abort()
            return
        caller.write(ACCEPTED)
        caller.flush()
        caller.disconnectFromServer()
        self._come_to_the_front(token)
        self.came.emit(paths)

    def _come_to_the_front(self, token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt gives it to the desktop, which else only lets us blink
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        with contextlib.suppress(KeyError):
            del os.environ["XDG_ACTIVATION_TOKEN"]
