"""``imgmine cross-validate DATA`` and ``imgmine learning-curve DATA``: what the labelled images are good for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.table import Table

from imgmine_gui.app.places import cache_folder
from imgmine_gui.commands.console import Output, three_digits
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.cache import FOLDER, FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest, FeatureTable, compute_features
from imgmine_gui.core.features.crossvalidation import Judged, cross_validate
from imgmine_gui.core.features.heads import HeadOptions
from imgmine_gui.core.features.intervals import MOST_FOLDS, Interval
from imgmine_gui.core.features.learning_curve import learning_curve
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.items import is_project_path, load_items
from imgmine_gui.core.project.layout import Split, class_order
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.text import N_, tr

FoundT = TypeVar("FoundT")


@dataclass(frozen=True)
class Prepared:
    """The labelled images that are not kept for the test, with their features."""

    judged: Judged
    classes: tuple[str, ...]
    table: FeatureTable


def tell_cross_validation(
    data: Path, folds: int, seed: int, image_size: int, settings: Mapping[str, Any], output: Output
) -> None:
    """Judge a training on ``data`` by cross-validation, and tell every figure.

    Raises:
        UserError: data or options are not right.
        Cancelled: interrupted.
    """
    prepared, found = _judge(cross_validate, data, folds, seed, image_size, settings, output)
    values = {
        **_facts(prepared), "folds": folds, "accuracy": found.accuracy, "balanced_accuracy": found.balanced_accuracy,
        "by_fold": found.by_fold, "method": found.method, "seconds": found.seconds,
    }  # fmt: skip
    text = tr(
        "{images} images in {folds} parts: accuracy {accuracy}, balanced accuracy {balanced}; {seconds} s.",
        images=len(prepared.judged.targets),
        folds=folds,
        accuracy=_in_words(found.accuracy),
        balanced=_in_words(found.balanced_accuracy),
        seconds=f"{found.seconds:.1f}",
    )
    output.result(values, text=text)


def tell_learning_curve(
    data: Path, folds: int, seed: int, image_size: int, settings: Mapping[str, Any], output: Output
) -> None:
    """Say how accuracy grows with the number of images, and what twice as many would bring.

    Raises:
        UserError: data or options are not right.
        Cancelled: interrupted.
    """
    prepared, found = _judge(learning_curve, data, folds, seed, image_size, settings, output)
    table = Table(tr("Images a class"), tr("Accuracy"), tr("95% interval"))
    for point in found.points:
        accuracy = point.accuracy
        interval = f"{accuracy.low:.3f} – {accuracy.high:.3f}"
        table.add_row(three_digits(point.images_a_class), f"{accuracy.mean:.3f}", interval)
    values = {
        **_facts(prepared), "points": found.points, "law": found.law, "images_a_class": found.images_a_class,
        "now": found.now, "doubled": found.doubled, "gain": found.gain, "source": found.source,
        "seconds": found.seconds,
    }  # fmt: skip
    text = tr(
        "With twice the {images} images a class, accuracy would rise from {now} to {doubled}, by {gain} percentage "
        "points (95% interval {low} to {high}; {source}).",
        images=three_digits(found.images_a_class),
        now=f"{found.now:.3f}",
        doubled=f"{found.doubled:.3f}",
        gain=f"{100 * found.gain.mean:.1f}",
        low=f"{100 * found.gain.low:.1f}",
        high=f"{100 * found.gain.high:.1f}",
        source=found.source,
    )
    output.result(values, table, text)


def _judge(
    judge: Callable[..., FoundT], data: Path, folds: int, seed: int, image_size: int, settings: Mapping[str, Any],
    output: Output,
) -> tuple[Prepared, FoundT]:  # fmt: skip
    """Prepare the images, and judge them by a function of ``core.features``."""
    options = parse_options(HeadOptions, settings)
    _require_folds(folds)
    context = PlainContext(output.event)
    with interruptible(context):
        prepared = _prepare(data, image_size, context)
        return prepared, judge(prepared.judged, options, context, folds, seed=seed)


def _prepare(data: Path, image_size: int, context: PlainContext) -> Prepared:
    items, _ = load_items(data, SplitSettings(), context)
    chosen = [item for item in items.items if item.label is not None and item.split is not Split.TEST]
    classes = tuple(class_order({item.label or "" for item in chosen}))
    if len(classes) < 2:
        raise UserError(
            N_("“{path}” has fewer than two classes of labelled images outside the test images."),
            N_("Put images into one folder a class, or label them."),
            path=data,
        )
    preprocessing = parse_options(Preprocessing, {"width": image_size, "height": image_size})
    folder = (data / "cache" if is_project_path(data.absolute()) else cache_folder()) / FOLDER
    with FeatureCache(folder) as cache:
        table = compute_features(chosen, FeatureRequest(preprocessing=preprocessing), cache, context)
    return Prepared(_judged(chosen, classes, table), classes, table)


def _judged(items: list[DataItem], classes: tuple[str, ...], table: FeatureTable) -> Judged:
    """The images whose features are there; equal contents are one group."""
    index = {name: number for number, name in enumerate(classes)}
    kept = [items[image] for image in table.images]
    targets = np.array([index[item.label or ""] for item in kept], np.int32)
    return Judged(table.values, targets, [item.key for item in kept], len(classes))


def _require_folds(folds: int) -> None:
    if not 2 <= folds <= MOST_FOLDS:
        raise UserError(
            N_("The images cannot be divided into {folds} parts."),
            N_("Choose from 2 to {most} parts."),
            folds=folds,
            most=MOST_FOLDS,
        )


def _facts(prepared: Prepared) -> dict[str, Any]:
    table = prepared.table
    return {
        "images": len(prepared.judged.targets), "classes": prepared.classes, "computed": table.computed,
        "cached": table.cached, "engine": table.engine, "feature_seconds": table.seconds,
    }  # fmt: skip


def _in_words(interval: Interval) -> str:
    return tr(
        "{mean} (95% interval {low} to {high})",
        mean=f"{interval.mean:.3f}",
        low=f"{interval.low:.3f}",
        high=f"{interval.high:.3f}",
    )
