"""What can happen to a training from outside: a full disk, images that go bad, kills while it writes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgmine_gui.core.data import cache_file
from imgmine_gui.core.data.batches import epoch_order
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, ImageSkipped
from imgmine_gui.core.inference.predictor import predict
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.training import trainer
from imgmine_gui.core.training.preparation import indices_of
from imgmine_gui.core.training.trainer import train
from tests.small_drive import fill, mounted
from tests.unit.training.conftest import MakeRun, Recorder
from tests.unit.training.test_trainer import RANDOM, assert_same_state


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of two megabytes."""
    with mounted(tmp_path / "drive", "2m") as folder:
        yield folder


def kept(run: Path) -> dict[str, bytes]:
    """What must outlive a full disk."""
    found = [*run.glob("checkpoint-*"), *run.glob("model.imgmodel"), run / "items.json"]
    return {path.name: path.read_bytes() for path in found}


@pytest.mark.parametrize("moment", ["in an epoch", "after an epoch"])
def test_full_disk_leaves_the_state_before_it(
    make_run: MakeRun, drive: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "CHECKPOINT_SECONDS", 0.0)
    options = {**RANDOM, "dense": 8}
    whole, run = make_run("whole", **options), make_run("drive/run", **options)
    train(str(whole), None, Recorder())
    before: dict[str, bytes] = {}
    at = 7 if moment == "in an epoch" else 10

    def fill_drive(context: Recorder, event: Event) -> None:
        kind = BatchEnded if moment == "in an epoch" else EpochEnded
        if isinstance(event, kind) and len(context.of(BatchEnded)) == at:
            before.update(kept(run))
            fill(drive)

    with pytest.raises(UserError, match="disk is full") as caught:
        train(str(run), None, Recorder(fill_drive))
    assert caught.value.remedy
    assert kept(run) == before
    assert before
    assert not [path.name for path in run.iterdir() if path.name.endswith(".part")]
    (drive / "filler").unlink()
    context = Recorder()
    assert train(str(run), None, context).state is RunState.FINISHED
    assert len(context.of(BatchEnded)) < 15 - 5  # it did go on, not begin again
    assert_same_state(whole, run)


def test_full_disk_cuts_off_only_the_newest_steps(make_run: MakeRun, drive: Path) -> None:
    run = RunFolder.open(make_run("drive/run"))
    run.append_steps([(0.0, 1.0, 0.5), (1.0, 0.5, 0.75)])
    with pytest.raises(UserError, match=r"disk is full.*steps\.f32"):
        run.append_steps([(float(number), 1.0, 0.5) for number in range(2, 300_000)])
    assert run.steps()[:2].tolist() == [[0.0, 1.0, 0.5], [1.0, 0.5, 0.75]]


def test_full_disk_before_anything_was_learned_is_said_in_words(make_run: MakeRun, drive: Path) -> None:
    def fill_drive(context: Recorder, event: Event) -> None:
        if isinstance(event, EpochEnded):
            fill(drive)

    run = make_run("drive/run", dense=8)
    with pytest.raises(UserError, match="disk is full"):
        train(str(run), None, Recorder(fill_drive))
    (drive / "filler").unlink()
    assert train(str(run), None, Recorder()).state is RunState.FINISHED


def test_images_that_go_bad_in_an_epoch_are_skipped_and_counted(
    make_run: MakeRun, pictures: DataItems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_file, "CACHE_LIMIT", 0)  # every epoch decodes anew
    items = copied(pictures, tmp_path / "copies")
    order = indices_of(items, Split.TRAIN, TASKS["classification"]())[epoch_order(36, 0, 1)]
    gone, garbled = (items.items[number].path for number in order[-2:])  # the last that the second epoch reads
    held_out = items.items[indices_of(items, Split.VALIDATION, TASKS["classification"]())[-1]].path

    def spoil(context: Recorder, event: Event) -> None:
        if isinstance(event, BatchEnded) and (event.epoch, event.step) == (1, 0):
            os.unlink(gone)
            Path(garbled).write_bytes(Path(garbled).read_bytes()[:200])
            Path(held_out).write_bytes(b"no image any more")

    run = make_run(items=items, batch_size=2, epochs=3)
    context = Recorder(spoil)
    result = train(str(run), None, context)
    assert (result.state, result.epochs, result.skipped) == (RunState.FINISHED, 3, 3)
    skipped = context.of(ImageSkipped)
    assert sorted(event.path for event in skipped) == sorted([gone, garbled, held_out])  # each is told once
    assert all(event.reason for event in skipped)
    assert all(0 <= event.metrics["val_accuracy"] <= 1 for event in context.of(EpochEnded))
    assert sum(event.epoch == 1 for event in context.of(BatchEnded)) == 17  # the batch of the two was left out
    table = predict(str(run), [item.path for item in items.items], Recorder())
    assert set(table.reasons) == {gone, garbled, held_out}
    assert {event.path: event.reason for event in skipped} == table.reasons


def copied(items: DataItems, folder: Path) -> DataItems:
    """The same pictures in files that a test may spoil."""
    folder.mkdir()
    found = []
    for item in items.items:
        path = folder / Path(item.path).name
        path.write_bytes(Path(item.path).read_bytes())
        found.append(DataItem(str(path), item.label, item.split, item.key))
    return DataItems(tuple(found), items.classes)


# Imports TensorFlow once; each turn is a process of its own, which a timer of the kernel ends without a warning.
KILLED_WRITING = """
import os, random, signal, sys, time
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.training import checkpoint, trainer

trainer.CHECKPOINT_SECONDS = 0.0
write, load, replace = checkpoint.write_bytes, trainer.load_checkpoint, os.replace

def turn(number):
    chance, took, left = random.Random(number), [], [1 + number % 2]
    def write_under_fire(path, content):
        left[0] -= 1
        if left[0] < 0:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, took[-1] if took else 0.002))
        began = time.monotonic()
        write(path, content)
        took.append(time.monotonic() - began)
    def tell(folder, variables):
        position = load(folder, variables)
        print("found", position.done if position else 0, flush=True)
        return position
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    checkpoint.write_bytes, trainer.load_checkpoint = write_under_fire, tell
    trainer.train(sys.argv[1], None, PlainContext())

for number in range(10):
    child = os.fork()
    if not child:
        try:
            turn(number)
        finally:
            os._exit(1)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), *os.listdir(sys.argv[1]), flush=True)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills with a timer of the kernel")
def test_killed_while_it_writes_checkpoints(make_run: MakeRun) -> None:
    options = {"dropout": 0.3, "flip_horizontal": True, "epochs": 6, "widths": "4", "dense": 8}
    whole, run = make_run("whole", **options), make_run("run", **options)
    train(str(whole), None, Recorder())
    done = subprocess.run([sys.executable, "-c", KILLED_WRITING, str(run)], check=False, capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[1] for line in lines if line[0] == "ended"] == ["-14"] * 10, done.stdout + done.stderr
    found = [int(line[1]) for line in lines if line[0] == "found"]
    assert found == sorted(found)
    assert found[-1] >= 9
    context = Recorder()
    train(str(run), None, context)
    assert len(context.of(BatchEnded)) < 30  # it did go on, not begin again
    assert_same_state(whole, run)
    assert not [path.name for path in run.iterdir() if path.name.endswith(".part")]
