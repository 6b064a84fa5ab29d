"""The checks of ``dev.py test``, one after the other, and the screen they run on; any Python from 3.9."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dev_process import run

SCREEN = "-screen 0 1440x900x24"
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


class Check(NamedTuple):
    """One program that says yes or no."""

    name: str
    command: list[str]
    env: Mapping[str, str] | None = None


class Outcome(NamedTuple):
    """How a check went."""

    name: str
    code: int
    seconds: float


def lint_checks(python: str) -> list[Check]:
    """What looks at the sources without running them."""
    return [
        Check("ruff check", [python, "-m", "ruff", "check", "."]),
        Check("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("mypy", [python, "-m", "mypy"]),
        Check("lint-imports", [python, "-c", LINT_IMPORTS, "--no-logo"]),
        Check("translations", [python, "packaging/translations.py", "check"]),
    ]


def test_checks(python: str, arguments: Sequence[str], environ: Mapping[str, str]) -> list[Check]:
    """The lint checks, and last pytest with ``arguments`` on a screen."""
    command, env = on_screen([python, "-m", "pytest", *arguments], environ)
    return [*lint_checks(python), Check("pytest", command, env)]


def on_screen(command: Sequence[str], environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """``command`` and its environment such that it can open windows; on Linux also where there is no screen."""
    if not sys.platform.startswith("linux") or environ.get("DISPLAY"):
        return list(command), dict(environ)
    starter = shutil.which("xvfb-run")
    if starter is None:
        return list(command), {**environ, "QT_QPA_PLATFORM": "offscreen"}
    return [starter, "-a", "-s", SCREEN, *command], {**environ, "QT_QPA_PLATFORM": "xcb"}


def run_checks(checks: Sequence[Check], start: Callable[..., int] = run) -> int:
    """Run all checks, whatever each says, and close with one line; give the first exit code that is not 0."""
    outcomes = []
    for check in checks:
        print(f"== {check.name}", flush=True)
        began = time.monotonic()
        code = start(check.command, env=check.env)
        outcomes.append(Outcome(check.name, code, time.monotonic() - began))
    print(summary(outcomes), flush=True)
    return next((outcome.code for outcome in outcomes if outcome.code), 0)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line that names the checks that failed."""
    seconds = sum(outcome.seconds for outcome in outcomes)
    failed = [outcome.name for outcome in outcomes if outcome.code]
    if failed:
        return f"{len(failed)} of {len(outcomes)} checks failed in {seconds:.0f} s: {', '.join(failed)}"
    return f"All {len(outcomes)} checks passed in {seconds:.0f} s"
