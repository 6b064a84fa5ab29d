"""What the page must know of a model before it asks the engine anything."""

from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.explain_file import methods_for
from imgmine_gui.core.storage.bundle import read_manifest
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.base import TASKS


@dataclass(frozen=True)
class ModelFacts:
    """A model that can be predicted with.

    Attributes:
        path: of the run or bundle, as the session takes it.
        stamp: changes with the file, so that heatmaps of a model that was trained further are made anew.
        reads_text: whether it reads what is written; then ``classes`` are the characters that it knows.
        methods: names of the explainers that are defined on it.
        default_method: the one that points rightly there.
    """

    path: str
    stamp: int
    architecture: str
    classes: tuple[str, ...]
    reads_text: bool
    methods: tuple[str, ...]
    default_method: str


def read_model_facts(path: str) -> ModelFacts:
    """Read a run or bundle; needs no TensorFlow.

    Raises:
        UserError: it has no model, or is damaged or of a newer version.
    """
    bundle = find_model(path)
    network = read_manifest(bundle).network
    reads_text = TASKS[network.task].lines
    default = ARCHITECTURES[network.architecture].explainer
    needs = EXPLAINERS[default].needs
    methods = methods_for("attention" in needs, "sequence" in needs, "self_attention" in needs)
    ordered = (default, *(name for name in methods if name != default))
    return ModelFacts(path, stamp_of(path), network.architecture, network.classes, reads_text, ordered, default)


def stamp_of(path: str) -> int:
    """When the model's file was written, in nanoseconds; 0 where it is gone."""
    try:
        return find_model(path).stat().st_mtime_ns
    except (OSError, UserError):
        return 0


def has_model(run: str) -> bool:
    """Whether a run has learned something to predict with."""
    return (Path(run) / "model.imgmodel").is_file()
