"""Shapes brought to the pixels of an image: sizes, orientations, edges."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.project.exchange.description import Point, Shape, ShapeKind
from imgmine_gui.core.project.exchange.geometry import (
    POINTS_LIMIT,
    area,
    as_it_is,
    fitted,
    oriented,
    transform_between,
)

SIZE = (40, 30)
coordinates = st.floats(-100, 100)
points = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8).map(tuple)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_stored_pixel_is_seen_where_the_decoder_shows_it(tmp_path: Path, orientation: int) -> None:
    """The decoder is the oracle: one white pixel, stored at (3, 1) of 12 x 7."""
    stored = np.zeros((7, 12, 3), np.uint8)
    stored[1, 3] = 255
    image = Image.fromarray(stored)
    exif = image.getexif()
    exif[0x0112] = orientation
    path = tmp_path / "a.png"
    image.save(path, exif=exif)
    pixels = decode_rgb(path).pixels
    row, column = np.argwhere(pixels[..., 0] == 255)[0]
    assert oriented((3.5, 1.5), (12, 7), orientation) == (column + 0.5, row + 0.5)


@given(st.sampled_from(ShapeKind), points, st.floats(1, 1000), st.floats(1, 1000), st.booleans(), st.integers(1, 8))
def test_what_is_left_lies_in_the_image(
    kind: ShapeKind, corners: tuple[Point, ...], width: float, height: float, relative: bool, orientation: int
) -> None:
    transform = transform_between((width, height), relative, SIZE, lambda: orientation)
    if transform is None:
        assert not relative
        return
    shape = fitted(Shape(kind, corners, "a", {"b": 1}), transform, SIZE)
    if shape is None:
        return
    assert (shape.kind, shape.label, shape.attributes) == (kind, "a", {"b": 1})
    assert all(0 <= x <= SIZE[0] and 0 <= y <= SIZE[1] for x, y in shape.points)
    if kind is ShapeKind.BOX:
        (left, top), (right, bottom) = shape.points
        assert left <= right
        assert top <= bottom
    if kind is ShapeKind.POLYGON:
        assert len(shape.points) >= 3


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 30)), min_size=3, max_size=8))
def test_a_polygon_inside_stays_as_it_is(corners: list[Point]) -> None:
    polygon = tuple((round(x, 3), round(y, 3)) for x, y in corners)
    found = fitted(Shape(ShapeKind.POLYGON, polygon), as_it_is, SIZE)
    assert found == (Shape(ShapeKind.POLYGON, polygon) if area(polygon) else None)


def test_clipping_a_polygon_leaves_the_part_inside() -> None:
    diamond = ((0.0, -10.0), (10.0, 0.0), (0.0, 10.0), (-10.0, 0.0))
    found = fitted(Shape(ShapeKind.POLYGON, diamond), as_it_is, SIZE)
    assert found is not None
    assert area(found.points) == 50
    assert set(found.points) == {(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)}


@pytest.mark.parametrize(
    ("kind", "corners"),
    [
        (ShapeKind.BOX, ((1.0, 1.0),)),
        (ShapeKind.BOX, ((1.0, 1.0), (1.0, 5.0))),
        (ShapeKind.BOX, ((50.0, 50.0), (60.0, 60.0))),
        (ShapeKind.BOX, ((float("nan"), 1.0), (5.0, 5.0))),
        (ShapeKind.BOX, ((float("inf"), 1.0), (5.0, 5.0))),
        (ShapeKind.POLYGON, ((1.0, 1.0), (2.0, 2.0))),
        (ShapeKind.POLYGON, ((1.0, 1.0), (2.0, 2.0), (3.0, 3.0))),
        (ShapeKind.POLYGON, ((-5.0, 1.0), (-2.0, 2.0), (-3.0, 9.0))),
        (ShapeKind.LINE, ((1.0, 1.0),)),
        (ShapeKind.LINE, ((-1.0, -1.0), (-5.0, -9.0))),
        (ShapeKind.POINT, ((42.0, 5.0),)),
        (ShapeKind.POINT, ()),
        (ShapeKind.POLYGON, tuple((float(n % 30), float(n % 7)) for n in range(POINTS_LIMIT + 1))),
    ],
)
def test_what_is_nothing_is_left_out(kind: ShapeKind, corners: tuple[Point, ...]) -> None:
    assert fitted(Shape(kind, corners), as_it_is, SIZE) is None


def test_corners_in_any_order_make_a_box() -> None:
    found = fitted(Shape(ShapeKind.BOX, ((9.0, 8.0), (2.0, 3.0))), as_it_is, SIZE)
    assert found is not None
    assert found.points == ((2.0, 3.0), (9.0, 8.0))


def test_sizes_of_the_same_proportions_scale_and_others_are_refused() -> None:
    never = lambda: pytest.fail("nobody asks for the orientation here")  # noqa: E731
    assert transform_between(None, False, SIZE, never) is as_it_is
    assert transform_between((40.0, 30.0), False, SIZE, never) is as_it_is
    double = transform_between((80.0, 60.0), False, SIZE, never)
    assert double is not None
    assert double((8.0, 6.0)) == (4.0, 3.0)
    rounded = transform_between((133.0, 100.0), False, SIZE, never)
    assert rounded is not None
    parts = transform_between((1.0, 1.0), True, SIZE, never)
    assert parts is not None
    assert parts((0.5, 0.5)) == (20.0, 15.0)
    assert transform_between((100.0, 30.0), False, SIZE, lambda: 1) is None
    assert transform_between((30.0, 40.0), False, SIZE, lambda: 1) is None
    assert transform_between((0.0, 40.0), False, SIZE, lambda: 1) is None
    turned = transform_between((30.0, 40.0), False, SIZE, lambda: 6)
    assert turned is not None
    assert turned((0.0, 0.0)) == (40.0, 0.0)
