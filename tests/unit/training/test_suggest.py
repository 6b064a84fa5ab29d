"""The size to begin with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.suggest import suggest_config, suggest_input


@pytest.mark.parametrize(
    ("image", "network"),
    [((28, 28), (28, 28)), ((96, 96), (96, 96)), ((640, 480), (224, 224)), ((336, 252), (224, 224)),
     ((80, 78), (80, 80)), ((700, 80), (224, 26)), ((4000, 3000), (224, 224)), ((3, 2), (16, 16))],
)  # fmt: skip
def test_examples(image: tuple[int, int], network: tuple[int, int]) -> None:
    assert suggest_input(*image) == network


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_any_size_gives_a_usable_one(width: int, height: int) -> None:
    config = suggest_config((width, height))
    assert 16 <= config.preprocessing.width <= 224
    assert 16 <= config.preprocessing.height <= 224


def test_without_images_the_defaults() -> None:
    assert suggest_config(None) == TrainConfig()


@pytest.mark.parametrize(
    ("size", "images", "architecture"),
    [((640, 480), 300, "transfer"), ((640, 480), 9_999, "transfer"), ((640, 480), 10_000, TrainConfig().architecture),
     ((28, 28), 10_000, "cnn"), ((64, 64), 10_000, TrainConfig().architecture),
     ((28, 28), 300, TrainConfig().architecture), ((80, 60), 300, "transfer")],
)  # fmt: skip
def test_few_images_are_learned_on_a_pretrained_network(size: tuple[int, int], images: int, architecture: str) -> None:
    config = suggest_config(size, images)
    assert config.architecture == architecture
    if architecture == "transfer":
        assert (config.preprocessing.width, config.preprocessing.height) == (224, 224)
        assert config.preprocessing.resizing.value == "fit"


def test_many_tiny_images_have_a_recipe_at_their_own_size() -> None:
    config = suggest_config((28, 28), 60_000)
    assert (config.preprocessing.width, config.preprocessing.height) == (28, 28)
    assert (config.training.schedule.value, config.training.average_weights) == ("one_cycle", True)
    assert config.architecture_options["dense"] == 128
