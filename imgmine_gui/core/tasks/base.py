"""What every task gives to the rest of the program, and the table of all of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import Features, Produces
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.registry import Registry
from imgmine_gui.core.text import N_


class Task(ABC):
    """What is learned; one file of this package each.

    Attributes:
        name: as in ``--task``.
        title, summary: for a person; English, marked with ``N_``.
        accepts: the architecture outputs that the head can read, the preferred first.
        monitor: the validation metric that says which epoch is best.
        less_is_better: of that metric.
        lines: whether images keep their proportions: all have the network's height, each a width of its own.
        suggested: options, by name, that it learns better with than with the defaults of all; those of the architecture
            that has no such option are left out.
        without: names of options that mean nothing here.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    accepts: ClassVar[tuple[Produces, ...]]
    monitor: ClassVar[str]
    less_is_better: ClassVar[bool] = False
    lines: ClassVar[bool] = False
    suggested: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    without: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def target(self, item: DataItem) -> str | None:
        """What the network is to say of an image; None where nobody has said it yet."""

    @abstractmethod
    def classes(self, items: DataItems) -> tuple[str, ...]:
        """What the network can tell apart on these images, in the order of its logits."""

    @abstractmethod
    def encode(self, targets: Sequence[str], classes: Sequence[str]) -> npt.NDArray[np.int32]:
        """Targets as the integers that the loss reads: (images,) or (images, length).

        Raises:
            UserError: a target cannot be encoded.
        """

    @abstractmethod
    def nothing_to_learn(self) -> UserError:
        """What is told where no image to train on has a target."""

    @abstractmethod
    def head(self, features: Features, classes: int, dropout: float) -> dict[str, Any]:
        """Build the last layers; the network's outputs by name, among them ``"logits"``."""

    @abstractmethod
    def loss(self, targets: Any, outputs: Mapping[str, Any], label_smoothing: float) -> Any:
        """(batch,) float32 tensor, the loss of each image."""

    @abstractmethod
    def metrics(self, targets: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """(batch,) float32 tensors by name, of whose means over an epoch ``figures`` makes what is shown."""

    def figures(self, means: Mapping[str, float]) -> dict[str, float]:
        """What is shown, among it ``monitor``, from the means of loss and metrics over images."""
        return dict(means)


TASKS: Registry[type[Task]] = Registry(N_("task"), "imgmine_gui.core.tasks")
