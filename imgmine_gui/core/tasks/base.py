"""What every task gives to the rest of the program, and the table of all of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import Features, Produces
from imgmine_gui.core.registry import Registry
from imgmine_gui.core.tasks.prediction import Prediction
from imgmine_gui.core.text import N_


class Task(ABC):
    """What is learned; one file of this package each.

    Attributes:
        name: as in ``--task``.
        title, summary: for a person; English, marked with ``N_``.
        accepts: the architecture outputs that the head can read, the preferred first.
        monitor: the validation metric that says which epoch is best, larger is better.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    accepts: ClassVar[tuple[Produces, ...]]
    monitor: ClassVar[str]

    @abstractmethod
    def encode(self, labels: Sequence[str | None], classes: Sequence[str]) -> npt.NDArray[np.int32]:
        """Labels as the integers that the loss reads: (images,) or (images, length).

        Raises:
            UserError: a label cannot be encoded.
        """

    @abstractmethod
    def head(self, features: Features, classes: int, dropout: float) -> dict[str, Any]:
        """Build the last layers; the network's outputs by name, among them ``"logits"``."""

    @abstractmethod
    def loss(self, targets: Any, outputs: Mapping[str, Any], label_smoothing: float) -> Any:
        """(batch,) float32 tensor, the loss of each image."""

    @abstractmethod
    def metrics(self, targets: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """(batch,) float32 tensors by name, whose means over an epoch are shown; among them ``monitor``."""

    @abstractmethod
    def predictions(self, paths: Sequence[str], outputs: Mapping[str, npt.NDArray[np.float32]]) -> Sequence[Prediction]:
        """Outputs of the network for a batch, as predictions."""


TASKS: Registry[type[Task]] = Registry(N_("task"), "imgmine_gui.core.tasks")
