"""Two phases in one training: the fresh layers first, then the backbone with them, more slowly."""

from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.architectures.efficientnet_lite import PRETRAINED
from imgmine_gui.core.data import pixel_store
from imgmine_gui.core.data.preprocessing import load_sample
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, PhaseStarted, Progress, Warned
from imgmine_gui.core.features.cache import FOLDER, FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.bundle import load_bundle
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.storage.weights import unpack
from imgmine_gui.core.training.steps import Steps
from imgmine_gui.core.training.trainer import train
from tests.unit.training.conftest import MakeRun, Recorder


def transfer(make_run: MakeRun, name: str = "run", **options: object) -> Path:
    return make_run(name, architecture="transfer", width=32, height=32, batch_size=12, **options)


def weights_of(run: Path) -> dict[str, np.ndarray]:
    return {variable.path: variable.numpy() for variable in load_bundle(run / "model.imgmodel")[0].model.weights}


def pretrained() -> dict[str, np.ndarray]:
    content = (PRETRAINED / "efficientnet_lite0.safetensors").read_bytes()
    return {name: array.astype(np.float32) for name, array in unpack(content).items()}


def changed(run: Path) -> set[str]:
    """Layers of the backbone that are no longer as they came."""
    found = weights_of(run)
    return {name.split("/")[0] for name, came in pretrained().items() if not np.array_equal(found[name], came)}


def test_a_frozen_backbone_stays_as_it_came_and_the_head_learns(make_run: MakeRun) -> None:
    run, context = transfer(make_run, epochs=6, learning_rate=0.01), Recorder()
    train(str(run), None, context)
    assert changed(run) == set()
    losses = [event.metrics["val_loss"] for event in context.events if isinstance(event, EpochEnded)]
    assert losses[-1] < 0.85 * losses[0]


def test_the_last_blocks_join_in_after_the_head(make_run: MakeRun, made_steps: list[Steps]) -> None:
    """In the first epoch the backbone stands still; then the named layers move, and the others never."""
    moved: list[bool] = []

    def look(context: Recorder, event: Event) -> None:
        if isinstance(event, EpochEnded):
            top = made_steps[0].model.get_layer("top").kernel.numpy()
            moved.append(not np.array_equal(top, pretrained()["top/kernel"]))

    options = {"fine_tune": "last", "blocks": 1, "head_epochs": 1, "epochs": 3, "learning_rate": 0.01}
    run = transfer(make_run, **options)
    train(str(run), None, Recorder(look))
    assert moved == [False, True, True]
    model = made_steps[0].model
    still = [layer.name for layer in model.layers if layer.weights and layer.name.startswith(("stem", "block"))]
    for name in still:
        as_it_came = np.array_equal(model.get_layer(name).kernel.numpy(), pretrained()[f"{name}/kernel"])
        assert as_it_came != name.startswith("block_16"), name


def test_the_backbone_learns_at_its_part_of_the_rate(make_run: MakeRun, made_steps: list[Steps]) -> None:
    """The first step of Adam has the length of the learning rate, whatever the gradient."""
    options = {"fine_tune": "all", "head_epochs": 0, "backbone_rate": 0.05, "learning_rate": 0.01}
    run = transfer(make_run, epochs=1, schedule="constant", **options)
    steps: list[float] = []

    def look(context: Recorder, event: Event) -> None:
        if isinstance(event, BatchEnded) and not steps:
            kernel = made_steps[0].model.get_layer("top").kernel.numpy()
            steps.append(float(np.abs(kernel - pretrained()["top/kernel"]).max()))

    train(str(run), None, Recorder(look))
    assert steps[0] == pytest.approx(0.05 * 0.01, rel=0.01)


@pytest.mark.parametrize("stop_at", [2, 5])
def test_resumed_in_either_phase_it_is_bit_identical(make_run: MakeRun, stop_at: int) -> None:
    def stop(context: Recorder, event: Event) -> None:
        if sum(isinstance(seen, BatchEnded) for seen in context.events) == stop_at:
            context.wish = Wish.STOP

    options = {"fine_tune": "last", "blocks": 1, "head_epochs": 1, "epochs": 2}
    whole, halves = transfer(make_run, "whole", **options), transfer(make_run, "halves", **options)
    train(str(whole), None, Recorder())
    train(str(halves), None, Recorder(stop))
    train(str(halves), None, Recorder())
    first, second = weights_of(whole), weights_of(halves)
    for name, values in first.items():
        np.testing.assert_array_equal(second[name], values, err_msg=name)


