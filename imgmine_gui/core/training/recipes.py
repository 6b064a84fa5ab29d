"""Settings under which the bundled samples are learned well in a few minutes on two cores."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from imgmine_gui.core.training.config import TrainConfig, configure


@dataclass(frozen=True)
class Recipe:
    """What is learned of a sample, by which architecture, and how: values of options by their names."""

    task: str
    architecture: str
    settings: Mapping[str, Any]


RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "clutter": Recipe(
            "classification",
            "attention",
            {
                "width": 96,
                "height": 96,
                "colour": "grey",
                "flip_horizontal": True,
                "epochs": 36,
                "early_stopping": 0,
                "time_budget": 110,
            },
        ),
        "lines": Recipe(
            "text_recognition",
            "crnn",
            {"epochs": 25, "early_stopping": 0, "time_budget": 110},
        ),
    }
)
"""By the name of the sample; measured by ``imgmine demo --headless --sample NAME``."""


def recipe(sample: str) -> TrainConfig:
    """The configuration of the demonstration on ``sample``, which must have one."""
    chosen = RECIPES[sample]
    return configure(chosen.task, chosen.architecture, chosen.settings.items())
