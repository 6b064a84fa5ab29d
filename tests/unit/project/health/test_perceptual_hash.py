"""The hash is the published one, hardly changes with an image, and tells different images apart."""

import io
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.project.health.measures import measure_pixels
from imgmine_gui.core.project.health.perceptual_hash import dct_hash, distance


def by_the_book(grey: np.ndarray) -> int:
    """The definition, term by term: DCT-II in both directions, the lowest 8 x 8, above the median or not."""
    low = [
        sum(
            float(grey[y, x])
            * math.cos(math.pi * down * (2 * y + 1) / 64)
            * math.cos(math.pi * across * (2 * x + 1) / 64)
            for y in range(32)
            for x in range(32)
        )
        for down in range(8)
        for across in range(8)
    ]
    middle = sorted(low)
    median = (middle[31] + middle[32]) / 2
    return int("".join(str(int(value > median)) for value in low), 2)


def scene(seed: int, side: int = 200) -> Image.Image:
    """Coloured discs at random places."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    pixels = np.full((side, side, 3), rng.integers(60, 200, 3), np.uint8)
    for _ in range(12):
        at, radius = rng.integers(0, side, 2), rng.integers(side // 12, side // 4)
        pixels[(x - at[0]) ** 2 + (y - at[1]) ** 2 < radius**2] = rng.integers(0, 256, 3)
    return Image.fromarray(pixels)


def hash_of(image: Image.Image) -> int:
    return measure_pixels(np.asarray(image.convert("RGB"))).perceptual_hash


def test_it_is_what_the_definition_says() -> None:
    for seed in range(3):
        grey = np.random.default_rng(seed).integers(0, 256, (32, 32), np.uint8)
        assert dct_hash(grey) == by_the_book(grey)


def test_it_is_what_the_package_imagehash_says(shared_data: Path) -> None:
    imagehash = pytest.importorskip("imagehash")
    for seed in range(20):
        grey = np.random.default_rng(seed).integers(0, 256, (32, 32), np.uint8)
        assert f"{dct_hash(grey):016x}" == str(imagehash.phash(Image.fromarray(grey)))
    differences = []
    for path in sorted((shared_data / "clothing" / "test").rglob("*.jpg"))[:60]:
        theirs = int(str(imagehash.phash(Image.fromarray(decode_rgb(path).pixels))), 16)
        differences.append(distance(hash_of(Image.open(path)), theirs))
    assert np.mean(differences) < 1  # we hash the small image, they the large one
    assert max(differences) <= 4


def test_copies_are_near_and_other_images_are_far() -> None:
    originals = [scene(seed) for seed in range(12)]
    for image in originals:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=40)
        copies = [
            Image.open(buffer),
            image.resize((90, 90), Image.Resampling.LANCZOS),
            ImageEnhance.Contrast(image).enhance(1.15),
        ]
        assert max(distance(hash_of(image), hash_of(copy)) for copy in copies) <= 4
    hashes = [hash_of(image) for image in originals]
    assert min(distance(one, other) for one in hashes for other in hashes if one != other) > 8


def test_flat_images_have_one_hash_whatever_their_grey() -> None:
    assert {dct_hash(np.full((32, 32), grey, np.uint8)) for grey in (1, 7, 100, 200, 255)} == {1 << 63}


def test_distances() -> None:
    assert (distance(0, 0), distance(0, 2**64 - 1), distance(0b1011, 0b0010)) == (0, 64, 2)
