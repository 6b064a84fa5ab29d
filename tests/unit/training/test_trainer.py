"""A training as a whole: learning, stopping, going on, and everything that can go wrong on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, ImageSkipped, PhaseStarted, Warned
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.bundle import load_bundle, read_manifest
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.training import trainer
from imgmine_gui.core.training.preparation import image_weights
from imgmine_gui.core.training.trainer import train
from tests.unit.training.conftest import MakeRun, Recorder

RANDOM = {
    "dropout": 0.3, "flip_horizontal": True, "rotation": 10, "shift": 0.1, "brightness": 0.1, "epochs": 3,
    "average_weights": True, "batch_normalisation": True,
}  # fmt: skip


def newest_state(run: Path) -> dict[str, np.ndarray]:
    return load_file(max(run.glob("checkpoint-*.safetensors")))


def assert_same_state(one: Path, other: Path) -> None:
    first, second = newest_state(one), newest_state(other)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name].tobytes() != second[name].tobytes()] == []
    assert read_manifest(one / "model.imgmodel").sha256 == read_manifest(other / "model.imgmodel").sha256
    assert RunFolder.open(one).steps().tobytes() == RunFolder.open(other).steps().tobytes()


@pytest.mark.parametrize("architecture", ["cnn", "crnn", "attention"])
def test_learns_what_can_be_learned(make_run: MakeRun, architecture: str) -> None:
    run = make_run(architecture=architecture, epochs=12, learning_rate=0.005)
    context = Recorder()
    result = train(str(run), None, context)
    assert result.metrics["val_accuracy"] == 1.0
    assert result.state is RunState.FINISHED
    epochs = context.of(EpochEnded)
    assert [event.epoch for event in epochs] == list(range(12))
    assert epochs[-1].metrics["loss"] < epochs[0].metrics["loss"]
    assert len(context.of(BatchEnded)) == 12 * 5  # 36 images by 8
    folder = RunFolder.open(run)
    assert folder.state is RunState.FINISHED
    assert folder.steps().shape == (60, 3)
    assert folder.info().epochs_done == 12
    assert not (run / "cache").exists()


@pytest.mark.parametrize(
    ("architecture", "stop_at"), [("cnn", 3), ("cnn", 5), ("cnn", 7), ("crnn", 7), ("attention", 7)]
)
def test_resumed_run_is_bit_identical(make_run: MakeRun, architecture: str, stop_at: int) -> None:
    whole, stopped = (
        make_run("whole", architecture=architecture, **RANDOM),
        make_run("stopped", architecture=architecture, **RANDOM),
    )
    train(str(whole), None, Recorder())

    def stop(context: Recorder, event: Event) -> None:
        if len(context.of(BatchEnded)) == stop_at:
            context.wish = Wish.STOP

    assert train(str(stopped), None, Recorder(stop)).state is RunState.STOPPED
    context = Recorder()
    assert train(str(stopped), None, context).state is RunState.FINISHED
    assert len(context.of(BatchEnded)) == 15 - stop_at  # it did go on, not begin again
    assert_same_state(whole, stopped)


KILLED = """
import os, signal, sys
from imgmine_gui.core.events import BatchEnded
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.training import trainer
trainer.CHECKPOINT_SECONDS = 0.0
seen = []
def act(event):
    if isinstance(event, BatchEnded):
        seen.append(event)
        if len(seen) == 7:
            os.kill(os.getpid(), signal.SIGKILL)
