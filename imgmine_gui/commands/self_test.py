"""``imgmine self-test``: whether this installation can do everything, tried for real on a part of a sample."""

import importlib
import importlib.metadata
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from rich.table import Table

import imgmine_gui
from imgmine_gui.commands.belongings import check_files, check_glyphs, check_languages
from imgmine_gui.commands.console import Output
from imgmine_gui.commands.demo import has_screen
from imgmine_gui.commands.trials import Trials
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import tr

LIBRARIES = ("PySide6_Essentials", "tensorflow-cpu", "tensorflow", "keras", "numpy", "pillow")


@dataclass(frozen=True)
class Check:
    """One line of the table.

    Attributes:
        fault: one line; empty where all went well.
        details: all that is known of the fault.
    """

    name: str
    seconds: float
    fault: str
    details: str


def self_test(output: Output) -> bool:
    """Run every check and tell of each; returns whether all went well."""
    done: list[Check] = []
    about = about_this_machine()
    output.line({"event": "About", "text": about}, about)
    with tempfile.TemporaryDirectory(prefix="imgmine-") as folder, closing(Trials(Path(folder))) as trials:
        for name, check in _checks(trials):
            done.append(_run(name, check))
            values = {"event": "Check", "name": name, "seconds": round(done[-1].seconds, 1), "fault": done[-1].fault,
                      "details": done[-1].details}  # fmt: skip
            output.line(values, _line(done[-1]))
    faults = [one for one in done if one.fault]
    table = Table(tr("Check"), tr("Time"), tr("Outcome"))
    for one in done:
        table.add_row(one.name, f"{one.seconds:.1f} s", one.fault or tr("good"))
    told = {"checks": len(done), "faults": len(faults), "version": imgmine_gui.__version__}
    output.result(told, table, tr("All is well.") if not faults else tr("Something is wrong: see above."))
    return not faults


def about_this_machine() -> str:
    """What a report must say: the versions of the program and its libraries, the system, the machine."""
    kind = "frozen" if getattr(sys, "frozen", False) else "from source"
    memory = psutil.virtual_memory().total / 2**30
    lines = [
        f"ImgMine {imgmine_gui.__version__} ({kind}), Python {platform.python_version()}, {platform.platform()}",
        f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GiB of memory",
    ]
    for name in LIBRARIES:
        try:
            lines.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return "\n".join(lines)


def _run(name: str, check: Callable[[], object]) -> Check:
    began = time.perf_counter()
    fault = details = ""
    try:
        check()
    except Exception as error:  # whatever it is, it is what the person wants to know
        details = f"{type(error).__name__}: {error}"
        fault = details.rstrip().rpartition("\n")[2]
    return Check(name, time.perf_counter() - began, fault, details)


def _line(check: Check) -> str:
    return f"{'✗' if check.fault else '✓'} {check.name} {check.fault}".rstrip()


def _checks(trials: Trials) -> Iterator[tuple[str, Callable[[], object]]]:
    yield tr("Files that come with the program"), check_files
    yield tr("Languages and help"), check_languages
    yield tr("Icons"), check_glyphs
    if has_screen():
        yield tr("Fonts"), partial(_in_window, "check_fonts")
        yield tr("Window"), partial(_in_window, "open_and_close")
    yield tr("Engine with TensorFlow"), trials.check_engine
    yield tr("Modules"), trials.check_modules
    yield tr("Image formats"), trials.check_formats
    yield tr("Project"), trials.check_project
    yield tr("Exchange with other programs"), trials.check_exchange
    for task, architecture in trials.combinations():
        name = _named(task, architecture)
        yield tr("Train {name}", name=name), partial(trials.train, task, architecture)
        yield tr("Predict with {name}", name=name), partial(trials.predict, task, architecture)
        if not TASKS[task].lines:
            yield tr("Heatmaps of {name}", name=name), partial(trials.explain, task, architecture)


def _named(task: str, architecture: str) -> str:
    title = tr(ARCHITECTURES[architecture].title)
    return title if len(TASKS) == 1 else f"{title} ({tr(TASKS[task].title)})"


def _in_window(check: str) -> None:
    getattr(importlib.import_module("imgmine_gui.gui.self_check"), check)()
