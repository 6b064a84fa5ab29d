"""Starts the program as a person does: in a process of its own, with a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
Drive = Callable[..., list[object]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of the program: what the test has, and a home of its own."""
    return {**os.environ, "IMGMINE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(REPOSITORY), "LANG": "C.UTF-8"}


@pytest.fixture
def imgmine(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run ``imgmine`` with arguments, to its end."""

    def run(*arguments: object, without: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in environment.items() if name not in without}
        command = [sys.executable, "-m", "imgmine_gui", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=kept, cwd=tmp_path, timeout=120, check=False)

    return run


@pytest.fixture
def drive(environment: dict[str, str], tmp_path: Path) -> Drive:
    """Open the window with arguments, take steps in it, close it; returns what the steps told."""

    def run(steps: str, *arguments: object) -> list[object]:
        command = [sys.executable, str(Path(__file__).with_name("driver.py")), steps, *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve images of two classes."""
    from PIL import Image

    root = tmp_path / "leaves"
    for number, name in enumerate(("birch", "oak")):
        (root / name).mkdir(parents=True)
        for shade in range(6):
            Image.new("RGB", (40, 30), (40 * number, 20 * shade, 90)).save(root / name / f"{shade}.png")
    return root
