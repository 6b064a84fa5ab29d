"""Small images that a small network tells apart."""

from pathlib import Path

import numpy as np
from PIL import Image


def write_images(folder: Path, count: int = 12, size: int = 32, classes: tuple[str, ...] = ("dark", "light")) -> Path:
    """``count`` noisy images of each class, each brighter than those of the class before."""
    generator = np.random.default_rng(1)
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            level = 60 + 120 * number
            pixels = generator.integers(level - 40, level + 40, (size, size, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{index:03d}.png")
    return folder