def test_patience_begins_with_fine_tuning(make_run: MakeRun, made_steps: list[Steps]) -> None:
    """A head that no longer gets better is no reason to end before the backbone had its turn."""
    options = {"fine_tune": "last", "blocks": 1, "head_epochs": 3, "early_stopping": 1, "learning_rate": 1e-7}
    result = train(str(transfer(make_run, epochs=6, **options)), None, Recorder())
    assert result.epochs >= 4


def test_fine_tuning_that_would_never_begin_is_refused_with_words(make_run: MakeRun) -> None:
    with pytest.raises(UserError, match="fine-tuning"):
        train(str(transfer(make_run, epochs=2, fine_tune="all", head_epochs=2)), None, Recorder())


def test_the_second_training_reads_what_the_first_computed(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No image is decoded and no backbone runs any more, and the network is the same."""
    first, second = transfer(make_run, "first", copies=1), transfer(make_run, "second", copies=1)
    train(str(first), str(tmp_path / "cache"), Recorder())
    monkeypatch.setattr(FeatureRequest, "open_engine", None)
    monkeypatch.setattr(pixel_store, "load_sample", None)
    context = Recorder()
    train(str(second), str(tmp_path / "cache"), context)
    phases = [event.phase for event in context.events if isinstance(event, PhaseStarted)]
    assert "Reading features" in phases
    assert "Computing features" not in phases
    before, after = weights_of(first), weights_of(second)
    for name, values in before.items():
        np.testing.assert_array_equal(after[name], values, err_msg=name)
    assert not list((tmp_path / "cache").glob("pixels-*"))


def test_stopped_while_features_are_computed_nothing_is_left_and_what_was_computed_is_kept(
    make_run: MakeRun, tmp_path: Path
) -> None:
    def stop(context: Recorder, event: Event) -> None:
        if isinstance(event, Progress):
            context.wish = Wish.STOP

    run = transfer(make_run)
    with pytest.raises(Cancelled):
        train(str(run), str(tmp_path / "cache"), Recorder(stop))
    context = Recorder()
    train(str(run), str(tmp_path / "cache"), context)
    computed = [event for event in context.events if event == PhaseStarted("Computing features", 16)]
    assert computed  # 48 to train and validate, 32 of them in the first batch


def test_features_that_find_no_room_are_computed_in_each_epoch(make_run: MakeRun, tmp_path: Path) -> None:
    with FeatureCache(tmp_path / "cache" / FOLDER) as cache:
        cache.limit = 1000
    context = Recorder()
    result = train(str(transfer(make_run)), str(tmp_path / "cache"), context)
    assert result.epochs == 2
    assert any(isinstance(event, Warned) for event in context.events)


@pytest.mark.parametrize("architecture", ["transfer", "transfer_attention"])
def test_what_the_head_learned_is_what_the_whole_network_does(make_run: MakeRun, architecture: str) -> None:
    """The accuracy on validation images, from their pixels, is the one that the training told."""
    size = {"width": 64, "height": 64, "batch_size": 12, "precision": "float32"}
    run = make_run("run", architecture=architecture, epochs=6, learning_rate=0.01, **size)
    result = train(str(run), None, Recorder())
    network, items = load_bundle(run / "model.imgmodel")[0], RunFolder.open(run).items()
    chosen = [item for item in items.items if item.split is Split.VALIDATION]
    pixels = np.stack([load_sample(item.path, network.description.preprocessing)[0] for item in chosen])
    probabilities = network.model(pixels.astype(np.float32), training=False)["probabilities"].numpy()
    right = [items.classes[row.argmax()] == item.label for row, item in zip(probabilities, chosen, strict=True)]
    assert np.mean(right) == pytest.approx(result.metrics["val_accuracy"], abs=1 / len(chosen))
