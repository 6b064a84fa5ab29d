"""Loads what the pages will need while the person still looks at the start page, so that the first click is answered.

Only modules without Qt: they may be imported in a thread, and the window goes on meanwhile.
"""

import importlib
import threading

MODULES = (
    "numpy",
    "numpy.ma",
    "PIL.Image",
    "psutil",
    "imgmine_gui.core.project.project",
    "imgmine_gui.core.training.config",
    "imgmine_gui.core.training.recipes",
    "imgmine_gui.core.explain.export",
    "xml.etree.ElementTree",
    "pydoc",
    "cProfile",
)
"""The last three, of Python itself, are what pyqtgraph loads."""
REGISTRIES = (
    ("imgmine_gui.core.architectures.base", "ARCHITECTURES"),
    ("imgmine_gui.core.tasks.base", "TASKS"),
)
"""Tables whose entries are modules of their own, imported when the table is first read."""
DELAY_MS = 400
"""After the window is on the screen: what the person does at once comes first."""


class Warming:
    """Imports the modules in a thread, once."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._import_all, name="warming", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether the thread is importing."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin, where it was not begun or ended before."""
        if self._thread.ident is None and not self._ending.is_set():
            self._thread.start()

    def end(self) -> None:
        """Import nothing more, and wait for the module at hand: a thread must not import while Python ends."""
        self._ending.set()
        self.join()

    def join(self) -> None:
        """Wait until everything is imported."""
        if self._thread.ident is not None:
            self._thread.join()

    def _import_all(self) -> None:
        for name in MODULES:
            if self._ending.is_set():
                return
            try:
                importlib.import_module(name)
            except ImportError:
                return  # whoever needs the module will say so
        for module, name in REGISTRIES:
            if not self._ending.is_set():
                getattr(importlib.import_module(module), name).names()
