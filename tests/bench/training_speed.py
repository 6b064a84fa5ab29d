"""Images a second of our training against a bare Keras ``fit`` on tensors in memory, alternately.

Same network, batch, precision; from the second epoch on. ``python3 packaging/dev.py bench training_speed``
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from measuring import row
from PIL import Image

from imgmine_gui.core.events import EpochEnded, Event
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.tasks.network import NetworkDescription, build_network
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.core.training.precision import resolve_precision
from imgmine_gui.core.training.trainer import train

EPOCHS = 3
CASES = (("cnn", 224, 768), ("attention", 96, 1024), ("crnn", 96, 1024), ("cnn", 28, 8192))


def make_items(folder: Path, size: int, images: int) -> DataItems:
    """JPEG files of noise in two classes."""
    random = np.random.default_rng(0)
    items = []
    for number in range(images):
        path = folder / f"{number}.jpg"
        Image.fromarray(random.integers(0, 255, (size, size, 3), np.uint8)).save(path)
        items.append(DataItem(str(path), "ab"[number % 2], Split.TRAIN, str(number)))
    return DataItems(tuple(items), ("a", "b"))


def ours(items: DataItems, config: TrainConfig, folder: Path) -> float:
    """Images a second from the second epoch on, everything between the ends of two epochs counted."""
    ends: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, EpochEnded):
            ends.append(time.perf_counter())

    RunFolder.create(folder, "speed", config.model_dump(mode="json"), items)
    train(str(folder), None, PlainContext(note))
    return len(items.items) * (EPOCHS - 1) / (ends[-1] - ends[0])


def bare(config: TrainConfig, images: int) -> float:
    """The same of ``Model.fit``."""
    preprocessing = config.preprocessing
    network = build_network(NetworkDescription(
        task="classification", architecture=config.architecture, architecture_options=config.architecture_options,
        preprocessing=preprocessing, classes=("a", "b"),
        precision=resolve_precision(config.training.precision).value,
    )).model  # fmt: skip
    model = keras.Model(network.input, network.output["logits"])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    shape = (images, preprocessing.height, preprocessing.width, preprocessing.channels)
    x = tf.constant(np.random.default_rng(0).integers(0, 255, shape).astype(np.float32))
    y = tf.constant(np.arange(images) % 2)
    ends: list[float] = []
    told = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
    model.fit(x, y, batch_size=config.training.batch_size, epochs=EPOCHS, verbose=0, callbacks=[told])
    return images * (EPOCHS - 1) / (ends[-1] - ends[0])


def main() -> None:
    """Measure each size and architecture in turn, A B A B."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for architecture, size, images in (
        ("cnn", 224, 768),
        ("attention", 96, 1024),
        ("crnn", 96, 1024),
        ("cnn", 28, 8192),
    ):
        settings = {"width": size, "height": size, "epochs": EPOCHS, "shift": 0, "early_stopping": 0,
                    "schedule": "constant"}  # fmt: skip
        config = configure("classification", architecture, settings.items())
        with tempfile.TemporaryDirectory() as temporary:
            items = make_items(Path(temporary), size, images)
            pairs = [(ours(items, config, Path(temporary) / f"run{number}"), bare(config, images))
                     for number in range(arguments.rounds)]  # fmt: skip
        ratios = sorted(mine / other for mine, other in pairs)
        row(f"{architecture} {size} px", ratio_median=ratios[len(ratios) // 2], ratio_min=ratios[0],
            ours=pairs[-1][0], keras_fit=pairs[-1][1])  # fmt: skip


if __name__ == "__main__":
    main()
