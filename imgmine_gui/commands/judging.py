"""``imgmine cross-validate DATA`` and ``imgmine learning-curve DATA``: what the labelled images are good for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rich.table import Table

from imgmine_gui.app.places import cache_folder
from imgmine_gui.commands.console import Output, three_digits
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.compute import FeatureRequest
from imgmine_gui.core.features.heads import HeadOptions
from imgmine_gui.core.features.intervals import MOST_FOLDS, Interval
from imgmine_gui.core.features.labelled import LabelledImages, labelled_in
from imgmine_gui.core.features.quick_check import (
    CheckedByFolds,
    CheckedBySizes,
    CheckedImages,
    CheckSettings,
    check_by_folds,
    check_by_sizes,
)
from imgmine_gui.core.jobs import JobContext, PlainContext
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.text import N_, tr

CheckedT = TypeVar("CheckedT", CheckedByFolds, CheckedBySizes)


def tell_cross_validation(
    data: Path, folds: int, seed: int, image_size: int, settings: Mapping[str, Any], output: Output
) -> None:
    """Judge a training on ``data`` by cross-validation, and tell every figure.

    Raises:
        UserError: data or options are not right.
        Cancelled: interrupted.
    """
    checked = _judge(check_by_folds, data, folds, seed, image_size, settings, output)
    found = checked.found
    values = {
        **_facts(checked.images), "folds": folds, "accuracy": found.accuracy,
        "balanced_accuracy": found.balanced_accuracy, "by_fold": found.by_fold, "method": found.method,
        "seconds": found.seconds,
    }  # fmt: skip
    text = tr(
        "{images} images in {folds} parts: accuracy {accuracy}, balanced accuracy {balanced}; {seconds} s.",
        images=len(checked.images.targets),
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
    checked = _judge(check_by_sizes, data, folds, seed, image_size, settings, output)
    found = checked.found
    table = Table(tr("Images a class"), tr("Accuracy"), tr("95% interval"))
    for point in found.points:
        accuracy = point.accuracy
        interval = f"{accuracy.low:.3f} – {accuracy.high:.3f}"
        table.add_row(three_digits(point.images_a_class), f"{accuracy.mean:.3f}", interval)
    values = {
        **_facts(checked.images), "points": found.points, "law": found.law, "images_a_class": found.images_a_class,
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
    check: Callable[[LabelledImages, CheckSettings, JobContext], CheckedT], data: Path, folds: int, seed: int,
    image_size: int, settings: Mapping[str, Any], output: Output,
) -> CheckedT:  # fmt: skip
    """Judge the images by a function of ``quick_check``."""
    head = parse_options(HeadOptions, settings)
    preprocessing = parse_options(Preprocessing, {"width": image_size, "height": image_size})
    _require_folds(folds)
    context = PlainContext(output.event)
    with interruptible(context):
        labelled = labelled_in(data, cache_folder(), context)
        if len(labelled.classes) < 2:
            raise UserError(
                N_("“{path}” has fewer than two classes of labelled images outside the test images."),
                N_("Put images into one folder a class, or label them."),
                path=data,
            )
        request = FeatureRequest(preprocessing=preprocessing)
        return check(labelled, CheckSettings(folds, seed, head, request), context)


def _require_folds(folds: int) -> None:
    if not 2 <= folds <= MOST_FOLDS:
        raise UserError(
            N_("The images cannot be divided into {folds} parts."),
            N_("Choose from 2 to {most} parts."),
            folds=folds,
            most=MOST_FOLDS,
        )


def _facts(images: CheckedImages) -> dict[str, Any]:
    return {
        "images": len(images.targets), "classes": images.classes, "together": images.together,
        "computed": images.computed, "cached": images.cached, "engine": images.engine,
        "feature_seconds": images.feature_seconds,
    }  # fmt: skip


def _in_words(interval: Interval) -> str:
    return tr(
        "{mean} (95% interval {low} to {high})",
        mean=f"{interval.mean:.3f}",
        low=f"{interval.low:.3f}",
        high=f"{interval.high:.3f}",
    )
