import importlib
import subprocess
import sys

import pytest

from imgmine_gui.core.text import RESOURCES
from imgmine_gui.gui.warming import MODULES, Warming

TABLES = ("imgmine_gui.core.architectures.attention", "imgmine_gui.core.tasks.classification")


def test_what_is_loaded_in_a_thread_has_no_qt_and_no_tensorflow() -> None:
    script = (
        "import sys\nfrom imgmine_gui.gui.warming import Warming\n"
        "warming = Warming()\nwarming.start()\nwarming.join()\n"
        f"print([name for name in {(*MODULES, *TABLES)} if name not in sys.modules])\n"
        "print([name for name in ('PySide6', 'tensorflow', 'keras', 'pyqtgraph') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=RESOURCES.parent
    )
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_it_ends_with_the_module_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []
    warming = Warming()

    def slow(name: str) -> None:
        imported.append(name)
        warming._ending.wait(5)

    monkeypatch.setattr(importlib, "import_module", slow)
    warming.start()
    warming.start()
    warming.end()
    warming.start()
    assert imported == [MODULES[0]]
