"""The system libraries: what is missing is found, said, installed with root's rights only, and never stops the rest."""

import os
import shutil
import sys

import dev_system
import pytest
from dev_system import apt_commands, install_missing, is_debian, missing_packages

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n'
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = 'ID=fedora\nID_LIKE="rhel"\n'


@pytest.mark.parametrize(("text", "answer"), [(DEBIAN, True), (MINT, True), (FEDORA, False), ("", False)])
def test_debian_and_what_is_made_from_it(text: str, answer: bool) -> None:
    assert is_debian(text) is answer


def test_missing_packages_are_those_that_dpkg_does_not_call_installed() -> None:
    output = "libegl1 installed\nxvfb not-installed\nopenbox config-files\nlibgl1 installed\nlibgl1 installed\n"
    assert missing_packages(["libegl1", "xvfb", "openbox", "libgl1", "xauth"], output) == ["xvfb", "openbox", "xauth"]


def test_a_library_under_its_newer_name_is_there() -> None:
    assert missing_packages(["libglib2.0-0"], "libglib2.0-0t64 installed\n") == []
    assert missing_packages(["libglib2.0-0"], "libglib2.0-0t64 not-installed\n") == ["libglib2.0-0"]


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not on a Debian")
def test_dpkg_is_asked_and_understood() -> None:
    output = dev_system.query_packages(["dpkg", "no-such-package"])
    assert missing_packages(["dpkg", "no-such-package"], output) == ["no-such-package"]


class Machine:
    """A Debian that lacks xauth, and what is done on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.code = 0
        self.prefix: list[str] | None = []
        self.installed = "xvfb installed\n"
        monkeypatch.setattr(dev_system, "is_debian", lambda text: True)
        monkeypatch.setattr(shutil, "which", lambda name: name)
        monkeypatch.setattr(dev_system, "query_packages", lambda wanted: self.installed)
        monkeypatch.setattr(dev_system, "rights", lambda: self.prefix)
        monkeypatch.setattr(dev_system, "say", lambda text: self.done.append(f"say: {text}"))
        monkeypatch.setattr(dev_system, "run", self.run)

    def run(self, command: list[str], to_stderr: bool) -> int:
        assert to_stderr
        self.done.append("run: " + " ".join(command))
        return self.code


needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /etc/os-release")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@needs_linux
def test_what_is_missing_is_said_and_then_installed(machine: Machine) -> None:
    machine.prefix = ["sudo"]
    install_missing(["xvfb", "xauth"])
    said, update, install = machine.done
    assert said.startswith("say: Installing") and said.endswith(": xauth")
    assert update.startswith("run: sudo env") and update.endswith("update")
    assert install.startswith("run: sudo env") and install.endswith("--no-install-recommends xauth")


@needs_linux
def test_where_nothing_is_missing_nothing_is_said(machine: Machine) -> None:
    install_missing(["xvfb"])
    assert machine.done == []


@needs_linux
def test_without_rights_the_person_reads_the_command(machine: Machine) -> None:
    machine.prefix = None
    install_missing(["xvfb", "xauth"])
    assert len(machine.done) == 1
    assert machine.done[0].endswith("Run: sudo apt-get install --no-install-recommends xauth")


@needs_linux
def test_a_failing_apt_does_not_stop_the_rest(machine: Machine) -> None:
    machine.code = 100
    install_missing(["xauth"])
    assert machine.done[-1].startswith("say: apt-get could not install them")


def test_other_systems_are_left_alone(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev_system, "is_debian", lambda text: False)
    install_missing(["xauth"])
    assert machine.done == []


@pytest.mark.parametrize(
    ("root", "sudo", "free", "terminal", "prefix"),
    [
        (True, False, False, False, []),
        (False, False, True, True, None),
        (False, True, True, False, ["sudo"]),
        (False, True, False, True, ["sudo"]),
        (False, True, False, False, None),
    ],
)
def test_rights(
    monkeypatch: pytest.MonkeyPatch, root: bool, sudo: bool, free: bool, terminal: bool, prefix: list[str] | None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/sudo" if sudo else None)
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"isatty": lambda self: terminal})())
    assert dev_system.rights(call=lambda command, **kinds: 0 if free else 1) == prefix


def test_apt_asks_nothing() -> None:
    for command in apt_commands(["xauth"]):
        assert "DEBIAN_FRONTEND=noninteractive" in command
    assert "--yes" in apt_commands(["xauth"])[1]
