"""Loads the modules of the pages while nothing else is to be done, so that the first click on a page finds them.

They hold classes of Qt, so they are imported in the thread of the window, one by one and with pauses in between: none
but pyqtgraph, which is one piece, takes longer than a frame or two.
"""

import importlib
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

MODULES = (
    "imgmine_gui.gui.widgets.data.data_column",
    "imgmine_gui.gui.widgets.data.gallery",
    "imgmine_gui.gui.pages.data_page",
    "PySide6.QtSvg",
    "PySide6.QtOpenGLWidgets",
    "pyqtgraph",
    "imgmine_gui.gui.widgets.plot_training",
    "imgmine_gui.gui.widgets.training.settings_panel",
    "imgmine_gui.gui.widgets.training.watch",
    "imgmine_gui.gui.pages.train_page",
    "imgmine_gui.gui.widgets.predictions.scores_view",
    "imgmine_gui.gui.widgets.predictions.browser",
    "imgmine_gui.gui.pages.predictions_page",
    "imgmine_gui.gui.pages.health_page",
    "imgmine_gui.gui.pages.quick_check_page",
)
"""Pages in the order in which a person comes to them, the larger parts of each before it."""
PAUSE_MS = 60
"""Between two imports, for everything that came meanwhile."""
QUIET_SECONDS = 0.4
"""After the last touch of mouse or keyboard: who scrolls sees each frame that is late."""
TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.DragMove,
    }
)


class IdleImports(QObject):
    """Imports ``MODULES`` once, while the program is idle.

    Args:
        is_busy: whether something else is going on that needs the thread of the window, such as a job.
    """

    def __init__(self, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._left = list(MODULES)
        self._touched = 0.0
        self._window: QWindow | None = None
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._import_next)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be imported."""
        return not self._left

    def watch(self, window: QWindow | None) -> None:
        """Begin, and rest while the person uses ``window``."""
        if window is not None and self._left and self._window is None:
            self._window = window
            window.installEventFilter(self)
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note each touch; let everything pass."""
        if event.type() in TOUCHES:
            self._touched = time.monotonic()
        return False

    def end(self) -> None:
        """Import nothing more."""
        self._left.clear()
        self._timer.stop()
        if self._window is not None:
            self._window.removeEventFilter(self)

    def _import_next(self) -> None:
        quiet = time.monotonic() - self._touched > QUIET_SECONDS
        if not quiet or self._is_busy() or QGuiApplication.mouseButtons():
            return
        try:
            importlib.import_module(self._left.pop(0))
        except ImportError:
            self._left.clear()  # whoever needs the module will say so
        if not self._left:
            self.end()
