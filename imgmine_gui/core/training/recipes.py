"""Settings under which the bundled samples are learned well in a few minutes on two cores."""

from typing import Any, Final

from imgmine_gui.core.training.config import TrainConfig, configure

RECIPES: Final[dict[str, dict[str, Any]]] = {
    "clutter": {
        "width": 96,
        "height": 96,
        "colour": "grey",
        "flip_horizontal": True,
        "epochs": 36,
        "early_stopping": 0,
        "time_budget": 110,
    }
}
"""By the name of the sample; measured by ``tests/bench/demo.py``."""


def recipe(sample: str, architecture: str = "attention") -> TrainConfig:
    """The configuration of the demonstration on ``sample``."""
    return configure("classification", architecture, RECIPES[sample].items())
