"""What an engine can do: names to functions of the core, which only the child imports."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function of the core whose last argument is its ``JobContext``.

    Attributes:
        target: ``module:function``.
        tensorflow: whether it needs TensorFlow, which the child then imports first.
    """

    target: str
    tensorflow: bool

    def load(self) -> Callable[..., Any]:
        """Import the module and return the function."""
        module, _, name = self.target.partition(":")
        function: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return function


FUNCTIONS = {
    "scan": Function("imgmine_gui.core.project.scan:scan_source", tensorflow=False),
    "measure_images": Function("imgmine_gui.core.project.health.measuring:measure_images", tensorflow=False),
    "train": Function("imgmine_gui.core.training.trainer:train", tensorflow=True),
    "estimate": Function("imgmine_gui.core.training.estimate:estimate", tensorflow=True),
    "preview_augmentation": Function(
        "imgmine_gui.core.data.augmentation_preview:preview_augmentation", tensorflow=True
    ),
    "predict": Function("imgmine_gui.core.inference.predictor:predict", tensorflow=True),
    "recognise": Function("imgmine_gui.core.inference.recogniser:recognise", tensorflow=True),
    "warm_up": Function("imgmine_gui.core.inference.predictor:warm_up", tensorflow=True),
    "explain": Function("imgmine_gui.core.explain.explain_file:explain_file", tensorflow=True),
    "export_heatmaps": Function("imgmine_gui.core.explain.export:export_heatmaps", tensorflow=True),
    "faithfulness": Function("imgmine_gui.core.explain.faithfulness_files:measure_faithfulness", tensorflow=True),
}


def find_function(name: str) -> Function:
    """The function called ``name``; a name with a colon is itself ``module:function``, without TensorFlow.

    Raises:
        KeyError: there is none.
    """
    return Function(name, tensorflow=False) if ":" in name else FUNCTIONS[name]
