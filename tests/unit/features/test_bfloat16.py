"""Weights in bfloat16 whose sums stay."""

import numpy as np

from imgmine_gui.core.features.bfloat16 import keep_sums, rounded


def test_every_weight_is_one_of_its_two_neighbours_and_sums_stay() -> None:
    kernel = np.random.default_rng(1).normal(0, 1, (5, 5, 300, 1)).astype(np.float32)
    kept = keep_sums(kernel)
    assert np.array_equal(kept, rounded(kept))
    assert (np.abs(kept - kernel) <= 2.0**-7 * np.abs(kernel)).all()
    errors = [np.abs((one - kernel).sum(axis=(0, 1), dtype=np.float64)) for one in (kept, rounded(kernel))]
    assert errors[0].mean() < errors[1].mean() / 20


def test_what_bfloat16_has_is_left_alone() -> None:
    exact = np.array([0.0, 1.0, -2.5, 0.0078125], np.float32)
    assert np.array_equal(keep_sums(exact.reshape(2, 2, 1, 1)).ravel(), exact)


def test_rounding_is_to_nearest_with_ties_to_even() -> None:
    import tensorflow as tf

    values = np.concatenate(
        [
            np.random.default_rng(2).normal(0, 9, 4000).astype(np.float32),
            np.array([1 + 2**-8, 1 + 3 * 2**-8], np.float32),
        ]
    )
    assert np.array_equal(rounded(values), tf.cast(tf.cast(values, tf.bfloat16), tf.float32).numpy())
