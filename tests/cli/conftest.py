"""The command line as a person runs it: in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout; anything else there is a failure."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def result(self) -> dict[str, Any]:
        """The last of them."""
        assert self.code == 0, self.err
        assert self.lines[-1]["event"] == "Result"
        return self.lines[-1]


def environment(**changes: str) -> dict[str, str]:
    """No screen, plain text, English, and no settings; with ``changes``."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LC_ALL", "LC_MESSAGES"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONWARNINGS": "error", "LANG": "C.UTF-8", "IMGMINE_HOME": NOWHERE, **changes}


NOWHERE = os.path.join(tempfile.gettempdir(), "imgmine-without-settings")
"""A home in which there is nothing: commands do not write there."""
Imgmine = Callable[..., Ran]


@pytest.fixture(scope="session")
def imgmine() -> Imgmine:
    """Run ``imgmine ARGUMENTS``; named arguments are variables of the environment."""

    def run(*arguments: object, **changes: str) -> Ran:
        command = [sys.executable, "-m", "imgmine_gui", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, check=False, env=environment(**changes))
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of 12 images of 40x30 px, recognised splits, one broken image, one other file."""
    root = tmp_path_factory.mktemp("images")
    random = np.random.default_rng(0)
    for split, count in (("train", 8), ("validation", 2), ("test", 2)):
        for label, level in (("dark", 40), ("light", 200)):
            (root / split / label).mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(random.normal(level, 15, (30, 40, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(root / split / label / f"{number}.png")
    (root / "train" / "dark" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")
    (root / "notes.txt").write_text("not an image")
    return root


@pytest.fixture(scope="session")
def run(imgmine: Imgmine, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small trained network."""
    out = tmp_path_factory.mktemp("runs") / "run"
    done = imgmine("train", folder, "--out", out, "--architecture", "attention", "--image-size", 32, "--epochs", 8,
                   "--batch-size", 4, "--learning-rate", 0.01, "--set", "widths=8,8", "--set", "dropout=0",
                   "--json")  # fmt: skip
    assert done.result["val_accuracy"] == 1.0
    return out
