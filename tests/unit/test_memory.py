"""Giving freed memory back to the system."""

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import psutil
from imgmine_gui.core.memory import give_back
pieces = [bytes(1000) for _ in range(100_000)]
last = bytes(1000)  # stands above the pieces, so that the heap cannot shrink by itself
del pieces
before = psutil.Process().memory_info().rss
give_back()
print(before - psutil.Process().memory_info().rss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take it back by themselves")
def test_freed_memory_goes_back_to_the_system() -> None:
    repository = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", CODE], cwd=repository, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000_000
