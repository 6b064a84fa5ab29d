"""Heatmaps of many images as files: arrays, and the images with the heatmaps over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.events import ImageSkipped, PhaseStarted, Progress
from imgmine_gui.core.explain.explain_file import explain_files
from imgmine_gui.core.images.colormaps import DEFAULT_COLORMAP, colour_heatmap
from imgmine_gui.core.images.decode import ImageError, decode_rgb
from imgmine_gui.core.images.overlay import overlay
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.storage.atomic import replacing, write_error
from imgmine_gui.core.storage.loading import load_network
from imgmine_gui.core.text import N_

OVERLAY_OPACITY = 0.8


@dataclass(frozen=True)
class Drawing:
    """Which files are written, and how a heatmap is drawn.

    Attributes:
        arrays: write ``NAME.npy``, float32 (height, width) of the oriented original, in 0..1.
        overlays: write ``NAME.png``, the image with the heatmap over it.
        colormap: a key of ``images.colormaps.COLORMAPS``.
        opacity: 0 to 1, of the whole heatmap.
    """

    arrays: bool = True
    overlays: bool = True
    colormap: str = DEFAULT_COLORMAP
    opacity: float = OVERLAY_OPACITY

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of the files that are written for an image, behind its whole name."""
        return (*((".npy",) if self.arrays else ()), *((".png",) if self.overlays else ()))


@dataclass(frozen=True)
class Exported:
    """How many images were written, and how many were left out because they could not be read."""

    images: int
    skipped: int


def export_heatmaps(
    model: str,
    paths: Sequence[str],
    names: Sequence[str],
    folder: str,
    method: str | None,
    targets: Sequence[int] | None,
    options: Mapping[str, Any],
    drawing: Drawing,
    context: JobContext,
) -> Exported:
    """Write the heatmap of each image below ``folder``; files that are there are replaced.

    Args:
        model: a run folder or a model bundle.
        paths: the images; one that cannot be read is told as ``ImageSkipped`` and left out.
        names: what each is called below ``folder``, with ``/`` between its parts; never leads out of it.
        method: name of an explainer; None for that of the architecture.
        targets: the class of each image to explain; None for the predicted ones.
        options: of the explainer; an empty mapping takes its defaults.

    Raises:
        UserError: the model cannot be read, the method is not defined on it, or ``folder`` cannot be written to.
        Cancelled: the person stopped it; what was written stays.
    """
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    chosen = method or ARCHITECTURES[network.description.architecture].explainer
    context.report(PhaseStarted(N_("Making heatmaps"), len(paths)))
    skipped = 0
    for number, (path, name) in enumerate(zip(paths, names, strict=True)):
        check_cancelled(context)
        target = None if targets is None else [targets[number]]
        try:
            heatmap = next(explain_files(network, [path], chosen, target, options, _Quiet(context)))
            write_heatmap(heatmap.on_original(), path, place_below(Path(folder), name), drawing)
        except ImageError as error:
            skipped += 1
            context.report(ImageSkipped(path, error.message))
        context.report(Progress(number + 1, len(paths)))
    return Exported(len(paths) - skipped, skipped)


def write_heatmap(values: npt.NDArray[np.float32], image: str, target: Path, drawing: Drawing | None = None) -> None:
    """Write ``target.npy`` and ``target.png``; see ``Drawing``."""
    drawing = drawing or Drawing()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(target.parent, error) from error
    if drawing.arrays:
        with replacing(target.with_name(target.name + ".npy")) as file:
            np.save(file, values)
    if drawing.overlays:
        picture = Image.fromarray(draw(values, image, drawing.colormap, drawing.opacity))
        with replacing(target.with_name(target.name + ".png")) as file:
            picture.save(file, "PNG")


def draw(
    values: npt.NDArray[np.float32], image: str, colormap: str = DEFAULT_COLORMAP, opacity: float = OVERLAY_OPACITY
) -> npt.NDArray[np.uint8]:
    """The image at its full size with the heatmap over it, uint8 (height, width, 3)."""
    return overlay(decode_rgb(image).pixels, colour_heatmap(values, colormap), opacity)


def place_below(folder: Path, name: str) -> Path:
    """``name`` below ``folder``, whatever it is: a root, a drive and steps upwards are left out of it."""
    given = PurePath(name)
    return folder.joinpath(*(part for part in given.parts if part not in (given.anchor, "..")))


class _Quiet:
    """Passes the person's wish on, and keeps the progress within one image to itself."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def report(self, event: object) -> None:
        """Say nothing."""

    @property
    def wish(self) -> Any:
        """What the person wants now."""
        return self._context.wish
