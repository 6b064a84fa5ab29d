"""Small networks that read lines, and lines with a text on them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.lines import ALIGNED, as_batch
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.inference.predictor import run_network
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network

DIGITS = tuple("0123456789")
HEIGHT = 16
SMALL: dict[str, Any] = {"widths": (4, 6), "poolings": 2, "width_poolings": 2, "units": 5, "recurrent_layers": 1}


def line_network(
    architecture: str = "crnn",
    seed: int = 1,
    precision: str = "float32",
    normalisation: str = "symmetric",
    **options: Any,
) -> Network:
    """A fresh network that reads grey lines of digits, its offsets and moving averages unlike those of a fresh one."""
    keras.utils.set_random_seed(seed)
    kind = ARCHITECTURES[architecture].options_type
    network = build_network(
        NetworkDescription(
            task="text_recognition",
            architecture=architecture,
            architecture_options=parse_options(kind, {**SMALL, **options}).model_dump(mode="json"),
            preprocessing=Preprocessing(height=HEIGHT, width=2048, colour="grey", normalisation=normalisation),
            classes=DIGITS,
            precision=precision,
        )
    )
    random = np.random.default_rng(seed)
    for variable in network.model.weights:
        if "moving" in variable.path or variable.path.endswith(("beta", "bias")):
            variable.assign(random.uniform(0.5, 1.5, variable.shape))
    return network


def noise(width: int, seed: int = 0) -> np.ndarray:
    """uint8 (HEIGHT, width, 1)."""
    return np.random.default_rng([seed, width]).integers(0, 256, (HEIGHT, width, 1)).astype(np.uint8)


def said(network: Network, lines: Iterable[np.ndarray], further: int = 0) -> list[np.ndarray]:
    """The logits of each line's own columns; the batch is ``further`` * ALIGNED px wider than it must be."""
    images, widths = as_batch(list(lines))
    rest = np.random.default_rng(9).integers(0, 256, (*images.shape[:2], further * ALIGNED, 1))
    wide = np.concatenate([images, rest], 2).astype(np.float32)
    outputs = run_network(network, wide, widths)
    return [outputs["logits"][row, :count] for row, count in enumerate(outputs["columns"].tolist())]


def write_line(path: Path, text: str, height: int = 24) -> str:
    """A picture of ``text``, black on white, with a margin."""
    font = ImageFont.load_default(size=height * 0.8)
    width = int(font.getlength(text)) + 8
    picture = Image.new("L", (width, height), 255)
    ImageDraw.Draw(picture).text((4, 0), text, 0, font)
    picture.save(path)
    return str(path)


def written_lines(folder: Path, train: int, other: int, letters: str = "127", seed: int = 0) -> DataItems:
    """Lines of one to four ``letters``: so many to train, and so many each to validate and to test."""
    random = np.random.default_rng(seed)
    items = []
    for split, count in ((Split.TRAIN, train), (Split.VALIDATION, other), (Split.TEST, other)):
        for number in range(count):
            text = "".join(random.choice(list(letters), random.integers(1, 5)))
            path = write_line(folder / f"{split}{number}.png", text)
            items.append(DataItem(path, None, split, f"{folder}{split}{number}{text}", text))
    return DataItems.of_items(items)
