"""Masks of other programs become polygons that hold exactly the same pixels."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS
from imgmine_gui.core.project.exchange.geometry import area
from imgmine_gui.core.project.exchange.masks import Mask, mask_of_runs, polygons_of_mask
from imgmine_gui.core.project.exchange.options import ImportOptions

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))


def runs_of(mask: Mask) -> list[int]:
    """As COCO writes them."""
    values = mask.T.ravel()
    ends = np.flatnonzero(np.diff(values)) + 1
    runs = np.diff(np.concatenate(([0], ends, [len(values)]))).tolist()
    return [0, *runs] if values[0] else runs


def packed(runs: list[int]) -> str:
    """``rleToString`` of pycocotools."""
    text = ""
    for place, run in enumerate(runs):
        value = run - runs[place - 2] if place > 2 else run
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != -1 if bits & 0x10 else value != 0
            text += chr((bits | 0x20 if more else bits) + 48)
    return text


def filled(polygons: list[Any], shape: tuple[int, ...]) -> Mask:
    """The pixels whose middle is in one of the polygons: counted by crossings, each pixel by itself."""
    found = np.zeros(shape, np.bool_)
    for polygon in polygons:
        inside = np.zeros(shape, np.bool_)
        middle_y, middle_x = np.indices(shape) + 0.5
        for (x, y), (next_x, next_y) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if x == next_x:
                inside ^= (middle_x < x) & (min(y, next_y) < middle_y) & (middle_y < max(y, next_y))
        found |= inside
    return found


@given(masks)
@settings(deadline=None)
def test_polygons_hold_the_pixels_of_the_mask(mask: Mask) -> None:
    polygons = polygons_of_mask(mask)
    assert polygons is not None
    assert np.array_equal(filled(polygons, mask.shape), mask)
    assert sum(area(polygon) for polygon in polygons) == mask.sum()


@given(masks, st.booleans())
@settings(deadline=None)
def test_run_lengths_give_the_mask(mask: Mask, as_text: bool) -> None:
    runs = runs_of(mask)
    found = mask_of_runs({"size": list(mask.shape), "counts": packed(runs) if as_text else runs})
    assert found is not None
    assert np.array_equal(found, mask)


def test_the_text_of_pycocotools_is_read() -> None:
    """A square of 3 pixels from (1, 2) in 10 rows and 8 columns, as pycocotools 2.0 packs it."""
    mask = np.zeros((10, 8), np.bool_)
    mask[2:5, 1:4] = True
    found = mask_of_runs({"size": [10, 8], "counts": "<37000V1"})
    assert found is not None
    assert np.array_equal(found, mask)


@pytest.mark.parametrize(
    "segmentation",
    [
        {"size": [2, 2], "counts": [1, 2]},
        {"size": [2, 2], "counts": [5, -1]},
        {"size": [2, 2], "counts": "\u00ff"},
        {"size": [2, 2], "counts": "o"},
        {"size": [2, 2], "counts": [True, 3]},
        {"size": [2], "counts": [4]},
        {"size": [10**6, 10**6], "counts": [10**12]},
        {"size": "2x2", "counts": [4]},
        {"counts": [4]},
    ],
)
def test_what_is_no_mask_is_none(segmentation: dict[str, Any]) -> None:
    assert mask_of_runs(segmentation) is None


def test_an_endless_outline_is_refused() -> None:
    assert polygons_of_mask(np.indices((400, 400)).sum(axis=0) % 2 == 0) is None


def shapes_in(path: Path, reader: str) -> list[Shape]:
    told = Told(PlainContext())
    pieces = READERS[reader].read(READERS[reader](), Place(path), ImportOptions(), told)
    return [shape for piece in pieces for shape in piece.shapes or ()]


corners = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=8, unique=True)


@given(corners)
@settings(deadline=None, max_examples=50)
def test_a_polygon_comes_back_from_run_lengths_and_from_a_mask_of_labelme(points: list[tuple[int, int]]) -> None:
    image = Image.new("1", (61, 61))
    ImageDraw.Draw(image).polygon(points, fill=1, outline=1)
    mask = np.asarray(image, np.bool_)
    assert area_of(coco({"size": [61, 61], "counts": packed(runs_of(mask))})) == mask.sum()
    assert area_of(coco({"size": [61, 61], "counts": runs_of(mask)})) == mask.sum()
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = (int(value) for value in (rows[0], rows[-1], columns[0], columns[-1]))
    shapes = labelme(mask[top : bottom + 1, left : right + 1], [[left, top], [right, bottom]])
    polygons = [shape.points for shape in shapes]
    assert np.array_equal(filled(polygons, mask.shape), mask)


def area_of(shapes: list[Shape]) -> float:
    assert {shape.kind for shape in shapes} == {ShapeKind.POLYGON}
    return sum(area(shape.points) for shape in shapes)


def coco(segmentation: dict[str, Any]) -> list[Shape]:
    entry = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 60, 60], "segmentation": segmentation}
    content = {
        "images": [{"id": 1, "file_name": "a.png", "width": 61, "height": 61}],
        "annotations": [entry],
        "categories": [{"id": 1, "name": "cat"}],
    }
    return read("coco", content)


def labelme(mask: Mask, points: list[list[int]]) -> list[Shape]:
    file = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8)).save(file, "PNG")
    entry = {"label": "cat", "points": points, "shape_type": "mask", "mask": base64.b64encode(file.getvalue()).decode()}
    return read("labelme", {"flags": {}, "imagePath": "a.png", "shapes": [entry]})


def read(reader: str, content: dict[str, Any]) -> list[Shape]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps(content), "utf-8")
        return shapes_in(path, reader)


def test_runs_that_cannot_be_read_stay_with_the_box() -> None:
    runs = {"size": [61, 61], "counts": [1, 2]}
    (shape,) = coco(runs)
    assert shape.kind is ShapeKind.BOX
    assert shape.attributes["segmentation"] == runs


def test_a_mask_of_labelme_that_cannot_be_read_is_the_box_around_it() -> None:
    mask = np.ones((5, 5), np.bool_)
    (shape,) = labelme(mask, [[3, 3], [100, 100]])
    assert (shape.kind, shape.points) == (ShapeKind.BOX, ((3.0, 3.0), (100.0, 100.0)))
