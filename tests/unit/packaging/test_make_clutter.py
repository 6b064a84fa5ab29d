"""The clutter sample is balanced, repeatable, and its boxes and splits are what they say."""

import csv
import hashlib
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[3]
COUNTS = {"train": 40, "validation": 20, "test": 30}


def load_script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, REPOSITORY / "packaging" / f"{name}.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


load_script("sample_folder")
make_clutter = load_script("make_clutter")
needs_source = pytest.mark.skipif(
    not make_clutter.SOURCE.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed"
)


def make(out: Path, seed: int = 3) -> Path:
    counts = [part for split, count in COUNTS.items() for part in (f"--{split}", str(count))]
    assert make_clutter.main(["--out", str(out), "--seed", str(seed), *counts]) == 0
    return out


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("clutter") / "sample")


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "boxes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@needs_source
def test_the_same_seed_gives_the_same_files_and_another_seed_others(sample: Path, tmp_path: Path) -> None:
    first = digests(sample)
    assert digests(make(tmp_path / "again")) == first
    other = digests(make(tmp_path / "other", seed=4))
    assert other.keys() == first.keys()
    assert [name for name in first if name.endswith(".png") and first[name] == other[name]] == []


@needs_source
def test_every_split_has_its_images_with_the_classes_balanced(sample: Path) -> None:
    for split, count in COUNTS.items():
        found = Counter(path.parent.name for path in (sample / split).rglob("*.png"))
        assert found == dict.fromkeys(make_clutter.CLASSES, count // 10)


@needs_source
def test_the_table_names_each_image_once_and_agrees_with_its_folder(sample: Path) -> None:
    table = rows(sample)
    assert list(table[0]) == ["path", "class", "x", "y", "width", "height"]
    assert sorted(row["path"] for row in table) == sorted(name for name in digests(sample) if name.endswith(".png"))
    assert all(Path(row["path"]).parent.name == row["class"] for row in table)


@needs_source
def test_images_are_small_grey_and_the_licence_is_told(sample: Path) -> None:
    files = list(sample.rglob("*.png"))
    for path in files:
        with Image.open(path) as image:
            assert (image.mode, image.size, image.format) == ("L", (96, 96), "PNG")
    assert np.mean([path.stat().st_size for path in files]) * 4000 <= 14.9e6
    readme = (sample / "README.md").read_text(encoding="utf-8")
    assert "Fashion-MNIST" in readme and "Zalando" in readme and "WITHOUT WARRANTY OF ANY KIND" in readme


@needs_source
def test_the_box_is_tight_around_the_item(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without pieces and noise only the item is left, so that its box can be measured on the image.
    monkeypatch.setattr(make_clutter, "PIECES", 0)
    monkeypatch.setattr(make_clutter, "NOISE", 0.0)
    items = make_clutter.split_items(make_clutter.SOURCE)["test"]
    areas = []
    for sample in make_clutter.make_samples(items, "test", 300, seed=0):
        lit_rows, lit_columns = (np.flatnonzero(sample.pixels.any(axis=axis)) for axis in (1, 0))
        box = sample.box
        assert (lit_rows[0], lit_rows[-1]) == (box.y, box.y + box.height - 1)
        assert (lit_columns[0], lit_columns[-1]) == (box.x, box.x + box.width - 1)
        areas.append(box.width * box.height / sample.pixels.size)
    assert np.mean(areas) == pytest.approx(0.057, abs=0.002)


@needs_source
def test_the_whole_item_lies_over_the_pieces_and_gives_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    # Unscaled and without noise, every pixel of the item is there but for the rounding of grey levels.
    monkeypatch.setattr(make_clutter, "ITEM_SIDES", (28, 28))
    monkeypatch.setattr(make_clutter, "NOISE", 0.0)
    items = make_clutter.split_items(make_clutter.SOURCE)["validation"]
    for sample in make_clutter.make_samples(items, "validation", 50, seed=0):
        box, source = sample.box, items.images[sample.item]
        tight = make_clutter.tight_box(source)
        seen = sample.pixels[box.y : box.y + box.height, box.x : box.x + box.width].astype(int)
        whole = source[tight.y : tight.y + tight.height, tight.x : tight.x + tight.width].astype(int)
        cloth = whole >= make_clutter.INK
        assert np.abs(seen - whole)[cloth].max() <= make_clutter.STEP / 2
        assert sample.label == items.labels[sample.item]


@needs_source
def test_no_item_is_in_two_splits_or_twice_in_one() -> None:
    pools = make_clutter.split_items(make_clutter.SOURCE)
    training = make_clutter.read_items(make_clutter.SOURCE, "train").images
    test = make_clutter.read_items(make_clutter.SOURCE, "t10k").images
    assert np.array_equal(pools["test"].images, test)
    assert len(pools["train"].labels) + len(pools["validation"].labels) == len(training)
    # Some items of Fashion-MNIST are equal pixel for pixel, so count how often each is there, not whether.
    kept = Counter(image.tobytes() for split in ("train", "validation") for image in pools[split].images)
    assert kept == Counter(image.tobytes() for image in training)
    random = np.random.default_rng(0)
    for split, count in {"train": 15000, "validation": 1000, "test": 2000}.items():
        chosen = make_clutter.choose_items(pools[split].labels, count, random)
        assert len(set(chosen)) == count


@needs_source
def test_pieces_come_from_other_items_and_are_never_whole() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[0], images[1] = 100, 200
    random = np.random.default_rng(0)
    pieces = [make_clutter.cut_piece(images, 0, random) for _ in range(100)]
    assert {int(value) for piece in pieces for value in np.unique(piece)} == {200}
    sides = {side for piece in pieces for side in piece.shape}
    assert (min(sides), max(sides)) == make_clutter.PIECE_SIDES


@needs_source
def test_too_many_images_or_a_folder_that_exists_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_clutter.main(["--out", str(tmp_path)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert make_clutter.main(["--out", str(tmp_path / "new"), "--test", "10001"]) == 1
    assert "too many" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_source_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_clutter.main(["--out", str(tmp_path / "new"), "--source", str(tmp_path / "nowhere")]) == 1
    assert "dataset-fashion-mnist" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
