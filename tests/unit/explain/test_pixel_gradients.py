"""Integrated gradients and SmoothGrad."""

import math

import keras
import numpy as np
import pytest
from keras import layers

from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.integrated_gradients import IntegratedGradients, IntegratedGradientsOptions
from imgmine_gui.core.explain.smooth_grad import SmoothGrad, SmoothGradOptions
from imgmine_gui.core.explain.subject import Subject
from tests.unit.explain.linear_networks import linear_subject
from tests.unit.explain.small_networks import pictures, subject_of


@pytest.mark.parametrize("baseline", Baseline)
@pytest.mark.parametrize("kind", ["sequential", "functional", "nested", "attention", "two_output", "recurrent"])
def test_the_attributions_add_up_to_the_difference_of_the_scores(kind: str, baseline: Baseline) -> None:
    image, subject = pictures(1), subject_of(kind)
    explainer = IntegratedGradients(IntegratedGradientsOptions(steps=256, baseline=baseline))
    start = np.ascontiguousarray(baseline_images(image, baseline))
    for target in range(2):
        difference = subject.scores(image)[0, target] - subject.scores(start)[0, target]
        assert abs(difference) > 1e-4
        total = explainer.attributions(subject, image[0], target).sum()
        assert total == pytest.approx(difference, rel=0.02, abs=2e-3)


def test_of_a_linear_score_two_steps_are_exact() -> None:
    image = pictures(1, (8, 12, 2))
    weights = np.random.default_rng(2).normal(size=(8, 12, 2, 3)).astype(np.float32)
    explainer = IntegratedGradients(IntegratedGradientsOptions(steps=2))
    attributions = explainer.attributions(linear_subject(weights), image[0], 1)
    np.testing.assert_allclose(attributions, image[0] * weights[..., 1], rtol=1e-5, atol=1e-4)
    maps = explainer.explain(linear_subject(weights), image, np.array([1]))
    np.testing.assert_allclose(maps[0], np.maximum(attributions.sum(2), 0), rtol=1e-5)


def test_nothing_is_seen_in_what_equals_the_start() -> None:
    image = pictures(1)
    image[0, :, :16] = 0
    maps = IntegratedGradients().explain(subject_of("sequential"), image, np.array([0]))
    assert not maps[0, :, :16].any()
    assert maps[0, :, 16:].any()


@pytest.mark.parametrize("kind", ["sequential", "attention", "recurrent"])
def test_without_noise_smooth_grad_is_the_magnitude_of_the_gradient(kind: str) -> None:
    images, targets, subject = pictures(2), np.array([0, 2]), subject_of(kind)
    maps = SmoothGrad(SmoothGradOptions(samples=3, noise=0)).explain(subject, images, targets)
    np.testing.assert_allclose(maps, np.abs(subject.input_gradients(images, targets)).max(3), rtol=1e-4, atol=1e-8)


def test_noise_smooths_a_step_to_the_normal_distribution() -> None:
    """The score is the sum of relu(x - 100), whose gradient jumps from 0 to 1 at 100."""
    network = keras.Sequential(
        [keras.Input((4, 25, 1)), layers.Rescaling(1, -100.0), layers.ReLU(), layers.Flatten(), layers.Dense(1)]
    )
    network.layers[-1].kernel.assign(np.ones((100, 1)))
    image = np.linspace(0, 200, 100, dtype=np.float32).reshape(1, 4, 25, 1)
    maps = SmoothGrad(SmoothGradOptions(samples=512, noise=10)).explain(Subject(network), image, np.array([0]))
    expected = [0.5 * (1 + math.erf((value - 100) / (20 * math.sqrt(2)))) for value in image.ravel()]
    np.testing.assert_allclose(maps.ravel(), expected, atol=0.08)  # 3.6 standard errors
    assert 0.1 < maps.ravel()[45] < 0.6


def test_the_seed_decides_the_noise() -> None:
    image, subject = pictures(1), subject_of("attention")
    first, again, other = (
        SmoothGrad(SmoothGradOptions(samples=4, seed=seed)).explain(subject, image, np.array([1])) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, rtol=1e-2)