trainer.train(sys.argv[1], None, PlainContext(act))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_killed_run_resumes_bit_identical(make_run: MakeRun) -> None:
    whole, killed = make_run("whole", **RANDOM), make_run("killed", **RANDOM)
    train(str(whole), None, Recorder())
    child = subprocess.run([sys.executable, "-c", KILLED, str(killed)], check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert RunFolder.open(killed).state is RunState.RUNNING
    context = Recorder()
    train(str(killed), None, context)
    assert len(context.of(BatchEnded)) < 15  # it did go on, not begin again
    assert_same_state(whole, killed)


def test_damaged_checkpoint_falls_back_to_the_one_before(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgmine_gui.core.training.trainer.CHECKPOINT_SECONDS", 0.0)
    whole, run = make_run("whole", **RANDOM), make_run("run", **RANDOM)
    train(str(whole), None, Recorder())

    def stop(context: Recorder, event: Event) -> None:
        if len(context.of(BatchEnded)) == 7:
            context.wish = Wish.STOP

    train(str(run), None, Recorder(stop))
    newest = max(run.glob("checkpoint-*.safetensors"))
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
    train(str(run), None, Recorder())
    assert_same_state(whole, run)


def test_stop_in_validation_keeps_and_resumes(make_run: MakeRun) -> None:
    whole, run = make_run("whole", **RANDOM), make_run("run", **RANDOM)
    train(str(whole), None, Recorder())

    def stop(context: Recorder, event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase == "Validating":
            context.wish = Wish.STOP

    result = train(str(run), None, Recorder(stop))
    assert (result.state, result.epochs) == (RunState.STOPPED, 0)
    assert load_bundle(run / "model.imgmodel")
    train(str(run), None, Recorder())
    assert_same_state(whole, run)


def test_cancel_raises_and_says_so(make_run: MakeRun) -> None:
    run = make_run()

    def cancel(context: Recorder, event: Event) -> None:
        if isinstance(event, BatchEnded):
            context.wish = Wish.CANCEL

    with pytest.raises(Cancelled):
        train(str(run), None, Recorder(cancel))
    assert RunFolder.open(run).state is RunState.STOPPED


def test_trained_further(make_run: MakeRun) -> None:
    run = make_run(epochs=2)
    train(str(run), None, Recorder())
    folder = RunFolder.open(run)
    config = {**folder.config, "training": {**folder.config["training"], "epochs": 4}}
    folder.update(config=config)
    context = Recorder()
    assert train(str(run), None, context).epochs == 4
    assert [event.epoch for event in context.of(EpochEnded)] == [2, 3]
    assert [entry["epoch"] for entry in RunFolder.open(run).history()] == [0, 1, 2, 3]


def spoil(steps: trainer.Steps) -> None:
    steps.model.get_layer("logits").bias.assign(np.full(3, np.nan, np.float32))


def test_loss_that_is_not_a_number_stops_and_keeps_the_best(make_run: MakeRun, made_steps: list[trainer.Steps]) -> None:
    run = make_run(epochs=30)

    def explode(context: Recorder, event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            spoil(made_steps[0])

    context = Recorder(explode)
    result = train(str(run), None, context)
    assert (result.state, result.epochs) == (RunState.STOPPED, 2)
    assert len(context.of(Warned)) == 1
    network, _ = load_bundle(run / "model.imgmodel")
    assert all(np.isfinite(variable.numpy()).all() for variable in network.model.weights)
    assert all(np.isfinite(array).all() for array in newest_state(run).values())


def test_loss_that_never_was_a_number_is_refused_with_words(make_run: MakeRun, made_steps: list[trainer.Steps]) -> None:
    run = make_run()

    def explode(context: Recorder, event: Event) -> None:
        if isinstance(event, BatchEnded):
            spoil(made_steps[0])

    with pytest.raises(UserError, match="lower learning rate"):
        train(str(run), None, Recorder(explode))
    assert RunFolder.open(run).state is RunState.FAILED


def test_image_that_went_bad_is_skipped_and_counted(make_run: MakeRun, pictures: DataItems, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no image any more")
    items = DataItems((*pictures.items, DataItem(str(bad), "dark", Split.TRAIN, "bad")), pictures.classes)
    context = Recorder()
    result = train(str(make_run(items=items)), None, context)
    assert result.skipped == 1
    assert [event.path for event in context.of(ImageSkipped)] == [str(bad)]


def test_no_readable_image_is_refused_with_words(make_run: MakeRun, tmp_path: Path) -> None:
    items = tuple(DataItem(str(tmp_path / f"{n}.png"), "ab"[n % 2], Split.TRAIN, str(n)) for n in range(4))
    with pytest.raises(UserError, match="None of the training images could be read"):
        train(str(make_run(items=DataItems(items, ("a", "b")))), None, Recorder())


def test_nothing_to_train_on_is_refused_with_words(make_run: MakeRun) -> None:
    with pytest.raises(UserError, match="no labelled image"):
        train(str(make_run(items=DataItems((), ()))), None, Recorder())


def test_early_stopping(make_run: MakeRun, made_steps: list[trainer.Steps]) -> None:
    def worsen(context: Recorder, event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            made_steps[0].validate = lambda pixels, targets, epoch: {"loss": 9e9, "accuracy": 0.0}

    result = train(str(make_run(epochs=50, early_stopping=2, learning_rate=0.005)), None, Recorder(worsen))
    assert result.best_epoch <= 1
    assert result.epochs == result.best_epoch + 3
    assert result.state is RunState.FINISHED


def test_time_budget_ends_the_training(make_run: MakeRun) -> None:
    result = train(str(make_run(epochs=10_000, time_budget=2)), None, Recorder())
    assert result.state is RunState.FINISHED
    assert result.epochs < 10_000
    assert 1 < result.seconds < 4
    assert result.metrics["val_accuracy"] > 0


def test_balanced_classes_weigh_the_same(pictures: DataItems) -> None:
    targets = np.array([0, 0, 0, 1, 2, 2], np.int32)
    weights = image_weights(targets, np.arange(6), 3, balance=True)
    sums = [weights[targets == number].sum() for number in range(3)]
    np.testing.assert_allclose(sums, 2.0)
    assert image_weights(targets, np.arange(6), 3, balance=False).tolist() == [1.0] * 6
