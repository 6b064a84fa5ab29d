"""From a model and an image file to a heatmap that can be laid over the original."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.preprocessing import load_sample
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.explain.compute import explain_images, supported_methods
from imgmine_gui.core.explain.subject import Subject
from imgmine_gui.core.images.geometry import Geometry
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.storage.loading import load_network
from imgmine_gui.core.tasks.network import Network
from imgmine_gui.core.text import N_


@dataclass(frozen=True)
class FileHeatmap:
    """A heatmap with all that is needed to draw it over its image.

    Attributes:
        path: the image file.
        values: float32 (h, w) in 0..1 over what the network saw, at the method's resolution.
        geometry: from the pixels of the (oriented) original to what the network saw and back.
        method: name of the explainer.
        target: index of the class that the heatmap is for.
        flat: the method found no difference between the places; there is nothing to draw.
        probabilities: (classes,) of the image.
    """

    path: str
    values: npt.NDArray[np.float32]
    geometry: Geometry
    method: str
    target: int
    flat: bool
    probabilities: npt.NDArray[np.float32]

    def on_original(self) -> npt.NDArray[np.float32]:
        """The heatmap at the resolution of the original, float32 (height, width) in 0..1."""
        return self.geometry.heatmap_to_source(self.values)


def explain_file(
    model: str, path: str, method: str, target: int | None, options: Mapping[str, Any], context: JobContext
) -> FileHeatmap:
    """Make the heatmap of one image file.

    Args:
        model: a run folder or a model bundle.
        path: the image.
        method: name of an explainer.
        target: index of the class to explain; None for the predicted one.
        options: of the explainer; an empty mapping takes its defaults.

    Raises:
        UserError: model or image cannot be read, or the method is not defined on this network.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    context.report(PhaseStarted(N_("Making the heatmap")))
    targets = None if target is None else [target]
    return next(explain_files(network, [path], method, targets, options, context))


def explain_files(
    network: Network,
    paths: Sequence[str],
    method: str,
    targets: Sequence[int] | None,
    options: Mapping[str, Any],
    context: JobContext,
) -> Iterator[FileHeatmap]:
    """One heatmap a file, each as soon as it is made; see ``explain_file``."""
    subject = subject_of(network)
    for number, path in enumerate(paths):
        pixels, geometry = load_sample(os.fspath(path), network.description.preprocessing)
        images = pixels[np.newaxis].astype(np.float32)
        probabilities = subject.probabilities(images)[0]
        chosen = int(probabilities.argmax()) if targets is None else targets[number]
        heatmap = explain_images(method, subject, images, np.array([chosen]), options, context)[0]
        yield FileHeatmap(path, heatmap.values, geometry, heatmap.method, heatmap.target, heatmap.flat, probabilities)


def subject_of(network: Network) -> Subject:
    """The network as explainers see it; built once and kept with the model, since building traces it."""
    subject = getattr(network.model, "_imgmine_subject", None)
    if subject is None:
        subject = Subject(
            network.model, network.feature_layer, network.sequence_layer,
            self_attention_layers=network.self_attention_layers,
        )  # fmt: skip
        network.model._imgmine_subject = subject
    return subject


def methods_for(has_attention: bool, has_sequence: bool, has_self_attention: bool = False) -> list[str]:
    """Names of the explainers that are defined on a network of ours; needs no TensorFlow."""
    kinds = {"attention": has_attention, "sequence": has_sequence, "self_attention": has_self_attention}
    return supported_methods(frozenset({"feature_map"} | {kind for kind, has in kinds.items() if has}))
