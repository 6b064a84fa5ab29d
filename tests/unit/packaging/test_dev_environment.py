"""dev.py finds a suitable Python, and installs exactly when something is missing or has changed."""

import os
import shutil
import sys
from pathlib import Path

import dev_environment
import pytest
from dev_environment import Environment, find_interpreter, venv_package
from dev_process import SetupError


class FakePip:
    """In the place of starting programs: remembers the commands, and makes what they would make."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.commands: list[list[str]] = []
        self.code = 0

    def __call__(self, command: list[str], to_stderr: bool = False) -> int:
        assert to_stderr, "stdout belongs to the program"
        self.commands.append(command)
        if "venv" in command and not self.code:
            self.environment.python.parent.mkdir(parents=True, exist_ok=True)
            self.environment.python.touch()
        return self.code


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return Environment(tmp_path)


@pytest.fixture
def pip(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> FakePip:
    fake = FakePip(environment)
    monkeypatch.setattr(dev_environment, "run", fake)
    return fake


def pretend_versions(monkeypatch: pytest.MonkeyPatch, versions: dict[str, str]) -> None:
    monkeypatch.setattr(dev_environment, "version_of", lambda command: versions.get(" ".join(command), ""))
    monkeypatch.setattr(shutil, "which", lambda name: name if any(c.split()[0] == name for c in versions) else None)


def test_the_running_python_is_taken_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_versions(monkeypatch, {sys.executable: "3.11", "python3.13": "3.13"})
    assert find_interpreter() == [sys.executable]


@pytest.mark.parametrize("current", ["3.9", "3.10", "3.14", "32-bit", ""])
def test_another_python_is_taken_where_the_running_one_does_not_fit(
    monkeypatch: pytest.MonkeyPatch, current: str
) -> None:
    pretend_versions(monkeypatch, {sys.executable: current, "python3.11": "3.11", "python3.12": "3.12"})
    assert find_interpreter() == ["python3.12"]


def test_a_command_that_does_not_start_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_versions(monkeypatch, {sys.executable: "3.9", "python3.13": "", "python3.11": "3.11"})
    assert find_interpreter() == ["python3.11"]


def test_windows_launcher_is_asked_for_each_version(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_versions(monkeypatch, {sys.executable: "3.9", "py -3.12": "3.12"})
    monkeypatch.setattr(os, "name", "nt")
    assert find_interpreter() == ["py", "-3.12"]


def test_without_a_suitable_python_the_person_reads_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_versions(monkeypatch, {sys.executable: "3.9"})
    with pytest.raises(SetupError, match=r"this one is 3\.9. Install one"):
        find_interpreter()


def test_version_of_asks_the_interpreter_itself() -> None:
    assert dev_environment.version_of([sys.executable]) == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert dev_environment.version_of(["/no/such/python"]) == ""


def test_the_package_for_environments_is_named_only_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert venv_package([sys.executable]) == []
    monkeypatch.setattr(dev_environment, "ask", lambda command: None if "ensurepip" in command[-1] else "3.12\n")
    assert venv_package(["python3.12"]) == ["python3.12-venv"]


def test_nothing_is_installed_in_a_new_checkout(environment: Environment) -> None:
    assert not environment.installed("")


@pytest.mark.parametrize(
    ("installed", "asked", "enough"),
    [("", "", True), ("test", "test", True), ("test", "", True), ("", "test", False)],
)
def test_the_tests_need_more_than_the_program(
    environment: Environment, pip: FakePip, installed: str, asked: str, enough: bool
) -> None:
    environment.make(["python3.12"])
    environment.install(installed)
    assert environment.installed(asked) is enough


def test_commands_that_make_and_fill_the_environment(environment: Environment, pip: FakePip) -> None:
    environment.make(["py", "-3.12"])
    environment.install("test")
    assert pip.commands[0][:4] == ["py", "-3.12", "-m", "venv"]
    assert pip.commands[1][-2:] == ["--editable", f"{environment.repository}[test]"]


def test_a_changed_pyproject_is_installed_again(environment: Environment, pip: FakePip) -> None:
    environment.make(["python3.12"])
    environment.install("test")
    (environment.repository / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert not environment.installed("test")


def test_a_repository_that_was_moved_is_installed_again(environment: Environment, pip: FakePip, tmp_path: Path) -> None:
    environment.make(["python3.12"])
    environment.install("test")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in (".venv", "pyproject.toml"):
        (tmp_path / name).rename(moved / name)
    assert not Environment(moved).installed("test")


def test_a_failed_installation_is_done_again(environment: Environment, pip: FakePip) -> None:
    environment.make(["python3.12"])
    environment.install("")
    pip.code = 7
    with pytest.raises(SetupError) as failure:
        environment.install("test")
    assert failure.value.code == 7
    assert not environment.installed("")


def test_an_environment_without_its_python_is_not_installed(environment: Environment, pip: FakePip) -> None:
    environment.make(["python3.12"])
    environment.install("")
    environment.python.unlink()
    assert not environment.installed("")


def test_a_damaged_stamp_counts_as_none(environment: Environment, pip: FakePip) -> None:
    environment.make(["python3.12"])
    environment.install("")
    environment.stamp.write_bytes(b'{"pyproj')
    assert not environment.installed("")


@pytest.mark.skipif(os.name == "nt", reason="the layout of other systems")
def test_an_environment_that_cannot_be_made_ends_with_its_code(environment: Environment, pip: FakePip) -> None:
    pip.code = 3
    with pytest.raises(SetupError, match="could not be made") as failure:
        environment.make(["python3.12"])
    assert failure.value.code == 3
    assert environment.python == environment.repository / ".venv" / "bin" / "python"
