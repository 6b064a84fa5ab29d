"""Loads what the pages will need while the person still looks at the start page, so that the first click is answered.

Only modules without Qt: they may be imported in a thread, and the window goes on meanwhile.
"""

import importlib
import threading

MODULES = (
    "numpy",
    "PIL.Image",
    "psutil",
    "imgmine_gui.core.project.project",
    "imgmine_gui.core.training.config",
    "imgmine_gui.core.training.recipes",
    "imgmine_gui.core.explain.export",
)
DELAY_MS = 400
"""After the window is on the screen: what the person does at once comes first."""


def warm_up() -> threading.Thread:
    """Import the modules in a thread, which is returned; an error is left to whoever needs the module."""
    thread = threading.Thread(target=_import_all, name="warming", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            return
