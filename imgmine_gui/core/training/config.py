"""What a training is made of: one frozen configuration, read by the form, the command line and the trainer."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.choice import Choice
from imgmine_gui.core.data.augmentation import Augmentation
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Options, parse_options
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_


class OptimiserName(Choice):
    """How weights follow their gradients."""

    ADAM = "adam", N_("Adam")
    ADAMW = "adamw", N_("AdamW")
    SGD = "sgd", N_("SGD with momentum")


class Schedule(Choice):
    """How the learning rate changes during the training."""

    CONSTANT = "constant", N_("Constant")
    COSINE = "cosine", N_("Falling like a cosine")
    ONE_CYCLE = "one_cycle", N_("One cycle: up, then down")


class Precision(Choice):
    """The number format of the network's arithmetic."""

    AUTO = "auto", N_("What the processor is fastest with")
    FLOAT32 = "float32", N_("32 bits")
    BFLOAT16 = "bfloat16", N_("16 bits (bfloat16)")


class TrainingOptions(Options):
    """How the network is trained."""

    epochs: int = Field(
        20, ge=1, le=10_000, title=N_("Epochs"), description=N_("How often every training image is shown.")
    )
    batch_size: int = Field(
        0, ge=0, le=4096, title=N_("Batch size"),
        description=N_(
            "Images looked at together before the weights change. Larger needs more memory. With 0 it follows from "
            "their number: the fewer, the smaller."
        ),
        json_schema_extra={"unit": N_("images")},
    )  # fmt: skip
    learning_rate: float = Field(
        1e-3, ge=1e-7, le=10, title=N_("Learning rate"),
        description=N_("How far the weights move a step. Too large, and the loss jumps; too small, and it crawls."),
    )  # fmt: skip
    optimiser: OptimiserName = Field(
        OptimiserName.ADAM, title=N_("Optimiser"), description=N_("How the weights follow their gradients.")
    )
    schedule: Schedule = Field(
        Schedule.COSINE, title=N_("Schedule"), description=N_("How the learning rate changes while training.")
    )
    early_stopping: int = Field(
        10, ge=0, le=1000, title=N_("Stop early"),
        description=N_("End after so many epochs without a better validation; 0 goes on to the last epoch."),
        json_schema_extra={"unit": N_("epochs")},
    )  # fmt: skip
    class_weights: bool = Field(
        False, title=N_("Balance classes"),
        description=N_("Let each image of a rare class count more, so that all classes weigh the same."),
    )  # fmt: skip
    seed: int = Field(
        0, ge=0, le=2**31 - 1, title=N_("Seed"),
        description=N_("The same seed on the same machine gives the same network."),
    )  # fmt: skip
    time_budget: float | None = Field(
        None, ge=1, le=31_536_000, title=N_("Time budget"),
        description=N_("End the training after so many seconds, with the schedule fitted to them."),
        json_schema_extra={"unit": N_("s"), "advanced": True},
    )  # fmt: skip
    weight_decay: float = Field(
        0.0, ge=0, le=10, title=N_("Weight decay"),
        description=N_("Draws the weights towards zero, against learning by heart. Used by AdamW and SGD."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    label_smoothing: float = Field(
        0.0, ge=0, le=0.5, title=N_("Label smoothing"),
        description=N_("Asks the network for a little less than full confidence."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    clip_norm: float = Field(
        0.0, ge=0, le=1e6, title=N_("Limit of the gradient"),
        description=N_("A longer gradient is shortened to it; 0 sets no limit. Recurrent layers need one."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    average_weights: bool = Field(
        False, title=N_("Average the weights"),
        description=N_("Judge and keep the running average of the network's weights: steadier, often a bit better."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    keep_last: bool = Field(
        False, title=N_("Keep the last epoch"),
        description=N_(
            "Keep the network of the last epoch, not that of the best validation: better where few images validate, "
            "and the learning rate falls to the end."
        ),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    precision: Precision = Field(
        Precision.AUTO, title=N_("Number format"),
        description=N_("16 bits are up to twice as fast on recent processors, at nearly the same accuracy."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class TrainConfig(Options):
    """Everything that decides what a training does, next to its images.

    ``architecture_options`` are checked against, and stored as, the options of the architecture: all of them, defaults
    included, so that a run stays what it was when a default changes.
    """

    task: str = "classification"
    architecture: str = "attention"
    architecture_options: dict[str, Any] = Field(default_factory=dict)
    preprocessing: Preprocessing = Preprocessing()
    augmentation: Augmentation = Augmentation()
    training: TrainingOptions = TrainingOptions()

    @field_validator("task")
    @classmethod
    def _known_task(cls, name: str) -> str:
        return TASKS[name].name

    @field_validator("architecture")
    @classmethod
    def _known_architecture(cls, name: str) -> str:
        return ARCHITECTURES[name].name

    @model_validator(mode="after")
    def _complete_options(self) -> Self:
        options = parse_options(ARCHITECTURES[self.architecture].options_type, self.architecture_options)
        object.__setattr__(self, "architecture_options", options.model_dump(mode="json"))
        return self

    @property
    def options(self) -> Options:
        """The architecture's options as its own configuration."""
        return parse_options(ARCHITECTURES[self.architecture].options_type, self.architecture_options)


GROUPS: dict[str, type[Options]] = {
    "preprocessing": Preprocessing,
    "augmentation": Augmentation,
    "training": TrainingOptions,
}


def configure(task: str, architecture: str, settings: Iterable[tuple[str, Any]] = ()) -> TrainConfig:
    """Make a configuration from flat ``(name, value)`` pairs, such as those of ``--set KEY=VALUE``.

    Args:
        task, architecture: names in their registries.
        settings: names of options of the architecture, preprocessing, augmentation or training; values as JSON types
            or strings; a later pair wins, and all of them over what the architecture suggests.

    Raises:
        UserError: an unknown name, or a value out of its bounds.
    """
    groups: dict[str, type[Options]] = {"architecture_options": ARCHITECTURES[architecture].options_type, **GROUPS}
    values: dict[str, dict[str, Any]] = {group: {} for group in groups}
    settings = list(settings)
    for name in sorted(TASKS[task].without & {name for name, _ in settings}):
        raise UserError(N_("The option “{name}” means nothing for this task."), N_("Leave it out."), name=name)
    suggested = {**ARCHITECTURES[architecture].suggested, **TASKS[task].suggested}
    known = {
        name: value for name, value in suggested.items() if any(name in kind.model_fields for kind in groups.values())
    }
    for name, value in (*known.items(), *settings):
        values[_group_of(name, groups)][name] = value
    parts: dict[str, Any] = {group: parse_options(kind, values[group]) for group, kind in groups.items()}
    parts["architecture_options"] = parts["architecture_options"].model_dump(mode="json")
    return TrainConfig(task=task, architecture=architecture, **parts)


def _group_of(name: str, groups: dict[str, type[Options]]) -> str:
    for group, kind in groups.items():
        if name in kind.model_fields:
            return group
    names = sorted({known for kind in groups.values() for known in kind.model_fields})
    raise UserError(N_("There is no option “{name}”."), N_("Choose one of: {names}."), name=name, names=names)
