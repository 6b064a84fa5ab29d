"""Files of labelling programs and of Hugging Face, read by the reader of each format."""

import json
from pathlib import Path
from typing import Any

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import ProblemKind, Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS, format_of
from imgmine_gui.core.project.exchange.readers.label_studio import names_of
from imgmine_gui.core.project.layout import Split
from tests.unit.project.exchange_files import put, read

# labelme


def test_labelme(tmp_path: Path) -> None:
    content = {
        "version": "5.4.1",
        "flags": {"oak": True, "blurred": False},
        "shapes": [
            {"label": "leaf", "points": [[9, 8], [1, 2]], "shape_type": "rectangle", "group_id": 4, "flags": {}},
            {"label": "leaf", "points": [[1, 1], [5, 1], [5, 5]], "shape_type": "polygon", "description": "torn"},
            {"label": "vein", "points": [[1, 1], [5, 1]], "shape_type": "line"},
            {"label": "vein", "points": [[1, 1], [5, 1], [7, 2]], "shape_type": "linestrip"},
            {"label": "tip", "points": [[3, 4]], "shape_type": "point"},
            {"label": "tips", "points": [[3, 4], [5, 6]], "shape_type": "points"},
            {"label": "gall", "points": [[10, 10], [13, 14]], "shape_type": "circle"},
            {"label": "mould", "points": [[1, 1], [4, 4]], "shape_type": "mask", "mask": "iVBORw0KGgo="},
            {"label": "?", "points": [[1, 1]], "shape_type": "circle"},
            {"label": "?", "points": "none"},
            "nothing",
        ],
        "imagePath": "..\\pictures\\a.jpg",
        "imageData": "x" * 100_000,
        "imageHeight": 48,
        "imageWidth": 64,
    }
    told = Told(PlainContext())
    (piece,) = read(put(tmp_path / "a.json", content), "labelme", told)
    assert piece.names == ("..\\pictures\\a.jpg",)
    assert (piece.labels, piece.size) == (("oak",), (64, 48))
    found = piece.shapes or ()
    assert [shape.kind.value for shape in found] == ["box", "polygon", "line", "line", *["point"] * 3, "polygon", "box"]
    assert found[0].attributes == {"group_id": 4}
    assert found[1].attributes == {"description": "torn"}
    assert all(abs((x - 10) ** 2 + (y - 10) ** 2 - 25) < 1e-9 for x, y in found[7].points)
    assert [problem.values["number"] for problem in told.problems] == [9, 10, 11]


def test_labelme_folder_passes_over_other_json(tmp_path: Path) -> None:
    put(tmp_path / "a/one.json", {"shapes": [], "imagePath": "one.jpg", "flags": {}})
    put(tmp_path / "settings.json", {"theme": "dark"})
    told = Told(PlainContext())
    (piece,) = read(tmp_path, "labelme", told)
    assert piece.names == ("a/one.jpg", "one.jpg")
    assert piece.labels is None
    assert "no “shapes”" in told.problems[0].text


# Label Studio


def region(kind: str, **value: Any) -> dict[str, Any]:
    return {"id": kind, "type": kind, "original_width": 200, "original_height": 100, "value": value}


def test_label_studio(tmp_path: Path) -> None:
    results = [
        {"type": "choices", "value": {"choices": ["oak", "old"]}},
        region("rectanglelabels", x=10, y=20, width=30, height=40, rotation=0, rectanglelabels=["leaf"]),
        region("turned", x=50, y=50, width=10, height=10, rotation=90, rectanglelabels=["leaf"]),
        region("polygonlabels", points=[[0, 0], [10, 0], [0, 10]], polygonlabels=["hole"]),
        region("keypointlabels", x=50, y=50, width=0.5, keypointlabels=["tip"]),
        region("ellipselabels", x=50, y=50, radiusX=10, radiusY=20, rotation=0, ellipselabels=["gall"]),
        region("brushlabels", format="rle", rle=[1, 2], brushlabels=["mould"]),
        {"type": "textarea", "id": "rectanglelabels", "value": {"text": ["small"]}},
        {"type": "rating", "value": {"rating": 3}},
    ]
    task = {
        "id": 1,
        "annotations": [
            {"was_cancelled": True, "result": []},
            {"result": [region("rectanglelabels", x=0, y=0, width=1, height=1)]},
            {"result": results, "ground_truth": True},
        ],
        "data": {"title": "x", "image": "/data/upload/1/0a1b2c3d-oak.jpg"},
    }
    told = Told(PlainContext())
    pieces = read(
        put(tmp_path / "export.json", [task, {"data": {"text": "no image"}, "annotations": []}]), "label_studio", told
    )
    (piece,) = pieces
    assert piece.names == ("/data/upload/1/0a1b2c3d-oak.jpg", "oak.jpg")
    assert (piece.labels, piece.size, piece.relative) == (("oak", "old"), (200, 100), False)
    box, turned, polygon, point, ellipse = piece.shapes or ()
    assert box == Shape(ShapeKind.BOX, ((20, 20), (80, 60)), "leaf", {"text": "small"})
    assert turned.kind is ShapeKind.POLYGON
    assert [tuple(map(round, corner)) for corner in turned.points] == [(100, 50), (100, 70), (90, 70), (90, 50)]
    assert polygon.points == ((0, 0), (20, 0), (0, 10))
    assert (point.kind, point.points) == (ShapeKind.POINT, ((100, 50),))
    assert {round(((x - 100) / 20) ** 2 + ((y - 50) / 20) ** 2, 6) for x, y in ellipse.points} == {1.0}
    assert told.counts == {ProblemKind.LEFT_OUT: 2, ProblemKind.UNREADABLE: 1}
    assert "several annotations" in told.remarks[0][0]


