"""The folder of a run."""

import json
from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder, RunState, find_model

ITEMS = DataItems(
    (
        DataItem("/a/雪\udcff.png", "雪", Split.TRAIN, "k1"),
        DataItem("/a/b.png", None, None, "k2"),
        DataItem("/a/line.png", None, Split.TEST, "k3", "été"),
    ),
    ("雪",),
)  # fmt: skip
CONFIG = {"task": "classification", "architecture": "cnn", "training": {"epochs": 3}}


def test_comes_back_as_it_was(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", "My run", CONFIG, ITEMS)
    run.update(state=RunState.RUNNING, epochs_done=2, metrics={"val_accuracy": 0.5})
    run.rename("雪")
    run.write_history([{"epoch": 0, "loss": 1.5}])
    found = RunFolder.open(tmp_path / "run")
    info = found.info()
    assert (info.name, info.state, info.epochs_done, info.epochs) == ("雪", RunState.RUNNING, 2, 3)
    assert info.metrics == {"val_accuracy": 0.5}
    assert found.items() == ITEMS
    assert found.history() == [{"epoch": 0, "loss": 1.5}]


def test_steps_grow_and_are_cut(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", "r", CONFIG, ITEMS)
    assert run.steps().shape == (0, 3)
    run.append_steps([(0, 2.0, 0.1), (1, 1.5, 0.2)])
    run.append_steps([(2, 1.0, 0.3)])
    np.testing.assert_array_equal(run.steps()[:, 0], [0, 1, 2])
    with open(run.path / "steps.f32", "ab") as file:
        file.write(b"torn")  # as a killed process leaves it
    assert len(run.steps()) == 3
    run.drop_steps_from(2)
    np.testing.assert_array_equal(run.steps()[:, 0], [0, 1])


def test_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("thesis")
    with pytest.raises(UserError, match="not empty"):
        RunFolder.create(tmp_path, "r", CONFIG, ITEMS)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": "x"}'])
def test_damaged_run_is_a_user_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        RunFolder.open(tmp_path)


def test_newer_run_says_to_update(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"version": 99}))
    with pytest.raises(UserError, match="newer"):
        RunFolder.open(tmp_path)


def test_run_without_a_model_says_so(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "run", "r", CONFIG, ITEMS)
    with pytest.raises(UserError, match="no model yet"):
        find_model(tmp_path / "run")
