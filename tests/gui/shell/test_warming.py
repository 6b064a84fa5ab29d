import subprocess
import sys

from imgmine_gui.core.text import RESOURCES
from imgmine_gui.gui.warming import MODULES


def test_what_is_loaded_in_a_thread_has_no_qt_and_no_tensorflow() -> None:
    script = (
        "import sys\nfrom imgmine_gui.gui.warming import warm_up\nwarm_up().join()\n"
        f"print([name for name in {MODULES} if name not in sys.modules])\n"
        "print([name for name in ('PySide6', 'tensorflow', 'keras', 'pyqtgraph') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=RESOURCES.parent
    )
    assert done.stdout.splitlines() == ["[]", "[]"]
