"""Runs ``imgmine self-test`` beside the window, and follows what it tells."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from imgmine_gui.core.text import tr
from imgmine_gui.engine.mark import WORKER


@dataclass(frozen=True)
class Checked:
    """One check of the self-test; ``fault`` is empty where all went well."""

    name: str
    seconds: float
    fault: str
    details: str


def self_test_command() -> list[str]:
    """The program and its arguments: of the installed program, or of this Python."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-P", "-m", "imgmine_gui", "self-test", "--json"]
    program = Path(sys.executable)
    if sys.platform == "win32":
        program = program.with_name("imgmine.exe")  # the program of the window has no standard output there
    return [str(program), "self-test", "--json"]


class InstallationCheck(QObject):
    """One run of the self-test, in a process of its own that opens no window in front of the person's."""

    checked = Signal(object)
    """A ``Checked``, as soon as it is known."""
    finished = Signal(bool)
    """Whether all is well; false too where the test broke off or did not start. Not emitted after ``stop``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: list[Checked] = []
        self.about = ""
        """The versions and the machine, in lines."""
        self._is_sound = self._is_stopped = False
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_end)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def is_running(self) -> bool:
        """Whether the self-test is under way."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Begin, from the first check on."""
        if self.is_running:
            return
        self.results, self.about, self._is_sound, self._is_stopped = [], "", False, False
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("QT_QPA_PLATFORM", "offscreen")
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.remove(WORKER)
        self._process.setProcessEnvironment(environment)
        program, *arguments = self_test_command()
        self._process.start(program, arguments)

    def stop(self) -> None:
        """End it now; its engine ends with it."""
        if self.is_running:
            self._is_stopped = True
            self._process.kill()
            self._process.waitForFinished()

    @property
    def report(self) -> str:
        """All that is known so far, as a text to send to somebody who can help."""
        lines = [self.about, ""]
        for one in self.results:
            lines.append(f"{'FAULT' if one.fault else 'good '} {one.seconds:6.1f} s  {one.name}")
            lines += [f"    {line}" for line in one.details.splitlines()]
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        return "\n".join([*lines, said]).strip() + "\n"

    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace")
            try:
                told: dict[str, Any] = json.loads(line)
            except ValueError:
                continue  # a library has spoken
            if told.get("event") == "About":
                self.about = told["text"]
            elif told.get("event") == "Check":
                self._add(Checked(told["name"], told["seconds"], told["fault"], told["details"]))
            elif told.get("event") == "Result":
                self._is_sound = told["faults"] == 0

    def _add(self, one: Checked) -> None:
        self.results.append(one)
        self.checked.emit(one)

    def _on_end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        if self._is_stopped:
            return
        if status is QProcess.ExitStatus.CrashExit or not (self._is_sound or any(one.fault for one in self.results)):
            ended = tr("The test ended before its end ({code}).", code=code)
            self._add(Checked(tr("Self-test"), 0.0, ended, ended))
        self.finished.emit(self._is_sound and code == 0)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            failed = f"{self._process.program()}: {self._process.errorString()}"
            self._add(Checked(tr("Self-test"), 0.0, failed, failed))
            self.finished.emit(False)
