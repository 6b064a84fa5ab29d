"""Learning from 5, 10, 20 and 50 images a class: networks on the pretrained backbone against a logistic head by L-BFGS.

``python3 packaging/dev.py bench few --data FOLDER [transfer transfer_attention] [--seeds 4] [--set KEY=VALUE]``

The folder is divided into ``train`` and ``test``. Of each class, so many images are drawn to train on, and 3 for each
14 of them to validate by; all test images judge. The yardstick trains on the same images, without validation.
"""

import argparse
import dataclasses
import tempfile
from pathlib import Path

import numpy as np
from measuring import row

from imgmine_gui.core.features.cache import FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest, compute_features
from imgmine_gui.core.features.heads import HeadOptions, Labelled, train_head
from imgmine_gui.core.inference.predictor import predict
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training.config import configure
from imgmine_gui.core.training.kept import feature_request
from imgmine_gui.core.training.trainer import train

SIZES = (5, 10, 20, 50)
CONTEXT = PlainContext()


def draw(items: DataItems, size: int, seed: int) -> DataItems:
    """``size`` images of each class to train on, and some more to validate by."""
    random, chosen = np.random.default_rng(seed), []
    for label in items.classes:
        mine = [item for item in items.of(Split.TRAIN) if item.label == label]
        order = [mine[place] for place in random.permutation(len(mine))]
        validation = order[size : size + max(1, round(size * 3 / 14))]
        chosen += [*order[:size], *(dataclasses.replace(item, split=Split.VALIDATION) for item in validation)]
    return DataItems.of_items(chosen)


def yardstick(items: DataItems, test: list[DataItem], cache: Path) -> float:
    """Accuracy on ``test`` of a logistic head."""
    request = feature_request(configure("classification", "transfer")) or FeatureRequest()
    with FeatureCache(cache) as kept:
        learned, judged = (
            compute_features(part, request, kept, CONTEXT) for part in (items.of(Split.TRAIN), tuple(test))
        )
    targets = np.array([items.classes.index(item.label or "") for item in items.of(Split.TRAIN)])
    head = train_head(Labelled(learned.values, targets), len(items.classes), HeadOptions())
    return accuracy(head.probabilities(judged.values), items.classes, test)


def trained(architecture: str, items: DataItems, test: list[DataItem], folder: Path, settings: list[str]) -> float:
    """Accuracy on ``test`` of a training."""
    pairs = (text.partition("=") for text in settings)
    config = configure("classification", architecture, [(name, value) for name, _, value in pairs])
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary) / "run"
        RunFolder.create(run, "few", config.model_dump(mode="json"), items)
        train(str(run), str(folder), CONTEXT)
        table = predict(str(run), [item.path for item in test], CONTEXT)
    return accuracy(table.probabilities, items.classes, test)


def accuracy(probabilities: np.ndarray, classes: tuple[str, ...], test: list[DataItem]) -> float:
    """Part of ``test`` whose most probable class is its own."""
    return float(
        np.mean([classes[best] == item.label for best, item in zip(probabilities.argmax(1), test, strict=True)])
    )


def main() -> None:
    """Train each architecture on every size and seed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("architectures", nargs="*", default=["transfer", "transfer_attention"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--set", action="append", default=[])
    arguments = parser.parse_args()
    items, _ = load_items(arguments.data, SplitSettings(), CONTEXT)
    test = list(items.of(Split.TEST))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for size in SIZES:
            drawn = [draw(items, size, seed) for seed in range(arguments.seeds)]
            figures = {"yardstick": [yardstick(each, test, folder / "yardstick") for each in drawn]}
            for name in arguments.architectures:
                figures[name] = [
                    trained(name, each, test, folder, [f"seed={seed}", *arguments.set])
                    for seed, each in enumerate(drawn)
                ]
            row(f"{size} images a class", **{name: float(np.mean(found)) for name, found in figures.items()})


if __name__ == "__main__":
    main()
