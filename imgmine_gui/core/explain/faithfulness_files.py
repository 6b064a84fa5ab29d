"""Deletion and insertion scores of an explainer over image files."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from imgmine_gui.core.data.preprocessing import load_sample
from imgmine_gui.core.events import ImageSkipped, PhaseStarted
from imgmine_gui.core.explain.explain_file import subject_of
from imgmine_gui.core.explain.faithfulness import MeanFaithfulness, faithfulness_over
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.storage.loading import load_network
from imgmine_gui.core.text import N_


def measure_faithfulness(
    model: str, paths: Sequence[str], method: str, options: Mapping[str, Any], context: JobContext
) -> MeanFaithfulness:
    """Score a method on files, each for the class that is predicted for it.

    Args:
        model: a run folder or a model bundle.
        paths: the images; those that cannot be read are told as ``ImageSkipped`` and left out.
        method: name of an explainer.
        options: of the explainer; an empty mapping takes its defaults.

    Raises:
        UserError: the model cannot be read, or the method is not defined on this network.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    subject = subject_of(network)
    context.report(PhaseStarted(N_("Scoring the heatmaps"), len(paths)))

    def samples() -> Iterator[tuple[Floats, int]]:
        for path in paths:
            try:
                pixels = load_sample(os.fspath(path), network.description.preprocessing)[0].astype(np.float32)
            except ImageError as error:
                context.report(ImageSkipped(path, error.message))
                continue
            yield pixels, int(subject.probabilities(pixels[np.newaxis])[0].argmax())

    return faithfulness_over(method, subject, samples(), options, total=len(paths), context=context)
