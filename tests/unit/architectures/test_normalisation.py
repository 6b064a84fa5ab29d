"""What the first layer does with pixel values."""

import numpy as np
import pytest

from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.tasks.network import NetworkDescription, build_network
from tests.unit.networks import pixels


def normalised(kind: str, images: np.ndarray) -> np.ndarray:
    import keras

    description = NetworkDescription(
        task="classification", architecture="cnn", architecture_options={"widths": [2], "dense": 0},
        preprocessing=Preprocessing(width=16, height=16, normalisation=kind), classes=("a", "b"),
        mean=(10.0, 20.0, 30.0), variance=(4.0, 9.0, 16.0),
    )  # fmt: skip
    model = build_network(description).model
    first = keras.Model(model.input, model.get_layer("normalisation").output)
    return np.asarray(first(images))


@pytest.mark.parametrize(
    ("kind", "formula"),
    [
        ("unit", lambda x: x / 255),
        ("symmetric", lambda x: x / 127.5 - 1),
        ("dataset", lambda x: (x - [10, 20, 30]) / [2, 3, 4]),
        ("image", lambda x: (x - x.mean((1, 2, 3), keepdims=True)) / x.std((1, 2, 3), keepdims=True)),
    ],
)
def test_formula(kind: str, formula) -> None:
    images = pixels(3)
    np.testing.assert_allclose(normalised(kind, images), formula(images.astype(np.float64)), rtol=1e-4, atol=1e-4)


def test_image_of_one_colour_stays_finite() -> None:
    assert not normalised("image", np.full((1, 16, 16, 3), 77, np.float32)).any()
