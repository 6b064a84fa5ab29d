"""Reports of faults: files beside the log."""

import subprocess
import sys
from pathlib import Path

from imgmine_gui.app import places
from imgmine_gui.app.crash_report import KEPT, PATTERN, write_report

REPOSITORY = Path(__file__).resolve().parents[3]
CRASH = """
import ctypes
from imgmine_gui.app.crash_report import native_crashes_told
with native_crashes_told():
    ctypes.string_at(0)
"""


def test_a_report_holds_the_details_and_the_end_of_the_log(home: Path) -> None:
    places.log_folder().mkdir(parents=True)
    places.log_file().write_text("x" * 100_000 + "\nthe last line\n", "utf-8")
    file = write_report("details\n")
    assert file is not None
    text = file.read_text("utf-8")
    assert "details\n" in text and "the last line" in text and len(text) < 50_000


def test_old_reports_go(home: Path) -> None:
    places.log_folder().mkdir(parents=True)
    for number in range(KEPT + 5):
        (places.log_folder() / f"fault-20200101-{number:06}.txt").touch()
    newest = write_report("details")
    left = sorted(places.log_folder().glob(PATTERN))
    assert len(left) == KEPT and left[-1] == newest


def test_a_folder_that_cannot_be_written_leaves_no_report(home: Path) -> None:
    home.mkdir()
    places.log_folder().touch()
    assert write_report("details") is None


def test_a_crash_of_native_code_leaves_its_stack(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH], cwd=REPOSITORY, check=False, capture_output=True)
    assert done.returncode != 0
    assert "string_at" in (places.log_folder() / "crash.txt").read_text("utf-8")
