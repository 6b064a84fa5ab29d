"""What importing our modules loads: no TensorFlow for the window and the registries, no Qt for the core."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# These three hold what runs in the engine; everything else is read by the window too.
ENGINE_ONLY = ("imgmine_gui.core.layers", "imgmine_gui.core.training", "imgmine_gui.core.inference")

# Imports every module below the named ones, and names the first one that brought in something that is forbidden.
IMPORT_ALL = """
import importlib, pkgutil, sys
names, forbidden, skipped = (argument.split(",") for argument in sys.argv[1:4])

def below(name):
    yield name
    for child in pkgutil.iter_modules(getattr(sys.modules[name], "__path__", ())):
        if f"{name}.{child.name}" not in skipped:
            importlib.import_module(f"{name}.{child.name}")
            yield from below(f"{name}.{child.name}")

count = 0
for name in names:
    importlib.import_module(name)
    for module in below(name):
        count += 1
        found = [package for package in forbidden if package in sys.modules]
        if found:
            sys.exit(f"importing {module} loads {found}")
print(count)
"""


def import_all(names: list[str], forbidden: list[str], skipped: tuple[str, ...] = ()) -> str:
    """Import the modules in a fresh process; what is wrong, "" where all is well."""
    arguments = [",".join(names), ",".join(forbidden), ",".join(skipped)]
    command = [sys.executable, "-c", IMPORT_ALL, *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        assert int(done.stdout.split()[-1]) >= len(names)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def existing(*names: str) -> list[str]:
    folder = REPOSITORY / "imgmine_gui"
    return [f"imgmine_gui.{name}" for name in names if (folder / f"{name}.py").exists() or (folder / name).is_dir()]


def test_the_window_and_the_command_line_load_no_tensorflow() -> None:
    names = existing("gui", "app", "engine", "cli", "commands", "__main__")
    assert import_all(names, ["tensorflow", "keras"]) == ""


def test_the_core_outside_training_and_inference_loads_no_tensorflow_and_no_qt() -> None:
    assert import_all(["imgmine_gui.core"], ["tensorflow", "keras", "PySide6"], ENGINE_ONLY) == ""


def test_what_runs_in_the_engine_loads_no_qt() -> None:
    assert import_all([*ENGINE_ONLY, "imgmine_gui.engine"], ["PySide6"]) == ""


def test_a_forbidden_import_is_found() -> None:
    assert import_all(["imgmine_gui.core.registry"], ["no_such_module"]) == ""
    assert "core.registry loads ['gettext']" in import_all(["imgmine_gui.core.registry"], ["gettext"])
