"""The window comes fast because little is loaded before it."""

import os
import subprocess
import sys
from pathlib import Path

from imgmine_gui.core.text import RESOURCES

HEAVY = ("tensorflow", "keras", "pyqtgraph", "numpy", "PIL", "pydantic", "qtawesome", "psutil")

SCRIPT = f"""
import sys
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.main_window import MainWindow
settings = Settings()
application = build_application(settings)
window = MainWindow(Session(settings))
window.show()
application.processEvents()
print([name for name in {HEAVY} if name in sys.modules])
window.close()
"""


def test_nothing_heavy_is_imported_before_it_is_needed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        cwd=RESOURCES.parent,
        env={**os.environ, "IMGMINE_HOME": str(tmp_path)},
    )
    assert done.stdout.strip() == "[]"
