"""The colours of classes: how far apart they are, for whom, and on which ground."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from imgmine_gui.gui.class_colours import class_colour, paint_class_square
from imgmine_gui.gui.theme import ThemeMode, theme
from tests.gui.shell.test_theme import contrast

Linear = npt.NDArray[np.float64]
NUMBER = 24
SIDE = 12
SIGHT = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What is left of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1."""
NOTICEABLE = 0.04
"""A distance in Oklab; two to three times what is just noticed side by side."""
AT_A_GLANCE = 0.14
"""A distance at which small squares are told apart without being compared."""


@pytest.fixture(params=[ThemeMode.LIGHT, ThemeMode.DARK], autouse=True)
def themed(request: pytest.FixtureRequest) -> Iterator[None]:
    theme().set_mode(request.param)
    yield
    theme().set_mode(ThemeMode.LIGHT)


def linear(colour: QColor) -> Linear:
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def oklab(colour: Linear) -> Linear:
    """Ottosson 2020, "A perceptual color space for image processing"."""
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    axes = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.asarray(axes @ np.cbrt(cones @ np.clip(colour, 0, 1)))


def square(index: int) -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(theme().colours.surface)
    painter = QPainter(image)
    paint_class_square(painter, QRectF(0, 0, SIDE, SIDE), index)
    painter.end()
    return image


def shape(index: int) -> npt.NDArray[np.bool_]:
    """Where the square is filled."""
    image, ground = square(index), theme().colours.surface
    return np.array([[image.pixelColor(x, y) != ground for x in range(SIDE)] for y in range(SIDE)])


@pytest.mark.parametrize("ground", ["window", "surface", "accent_soft"])
def test_every_colour_stands_out_from_its_ground(ground: str) -> None:
    behind = getattr(theme().colours, ground)
    assert min(contrast(class_colour(index), behind) for index in range(NUMBER)) >= 3


def test_all_colours_differ() -> None:
    seen = [oklab(linear(class_colour(index))) for index in range(NUMBER)]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= NOTICEABLE


@pytest.mark.parametrize("sight", SIGHT)
def test_squares_of_one_shape_differ_for_everybody(sight: str) -> None:
    for first in range(0, NUMBER, 8):
        seen = [oklab(SIGHT[sight] @ linear(class_colour(index))) for index in range(first, first + 8)]
        assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= NOTICEABLE
        assert all((shape(index) == shape(first)).all() for index in range(first, first + 8))


def test_classes_that_stand_together_differ_at_a_glance() -> None:
    seen = [oklab(linear(class_colour(index))) for index in range(NUMBER)]
    apart = [float(np.linalg.norm(one - other)) for one, other in pairwise(seen)]
    assert min(apart) >= AT_A_GLANCE
    first = [float(np.linalg.norm(one - other)) for one, other in combinations(seen[:8], 2)]
    assert min(first) >= AT_A_GLANCE


def test_each_eight_has_a_shape_of_its_own() -> None:
    whole, bars, hole = (shape(first) for first in (0, 8, 16))
    middle = SIDE // 2
    assert whole.mean() > 0.95
    assert whole[middle, middle]
    assert bars[:, 1].all()
    assert bars[:, -2].all()
    assert not bars[:, middle].any()
    assert hole[1, middle]
    assert not hole[middle, middle]
    assert (shape(NUMBER) == whole).all()
    assert class_colour(NUMBER) == class_colour(0)