def test_label_studio_min_and_without_sizes(tmp_path: Path) -> None:
    content = [
        {"image": "/data/local-files/?d=leaves/a%20b.jpg", "choice": "oak", "annotator": 1},
        {"image": "b.jpg", "label": [{"x": 10, "y": 20, "width": 30, "height": 40, "rectanglelabels": ["leaf"]}],
         "annotation_id": 2},
    ]  # fmt: skip
    first, second = read(put(tmp_path / "min.json", content), "label_studio")
    assert first.names[1] == "leaves/a b.jpg"
    assert first.labels == ("oak",)
    assert second.relative
    assert second.size == (100, 100)
    assert second.shapes == (Shape(ShapeKind.BOX, ((10, 20), (40, 60)), "leaf", {}),)


@pytest.mark.parametrize(
    ("address", "last"),
    [
        ("s3://bucket/x/a.jpg", "/x/a.jpg"),
        ("https://host/x/a%20b.jpg?sig=1", "/x/a b.jpg"),
        ("plain.jpg", "plain.jpg"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_label_studio_addresses(address: str, last: str) -> None:
    assert names_of(address)[-1] == last


# Hugging Face


def test_hugging_face_lines(tmp_path: Path) -> None:
    rows = [
        {"file_name": "a.jpg", "label": "oak", "objects": {"bbox": [[1, 2, 3, 4]], "categories": [0]}},
        {"file_name": "b.jpg", "label": 7, "text": "what it says"},
        {"nothing": 1},
    ]
    put(tmp_path / "train/metadata.jsonl", "\n".join(map(json.dumps, rows)))
    put(tmp_path / "test/metadata.csv", "file_name,label\nc.jpg,ash\n")
    told = Told(PlainContext())
    third, first, second = read(tmp_path, "huggingface", told)
    assert first.names == ("train/a.jpg", "a.jpg")
    assert (first.split, third.split) == (Split.TRAIN, Split.TEST)
    assert first.shapes == (Shape(ShapeKind.BOX, ((1, 2), (4, 6)), "0", {}),)
    assert (second.labels, second.text, third.labels) == (("7",), "what it says", ("ash",))
    assert told.problems[0].line == 3


def test_hugging_face_line_that_is_no_json(tmp_path: Path) -> None:
    path = put(tmp_path / "metadata.jsonl", '{"file_name": "a.jpg"}\n{"file_name": \n')
    with pytest.raises(UserError, match=r"metadata\.jsonl”, line 2: this is no JSON.*Every line"):
        read(path, "huggingface")


# All


@pytest.mark.parametrize("name", list(READERS))
def test_what_is_missing_or_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no file or folder .*gone"):
        Place(tmp_path / "gone.json")
    with pytest.raises(UserError, match=r"Say which one|is in no format|reads labels from|add it as a source"):
        format_of(Place(put(tmp_path / "a.bin", "x").parent))


def test_formats_that_may_both_be_meant_are_asked_for(tmp_path: Path) -> None:
    put(tmp_path / "metadata.csv", "file_name,label\na.jpg,b\n")
    put(tmp_path / "a.json", {"shapes": [], "imagePath": "a.jpg", "flags": {}})
    with pytest.raises(UserError, match=r"several formats: Hugging Face \(metadata\), labelme \(JSON\).*Say which one"):
        format_of(Place(tmp_path))
