"""A small model, trained once for all tests, and the images that it is tried on."""

from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training.config import configure
from imgmine_gui.engine.client import Engine

SETTINGS = {
    "width": 32, "height": 32, "widths": "4,8", "poolings": 2, "dense": 8, "batch_size": 4, "learning_rate": 0.01,
    "schedule": "constant", "epochs": 1,
}  # fmt: skip


def train_small_model(images: Path, run: Path) -> None:
    """One epoch of a network of two blocks, in an engine, since nothing in this process may load TensorFlow."""
    items, _ = load_items(images, SplitSettings(), PlainContext())
    config = configure("classification", "attention", SETTINGS.items())
    RunFolder.create(run, "Small", config.model_dump(mode="json"), items)
    engine = Engine()
    try:
        engine.run("train", (str(run), None), lambda event: None, lambda: Wish.GO_ON)
    finally:
        engine.close()


def write_rotated(path: Path) -> None:
    """Stored 60 x 30, to be shown 30 x 60 (EXIF orientation 6), its upper half white."""
    upright = np.zeros((60, 30, 3), np.uint8)
    upright[:30] = 255
    image = Image.fromarray(np.rot90(upright).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path, exif=exif, quality=95)
