"""Training to read: learning, going on, lines that cannot be learned from, and what is kept of it."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.data.lines import LineStore
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, ImageSkipped
from imgmine_gui.core.inference.recogniser import log_probabilities, recognise, recognise_pixels
from imgmine_gui.core.inference.text_decoder import TextDecoder
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.bundle import load_bundle, read_manifest, save_bundle
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.tasks.text_recognition import TextRecognition
from imgmine_gui.core.training.config import configure
from imgmine_gui.core.training.preparation import usable
from imgmine_gui.core.training.trainer import train
from tests.unit.lines import line_network, noise, write_line, written_lines
from tests.unit.training.conftest import Recorder
from tests.unit.training.test_trainer import assert_same_state

SMALL = {
    "height": 24, "widths": "8,12", "units": 24, "poolings": 2, "width_poolings": 1, "batch_size": 8, "epochs": 2,
    "dropout": 0, "shift": 0, "precision": "float32", "learning_rate": 0.02,
}  # fmt: skip
RANDOM = {"dropout": 0.2, "shear": 5, "zoom": 0.1, "shift": 0.05, "blur": 0.5, "noise": 0.05, "contrast": 0.2,
          "average_weights": True, "epochs": 2}  # fmt: skip
MakeRun = Callable[..., Path]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> DataItems:
    """40 lines to train, 8 each to validate and to test."""
    return written_lines(tmp_path_factory.mktemp("lines"), 40, 8)


@pytest.fixture
def make_run(tmp_path: Path, lines: DataItems) -> MakeRun:
    """A new run of a small network; options by name."""

    def make(name: str = "run", items: DataItems = lines, **options: object) -> Path:
        config = configure("text_recognition", "crnn", {**SMALL, **options}.items())
        RunFolder.create(tmp_path / name, name, config.model_dump(mode="json"), items)
        return tmp_path / name

    return make


@pytest.fixture(scope="module")
def learned(lines: DataItems, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Recorder]:
    """A run that has learned to read, and what it told."""
    config = configure("text_recognition", "crnn", {**SMALL, "epochs": 30, "early_stopping": 0}.items())
    run = tmp_path_factory.mktemp("learned") / "run"
    RunFolder.create(run, "run", config.model_dump(mode="json"), lines)
    context = Recorder()
    train(str(run), None, context)
    return run, context


def test_learns_to_read(learned: tuple[Path, Recorder], lines: DataItems) -> None:
    run, context = learned
    epochs = [event for event in context.of(EpochEnded) if isinstance(event, EpochEnded)]
    assert epochs[-1].metrics["loss"] < 0.2 * epochs[0].metrics["loss"]
    best = RunFolder.open(run).info().metrics
    assert best["val_cer"] <= 0.05
    assert best["val_cer"] == min(event.metrics["val_cer"] for event in epochs)
    assert {"edits", "characters"}.isdisjoint(best)
    assert RunFolder.open(run).state is RunState.FINISHED
    assert read_manifest(run / "model.imgmodel").network.classes == ("1", "2", "7")
    test = lines.of(Split.TEST)
    read = recognise(str(run), [item.path for item in test], PlainContext())
    right = [text == item.text for text, item in zip(read.texts, test, strict=True)]
    assert np.mean(right) >= 0.7
    for line in read.lines:
        assert line is not None
        assert 0 <= line.confidence <= 1
        assert [span.character for span in line.spans] == list(line.text)


def test_validation_says_what_the_model_says_of_the_images(learned: tuple[Path, Recorder], lines: DataItems) -> None:
    """The error rate of the best epoch is that of the saved model, read in other batches."""
    run, _ = learned
    chosen = lines.of(Split.VALIDATION)
    read = recognise(str(run), [item.path for item in chosen], PlainContext())
    exact = np.mean([text == item.text for text, item in zip(read.texts, chosen, strict=True)])
    assert RunFolder.open(run).info().metrics["val_exact"] == pytest.approx(exact)


def test_spans_lie_on_their_characters(learned: tuple[Path, Recorder], tmp_path: Path) -> None:
    path = write_line(tmp_path / "line.png", "1271")
    table = recognise(str(learned[0]), [path], PlainContext())
    line = table.lines[0]
    assert line is not None
    with Image.open(path) as picture:
        width = picture.width
    assert table.strides.tolist() == pytest.approx([2 / width])
    middles = [(span.start + span.stop) / 2 * float(table.strides[0]) for span in line.spans]
    assert middles == sorted(middles)
    if line.text == "1271":
        expected = (4 + (width - 8) * (np.arange(4) + 0.5) / 4) / width
        np.testing.assert_allclose(middles, expected, atol=0.12)


def test_written_table(learned: tuple[Path, Recorder], lines: DataItems, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    wide = write_line(tmp_path / "wide.png", "12" * 150)
    paths = [str(broken), lines.items[0].path, wide, lines.items[1].path]
    table = recognise(str(learned[0]), paths, PlainContext())
    assert table.readable.tolist() == [False, True, False, True]
    assert set(table.reasons) == {paths[0], wide}
    rows = list(csv.DictReader(table.to_csv(["a", "b", "c", "d"]).splitlines()))
    assert list(rows[0]) == ["path", "text", "confidence"]
    assert [row["path"] for row in rows] == ["a", "b", "c", "d"]
    assert [row["text"] for row in rows] == list(table.texts)
    assert [bool(row["confidence"]) for row in rows] == [False, True, False, True]
    assert recognise(str(learned[0]), [], PlainContext()).paths == ()


def test_order_and_neighbours_do_not_change_what_is_read() -> None:
    network = line_network(cell="gru", batch_normalisation=True)
    decoded = [noise(width) for width in (200, 33, 16, 150, 47, 90)]
    found = log_probabilities(network, [*decoded, "cannot be read"])
    assert found[-1] is None
    for one, pixels in zip(found, decoded, strict=False):
        assert one is not None
        np.testing.assert_allclose(np.exp(one).sum(1), 1, atol=1e-5)
        alone = log_probabilities(network, [pixels])[0]
        assert alone is not None
        assert one.shape == (-(-pixels.shape[1] // 4), 11)
        np.testing.assert_allclose(one, alone, atol=1e-4)


def test_bundle_loaded_again_says_the_same(tmp_path: Path) -> None:
    network = line_network(cell="gru", batch_normalisation=True, recurrent_layers=2)
    save_bundle(tmp_path / "m.imgmodel", network, {"epochs": 3})
    loaded, _ = load_bundle(tmp_path / "m.imgmodel")
    assert loaded.description == network.description
    decoded = [noise(width) for width in (33, 120)]
    decoder = TextDecoder(network.description.classes)
    first, second = (recognise_pixels(one, decoder, ["a", "b"], decoded) for one in (network, loaded))
    assert first.lines == second.lines
    assert first.to_csv() == second.to_csv()


def test_resumed_run_is_bit_identical(make_run: MakeRun) -> None:
    whole, stopped = make_run("whole", **RANDOM), make_run("stopped", **RANDOM)
    train(str(whole), None, Recorder())

    def stop(context: Recorder, event: Event) -> None:
        if len(context.of(BatchEnded)) == 7:
            context.wish = Wish.STOP

    assert train(str(stopped), None, Recorder(stop)).state is RunState.STOPPED
    context = Recorder()
    assert train(str(stopped), None, context).state is RunState.FINISHED
    assert len(context.of(BatchEnded)) == 10 - 7  # it did go on, not begin again
    assert_same_state(whole, stopped)


def with_items(lines: DataItems, *items: DataItem) -> DataItems:
    return DataItems.of_items([*lines.items, *items])


def odd_line(folder: Path, text: str, split: Split, size: tuple[int, int] = (40, 24)) -> DataItem:
    """A white image that is said to have ``text`` on it."""
    path = folder / f"{split}-{len(text)}-{size[0]}.png"
    Image.new("L", size, 255).save(path)
    return DataItem(str(path), None, split, path.name, text)


def test_lines_that_cannot_be_learned_from_are_told_and_the_rest_trains(
    make_run: MakeRun, lines: DataItems, tmp_path: Path
) -> None:
    fits = odd_line(tmp_path, "12" * 10, Split.TRAIN)  # 20 characters in 20 columns of an all-white image
    repeats = odd_line(tmp_path, "1" * 11, Split.TRAIN)  # 11 characters and 10 blanks in 20 columns
    long = odd_line(tmp_path, "12" * 11, Split.VALIDATION)
    low, wide = odd_line(tmp_path, "1", Split.TRAIN, (20, 5)), odd_line(tmp_path, "2", Split.TRAIN, (20_000, 24))
    broken = odd_line(tmp_path, "7", Split.TRAIN, (33, 24))
    Path(broken.path).write_bytes(b"no image")
    run = make_run(items=with_items(lines, fits, repeats, long, low, wide, broken), epochs=2)
    context = Recorder()
    result = train(str(run), None, context)
    assert result.state is RunState.FINISHED
    assert np.isfinite([result.metrics["loss"], result.metrics["val_loss"]]).all()
    told = {event.path: event.reason for event in context.of(ImageSkipped) if isinstance(event, ImageSkipped)}
    assert set(told) == {repeats.path, long.path, wide.path, broken.path}
    assert len(context.of(ImageSkipped)) == 4  # each once
    assert "21" in told[repeats.path] and "20" in told[repeats.path]
    assert Path(repeats.path).name in told[repeats.path]


def test_only_a_validation_text_that_is_too_long_does_not_end_the_training(tmp_path: Path) -> None:
    description = line_network(width_poolings=1).description
    items = DataItems.of_items([odd_line(tmp_path, "1" * 21, split) for split in (Split.TRAIN, Split.VALIDATION)])
    context = Recorder()
    with LineStore(items.items, description.preprocessing, None) as store:
        assert store.widths.tolist() == [27, 27]  # 14 columns
        assert len(usable(items, Split.VALIDATION, TextRecognition(), store, description, context)) == 0
        assert [event.path for event in context.of(ImageSkipped)] == [items.items[1].path]
        with pytest.raises(UserError, match="too long"):
            usable(items, Split.TRAIN, TextRecognition(), store, description, context)


def test_all_texts_too_long_is_refused_with_words(make_run: MakeRun, tmp_path: Path) -> None:
    items = DataItems.of_items([odd_line(tmp_path, "1" * 11, Split.TRAIN), odd_line(tmp_path, "1" * 12, Split.TRAIN)])
    run = make_run(items=items)
    with pytest.raises(UserError, match="too long"):
        train(str(run), None, Recorder())
    assert RunFolder.open(run).state is RunState.FAILED


def test_all_lines_unreadable_is_refused_with_words(make_run: MakeRun, tmp_path: Path) -> None:
    item = odd_line(tmp_path, "1", Split.TRAIN)
    Path(item.path).write_bytes(b"no image")
    with pytest.raises(UserError, match="could be read"):
        train(str(make_run(items=DataItems.of_items([item]))), None, Recorder())


@pytest.mark.parametrize("text", [None, ""])
def test_no_transcription_is_refused_with_words(make_run: MakeRun, lines: DataItems, text: str | None) -> None:
    items = [DataItem(item.path, "label", item.split, item.key, text) for item in lines.items]
    with pytest.raises(UserError, match="transcription"):
        train(str(make_run(items=DataItems.of_items(items))), None, Recorder())


def test_all_white_lines_train_on(make_run: MakeRun, tmp_path: Path) -> None:
    """Nothing can be read in them, but nothing breaks either: no variance to divide by."""
    texts = ["1", "22", "111", "2", "11", "222", "1", "22"]
    items = [odd_line(tmp_path, text, Split.TRAIN, (40 + place, 24)) for place, text in enumerate(texts)]
    result = train(str(make_run(items=DataItems.of_items(items), epochs=2)), None, Recorder())
    assert np.isfinite(result.metrics["loss"])
    network, _ = load_bundle(tmp_path / "run" / "model.imgmodel")
    assert all(np.isfinite(variable.numpy()).all() for variable in network.model.weights)


@pytest.mark.parametrize("normalisation", ["dataset", "image"])
def test_normalisation_that_looks_beyond_a_line_is_not_taken(make_run: MakeRun, normalisation: str) -> None:
    """What is beside a line must not change what is read in it: not in a training, nor by a model from elsewhere."""
    with pytest.raises(UserError, match="normalisation"):
        make_run(normalisation=normalisation)
    with pytest.raises(UserError, match="normalisation"):
        line_network(normalisation=normalisation)


def test_architecture_that_reads_no_lines_is_refused_with_words(lines: DataItems, tmp_path: Path) -> None:
    config = configure("text_recognition", "cnn", [("epochs", 1)])
    RunFolder.create(tmp_path / "cnn", "cnn", config.model_dump(mode="json"), lines)
    with pytest.raises(UserError, match="cnn"):
        train(str(tmp_path / "cnn"), None, Recorder())
