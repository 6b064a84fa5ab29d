"""The preview shows the pixels that the network gets, and the changes that the training makes."""

from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.core.data.augmentation import Augmentation, augment
from imgmine_gui.core.data.augmentation_preview import LARGEST, preview_augmentation
from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.jobs import PlainContext

SMALL = Preprocessing(width=32, height=24)
TURNED = Augmentation(shift=0, rotation=30)


def picture(path: Path, seed: int = 0) -> str:
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return str(path)


def test_original_first_then_what_the_training_would_make(tmp_path: Path) -> None:
    paths = [picture(tmp_path / f"{number}.png", number) for number in range(2)]
    rows = preview_augmentation(paths, SMALL, TURNED, 3, 7, PlainContext())
    assert (rows.shape, rows.dtype) == ((2, 4, 24, 32, 3), np.uint8)
    for number, path in enumerate(paths):
        original = load_sample(path, SMALL)[0]
        np.testing.assert_array_equal(rows[number, 0], original)
        batch = np.repeat(original[None].astype(np.float32), 3, 0)
        expected = np.asarray(augment(batch, TURNED, np.array([7, number], np.int32)))
        np.testing.assert_array_equal(rows[number, 1:], expected.round().astype(np.uint8))
        assert (rows[number, 1] != rows[number, 2]).any()


def test_large_inputs_are_shown_small_and_in_proportion(tmp_path: Path) -> None:
    large = Preprocessing(width=640, height=320)
    rows = preview_augmentation([picture(tmp_path / "a.png")], large, TURNED, 1, 0, PlainContext())
    assert rows.shape == (1, 2, LARGEST // 2, LARGEST, 3)


def test_unreadable_images_are_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    paths = [str(broken), picture(tmp_path / "a.png")]
    assert len(preview_augmentation(paths, SMALL, TURNED, 1, 0, PlainContext())) == 1
    assert preview_augmentation(paths[:1], SMALL, TURNED, 1, 0, PlainContext()).shape == (0, 2, 24, 32, 3)
