"""The running average of the weights: its formula, and that it is what is judged and kept."""

import keras
import numpy as np
import pytest

from imgmine_gui.core.storage.bundle import load_bundle
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.training.config import configure
from imgmine_gui.core.training.steps import Steps
from imgmine_gui.core.training.trainer import train
from tests.unit.training.conftest import MakeRun, Recorder


def make_steps(average: bool) -> Steps:
    """Of a network with one dense layer on 4x4 grey images and two classes."""
    keras.utils.set_random_seed(0)
    images = keras.Input((4, 4, 1))
    logits = keras.layers.Dense(2)(keras.layers.Flatten()(images))
    config = configure("classification", "cnn", {"shift": 0, "average_weights": average}.items())
    network = keras.Model(images, {"logits": logits, "probabilities": keras.layers.Softmax()(logits)})
    return Steps(network, TASKS["classification"](), config, ())


def take(steps: Steps, number: int) -> list[np.ndarray]:
    """The weights after one more step."""
    random = np.random.default_rng(number)
    pixels = random.integers(0, 256, (8, 4, 4, 1)).astype(np.uint8)
    steps.train((pixels,), random.integers(0, 2, 8).astype(np.int32), np.ones(8, np.float32), 0.01, number)
    return [variable.numpy() for variable in steps.model.trainable_variables]


def test_averages_follow_the_formula_and_are_lent_for_a_while() -> None:
    steps = make_steps(average=True)
    expected = [variable.numpy() for variable in steps.model.trainable_variables]
    weights = expected
    for number in range(25):
        weights = take(steps, number)
        decay = min(0.999, (2 + number) / (11 + number))
        expected = [decay * one + (1 - decay) * new for one, new in zip(expected, weights, strict=True)]
    with steps.averaged():
        for variable, value in zip(steps.model.trainable_variables, expected, strict=True):
            np.testing.assert_allclose(variable.numpy(), value, atol=1e-6)
    for variable, value in zip(steps.model.trainable_variables, weights, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert not np.allclose(weights[0], expected[0], atol=1e-4)


def test_without_the_option_nothing_is_kept_beside() -> None:
    plain, averaging = make_steps(average=False), make_steps(average=True)
    assert plain.averages == []
    np.testing.assert_array_equal(take(plain, 0)[0], take(averaging, 0)[0])  # averaging leaves the training alone


@pytest.mark.parametrize("average", [False, True])
def test_the_average_is_the_model_that_is_kept(make_run: MakeRun, made_steps: list[Steps], average: bool) -> None:
    run = make_run(epochs=1, average_weights=average)
    train(str(run), None, Recorder())
    kept = load_bundle(run / "model.imgmodel")[0].model.trainable_variables
    newest = made_steps[0].model.trainable_variables
    same = all(np.array_equal(one.numpy(), other.numpy()) for one, other in zip(kept, newest, strict=True))
    assert same is not average
