"""dev.py itself: its commands, its exit codes, Ctrl+C, and that old Pythons can start it."""

import ast
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import dev
import dev_process
import pytest
from dev_process import SetupError

PACKAGING = Path(__file__).resolve().parents[3] / "packaging"
SCRIPTS = sorted(PACKAGING.glob("dev*.py"))
needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_python_3_9_understands_the_scripts_and_they_import_nothing_that_must_be_installed(script: Path) -> None:
    tree = ast.parse(script.read_text("utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    own = {path.stem for path in SCRIPTS}
    assert {name.split(".")[0] for name in imported} - own <= sys.stdlib_module_names


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.14"])
def test_a_python_that_does_not_fit_starts_it(version: str) -> None:
    other = shutil.which(f"python{version}")
    if other is None or subprocess.run([other, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"Python {version} is not on this machine")
    shown = subprocess.run([other, str(PACKAGING / "dev.py"), "--help"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0 and "dev.py test" in shown.stdout


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_wrong_usage_shows_the_commands_and_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(arguments) == 2
    shown = capsys.readouterr()
    assert "dev.py run" in shown.err and not shown.out


def test_what_cannot_be_set_up_is_said_and_its_code_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise SetupError(f"No luck with {arguments}", 7)

    monkeypatch.setitem(dev.COMMANDS, "test", fail)
    assert dev.main(["test", "-x"]) == 7
    assert capsys.readouterr().err == "No luck with ['-x']\n"


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(dev.COMMANDS, "test", interrupt)
    assert dev.main(["test"]) == 130
    assert capsys.readouterr().err == ""


class FakeEnvironment:
    """In the place of the environment: says what it was asked to do."""

    python = Path("/fake/python")
    ready = True
    sound = True
    done: list[str]

    def __init__(self) -> None:
        FakeEnvironment.done = []

    def installed(self, extra: str) -> bool:
        return self.ready

    def usable(self) -> bool:
        return self.sound

    def make(self, interpreter: list[str]) -> None:
        self.done.append(f"make {interpreter[0]}")

    def install(self, extra: str) -> None:
        self.done.append(f"install {extra}")


@pytest.mark.parametrize(
    ("ready", "sound", "done"),
    [
        (True, True, ["apt xvfb"]),
        (False, True, ["apt xvfb", "install test"]),
        (False, False, ["apt python3.12-venv xvfb", "make python3.12", "install test"]),
    ],
)
def test_only_what_is_missing_is_prepared(
    monkeypatch: pytest.MonkeyPatch, ready: bool, sound: bool, done: list[str]
) -> None:
    monkeypatch.setattr(dev, "Environment", FakeEnvironment)
    monkeypatch.setattr(FakeEnvironment, "ready", ready)
    monkeypatch.setattr(FakeEnvironment, "sound", sound)
    monkeypatch.setattr(dev, "find_interpreter", lambda: ["python3.12"])
    monkeypatch.setattr(dev, "venv_package", lambda interpreter: ["python3.12-venv"])
    monkeypatch.setattr(dev, "install_missing", lambda names: FakeEnvironment.done.append(f"apt {' '.join(names)}"))
    assert dev.prepare("test", ["xvfb"]) == str(Path("/fake/python"))
    assert FakeEnvironment.done == done


def test_run_hands_over_to_the_program_with_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def become(command: list[str]) -> int:
        started.append(command)
        return 5

    monkeypatch.setattr(dev, "prepare", lambda extra, packages: "/fake/python")
    monkeypatch.setattr(dev, "become", become)
    assert dev.main(["run", "scan", "--json", "a b"]) == 5
    assert started == [["/fake/python", "-P", "-m", "imgmine_gui", "scan", "--json", "a b"]]


def test_bench_lists_and_runs_the_measurements(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "start.py").write_text("import sys\nsys.exit(int(sys.argv[1]))\n")
    monkeypatch.setattr(dev, "BENCHES", tmp_path)
    monkeypatch.setattr(dev, "prepare", lambda extra, packages: sys.executable)
    monkeypatch.setattr(dev, "on_screen", lambda command, environ: (command, dict(environ)))
    assert dev.main(["bench"]) == 0
    assert capsys.readouterr().out == "start\n"
    assert dev.main(["bench", "start", "4"]) == 4
    assert dev.main(["bench", "stop"]) == 2


def test_run_gives_the_exit_code_and_keeps_stdout_clean(capfd: pytest.CaptureFixture[str]) -> None:
    script = "import sys; print('pip speaks'); sys.exit(3)"
    assert dev_process.run([sys.executable, "-c", script], to_stderr=True) == 3
    shown = capfd.readouterr()
    assert (shown.out, shown.err.strip()) == ("", "pip speaks")


@needs_posix
def test_a_command_ended_by_a_signal_counts_as_a_shell_counts() -> None:
    assert dev_process.run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]) == 143


@needs_posix
def test_after_ctrl_c_the_command_ends_in_its_own_way() -> None:
    """The child saves what it has for longer than Python's own patience, and only then are we done."""
    child = (
        "import threading\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        "    threading.Event().wait(60)\n"
        "except KeyboardInterrupt:\n"
        "    threading.Event().wait(0.6)\n"
        "    print('saved', flush=True)\n"
    )
    parent = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from dev_process import run\n"
        "try: run([sys.executable, '-c', sys.argv[2]])\n"
        "except KeyboardInterrupt: print('interrupted', flush=True)\n"
    )
    command = [sys.executable, "-c", parent, str(PACKAGING), child]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "saved\ninterrupted\n"


def test_the_continuous_integration_calls_the_same_command() -> None:
    script = PACKAGING.parent / ".ci" / "run"
    lines = script.read_text("utf-8").splitlines()
    assert "set -eu" in lines and lines[-1] == "python3 packaging/dev.py test"
    assert os.name != "posix" or os.access(script, os.X_OK)
