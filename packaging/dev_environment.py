"""The interpreter and the virtual environment ``.venv`` that the repository is used with; any Python from 3.9."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from dev_process import REPOSITORY, SetupError, ask, run, say

VERSIONS = ("3.13", "3.12", "3.11")  # the newest first; as in pyproject.toml's requires-python
PROBE = "import sys; print('%d.%d' % sys.version_info[:2] if sys.maxsize > 2**32 else '32-bit')"
NO_INTERPRETER = (
    "ImgMine needs a 64-bit Python 3.11, 3.12 or 3.13, and found none; this one is {current}. Install one, for example "
    "Python 3.13 from https://www.python.org/downloads/ or, where your system offers it, the packages python3.13 and "
    "python3.13-venv. Then run this command again."
)


def interpreters() -> Iterator[list[str]]:
    """Commands that may start a suitable Python, the one that runs this script first."""
    yield [sys.executable]
    for version in VERSIONS:
        found = shutil.which(f"python{version}")
        if found:
            yield [found]
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher:
        for version in VERSIONS:
            yield [launcher, f"-{version}"]


def version_of(command: list[str]) -> str:
    """What the Python that ``command`` starts is: "3.12"; "32-bit"; or "" where it does not start."""
    return (ask([*command, "-c", PROBE]) or "").strip()


def find_interpreter() -> list[str]:
    """The command of the first suitable Python.

    Raises:
        SetupError: there is none.
    """
    for command in interpreters():
        if version_of(command) in VERSIONS:
            return command
    raise SetupError(NO_INTERPRETER.format(current=version_of([sys.executable]) or "of an unknown version"))


def venv_package(interpreter: list[str]) -> list[str]:
    """The Debian package that lets ``interpreter`` make virtual environments, where it cannot yet."""
    if ask([*interpreter, "-c", "import ensurepip, venv"]) is not None:
        return []
    return [f"python{version_of(interpreter)}-venv"]


class Environment:
    """The virtual environment, and a stamp in it that says what was installed.

    Args:
        repository: the folder with pyproject.toml.
        folder: of the environment; ``.venv`` in the repository by default.
        requirements: a file of pip with what is to be installed besides.
    """

    def __init__(
        self, repository: Path = REPOSITORY, folder: Path | None = None, requirements: Path | None = None
    ) -> None:
        self.repository = repository
        self.folder = folder or repository / ".venv"
        self.requirements = requirements
        self.stamp = self.folder / "imgmine-installed.json"
        parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        self.python = self.folder.joinpath(*parts)

    def usable(self) -> bool:
        """Whether the environment has a suitable Python with pip."""
        return (
            version_of([str(self.python)]) in VERSIONS and ask([str(self.python), "-m", "pip", "--version"]) is not None
        )

    def installed(self, extra: str) -> bool:
        """Whether pyproject.toml as it is now is installed, with ``extra`` ("test") or without one ("")."""
        try:
            found = json.loads(self.stamp.read_text("utf-8"))
        except (OSError, ValueError):
            return False
        # Everything that runs the program is installed for the tests too.
        return self.python.exists() and found in (self._wanted(extra), self._wanted("test"))

    def make(self, interpreter: list[str]) -> None:
        """Make the environment, in the place of one that cannot be used.

        Raises:
            SetupError: it cannot be made.
        """
        say(f"Making the virtual environment {self.folder}")
        code = run([*interpreter, "-m", "venv", "--clear", str(self.folder)], to_stderr=True)
        if code:
            raise SetupError(f"The virtual environment {self.folder} could not be made; the reason stands above.", code)

    def install(self, extra: str) -> None:
        """Install the program, editable, with what it needs.

        Raises:
            SetupError: pip failed.
        """
        # Without the stamp, an installation that is interrupted is done again the next time.
        self.stamp.unlink(missing_ok=True)
        what = f"{self.repository}[{extra}]" if extra else str(self.repository)
        say(f"Installing what ImgMine needs into {self.folder.name}; the first time this takes some minutes")
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--editable", what]
        command += ["--requirement", str(self.requirements)] if self.requirements else []
        code = run(command, to_stderr=True)
        if code:
            raise SetupError("pip could not install everything; the reason stands above. Then run this again.", code)
        unfinished = self.stamp.with_suffix(".tmp")
        unfinished.write_text(json.dumps(self._wanted(extra)), "utf-8")
        os.replace(unfinished, self.stamp)

    def _wanted(self, extra: str) -> dict[str, str]:
        content = (self.repository / "pyproject.toml").read_bytes()
        if self.requirements:
            content += self.requirements.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return {"pyproject": digest, "extra": extra, "repository": str(self.repository)}
