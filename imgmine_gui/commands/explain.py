"""``imgmine explain MODEL IMAGE``: where a model looked in one image."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.storage.atomic import replacing
from imgmine_gui.core.storage.bundle import read_manifest
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.network import NetworkDescription
from imgmine_gui.core.text import N_, tr


def explain(
    model: Path,
    image: Path,
    method: str | None,
    target: str | None,
    options: Mapping[str, str],
    out: Path,
    output: Output,
) -> None:
    """Write the image with the heatmap over it to ``out`` (PNG), or the heatmap as an array where it ends in .npy.

    Args:
        target: name of the class to explain; None for the predicted one.
        options: of the method, as they were typed.

    Raises:
        UserError: model, image, method or an option are not right.
        Cancelled: interrupted.
    """
    from PIL import Image

    context = PlainContext(output.event)
    with interruptible(context):
        network = read_manifest(find_model(model)).network
        chosen = method or ARCHITECTURES[network.architecture].explainer
        load_tensorflow()
        from imgmine_gui.core.explain.explain_file import explain_file
        from imgmine_gui.core.explain.export import draw

        heatmap = explain_file(str(model), str(image), chosen, _index(network, target), options, context)
    values = heatmap.on_original()
    with replacing(out) as file:
        if out.suffix == ".npy":
            np.save(file, values)
        else:
            Image.fromarray(draw(values, str(image))).save(file, "PNG")
    told = {
        "method": heatmap.method,
        "target": network.classes[heatmap.target],
        "flat": heatmap.flat,
        "probabilities": dict(zip(network.classes, heatmap.probabilities.tolist(), strict=True)),
        "out": str(out),
    }
    text = tr(
        "Heatmap by {method} for “{target}”. Saved in {out}.", **{k: told[k] for k in ("method", "target", "out")}
    )
    if heatmap.flat:
        text = tr("The method found no difference between the parts of the image; nothing is drawn.") + " " + text
    output.result(told, text=text)


def _index(network: NetworkDescription, target: str | None) -> int | None:
    if target is None:
        return None
    if target not in network.classes:
        raise UserError(
            N_("The model does not know the class “{label}”."),
            N_("Its classes are: {classes}."),
            label=target,
            classes=list(network.classes),
        )
    return network.classes.index(target)
