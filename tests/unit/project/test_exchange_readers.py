"""COCO, VOC and YOLO as other programs write them, read by the reader of each format."""

import json
from pathlib import Path
from typing import Any

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import ImportedImage, ProblemKind, Shape, ShapeKind, Told
from imgmine_gui.core.project.layout import Split
from tests.unit.project.exchange_files import put, read

# COCO


def coco(**beside: Any) -> dict[str, Any]:
    return {
        "info": {},
        "images": [
            {"id": 7, "file_name": "a.jpg", "width": 64, "height": 48},
            {"id": 8, "file_name": "sub/b.jpg", "width": 64, "height": 48},
        ],
        "annotations": [],
        "categories": [{"id": 3, "name": "oak"}, {"id": 5, "name": "person", "keypoints": ["nose", "eye"]}],
        **beside,
    }


def annotation(**values: Any) -> dict[str, Any]:
    return {"id": 1, "image_id": 7, "category_id": 3, "iscrowd": 0, "area": 1, **values}


def shapes_of(pieces: list[ImportedImage], name: str) -> list[Shape]:
    return [shape for piece in pieces if piece.names == (name,) for shape in piece.shapes or ()]


def test_coco_boxes_polygons_and_what_stands_beside(tmp_path: Path) -> None:
    content = coco(
        annotations=[
            annotation(bbox=[1, 2, 10.5, 4], segmentation=[], score=0.5, attributes={"occluded": True}),
            annotation(bbox=[0, 0, 9, 9], segmentation=[[1, 1, 5, 1, 5, 5], [7, 7, 9, 7, 9, 9]]),
            annotation(bbox=[0, 0, 9, 9], iscrowd=1, segmentation={"counts": [3, 4, 5], "size": [48, 64]}),
        ]
    )
    pieces = read(put(tmp_path / "instances_train.json", content), "coco")
    box, first, second, crowd = shapes_of(pieces, "a.jpg")
    assert box == Shape(ShapeKind.BOX, ((1, 2), (11.5, 6)), "oak", {"score": 0.5, "occluded": True})
    assert first == Shape(ShapeKind.POLYGON, ((1, 1), (5, 1), (5, 5)), "oak", {"object": 1})
    assert second.attributes == {"object": 1}
    assert crowd.kind is ShapeKind.BOX
    assert crowd.attributes == {"iscrowd": 1, "segmentation": {"counts": [3, 4, 5], "size": [48, 64]}}
    assert [piece.shapes for piece in pieces if piece.names == ("sub/b.jpg",)] == [None, ()]


def test_coco_keypoints(tmp_path: Path) -> None:
    one = annotation(category_id=5, bbox=[0, 0, 20, 20], keypoints=[4, 5, 2, 6, 7, 1], num_keypoints=2)
    other = annotation(category_id=5, bbox=[0, 0, 20, 20], keypoints=[0, 0, 0, 6, 7, 2])
    pieces = read(put(tmp_path / "k.json", coco(annotations=[one, other])), "coco")
    box, nose, eye, _, only = shapes_of(pieces, "a.jpg")
    assert box.kind is ShapeKind.BOX
    assert nose == Shape(ShapeKind.POINT, ((4, 5),), "person", {"keypoint": "nose", "object": 1})
    assert eye.attributes == {"keypoint": "eye", "visible": 1, "object": 1}
    assert only.attributes == {"keypoint": "eye", "object": 2}


@pytest.mark.parametrize(
    "wrong",
    [
        annotation(image_id=99, bbox=[1, 1, 2, 2]),
        annotation(bbox=[1, 1, 2]),
        annotation(bbox=["a", 1, 2, 3]),
        annotation(bbox=[1, 1, 2, None]),
        annotation(),
        annotation(image_id=[7], bbox=[1, 1, 2, 2]),
        "not an annotation",
        None,
    ],
)
def test_coco_annotations_that_are_none_are_told(tmp_path: Path, wrong: Any) -> None:
    told = Told(PlainContext())
    path = tmp_path / "a.json"
    path.write_text(json.dumps(coco(annotations=[wrong, annotation(bbox=[1, 1, 2, 2])]), indent=0))
    pieces = read(path, "coco", told)
    assert len(shapes_of(pieces, "a.jpg")) == 1
    assert told.counts == {ProblemKind.UNREADABLE: 1}
    assert told.problems[0].line > 10


def test_coco_without_images_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.json", {"annotations": [], "categories": []})
    with pytest.raises(UserError, match=r"a\.json.*no “images”.*instances_train\.json"):
        read(path, "coco")


def test_a_coco_file_without_annotations_says_nothing_of_shapes(tmp_path: Path) -> None:
    assert all(piece.shapes is None for piece in read(put(tmp_path / "image_info.json", coco()), "coco"))


# Pascal VOC

VOC = """<annotation><folder>x</folder><filename>a.jpg</filename><path>/far/away/a.jpg</path>
<size><width>64</width><height>48</height><depth>3</depth></size>
<object><name>oak</name><pose>Left</pose><bndbox><xmin>3</xmin><ymin>4</ymin><xmax>20.5</xmax><ymax>30</ymax></bndbox></object>
<object><name>ash</name><polygon><x1>1</x1><y1>2</y1><x2>3</x2><y2>4</y2><x3>5</x3><y3>0</y3></polygon></object>
</annotation>"""


def test_voc(tmp_path: Path) -> None:
    (piece,) = read(put(tmp_path / "a.xml", VOC), "voc")
    assert piece.names == ("/far/away/a.jpg", "a.jpg")
    assert piece.size == (64, 48)
    assert piece.shapes == (
        Shape(ShapeKind.BOX, ((3, 4), (20.5, 30)), "oak", {"pose": "Left"}),
        Shape(ShapeKind.POLYGON, ((1, 2), (3, 4), (5, 0)), "ash", {}),
    )


def test_voc_counts_from_1_only_in_the_original_files(tmp_path: Path) -> None:
    text = VOC.replace("<size>", "<source><database>The VOC2007 Database</database></source><size>")
    (piece,) = read(put(tmp_path / "a.xml", text), "voc")
    assert piece.shapes
    assert piece.shapes[0].points == ((2, 3), (20.5, 30))


def test_voc_folder_with_splits_and_damaged_files(tmp_path: Path) -> None:
    put(tmp_path / "Annotations/a.xml", VOC)
    put(tmp_path / "Annotations/b.xml", VOC.replace("a.jpg", "b.jpg").replace("<xmax>20.5", "<xmax>wide"))
    put(tmp_path / "Annotations/c.xml", VOC[:200])
    put(tmp_path / "Annotations/d.xml", "<svg/>")
    put(tmp_path / "ImageSets/Main/train.txt", "a\nc\n")
    put(tmp_path / "ImageSets/Main/oak_train.txt", "a 1\nb -1\n")
    put(tmp_path / "ImageSets/Main/val.txt", "b  1\n")
    told = Told(PlainContext())
    first, second = read(tmp_path, "voc", told)
    assert (first.split, second.split) == (Split.TRAIN, Split.VALIDATION)
    assert len(second.shapes or ()) == 1
    words = [problem.text for problem in told.problems]
    assert "Annotations/b.xml" in words[0]
    assert "c.xml”, line 3: this is no XML" in words[1]
    assert "“svg”" in words[2]


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<annotation><filename>&b;</filename></annotation>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<annotation><filename>&x;</filename></annotation>"""


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, '<!DOCTYPE annotation SYSTEM "http://x/a.dtd"><annotation/>'])
def test_voc_entities_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match=r"a\.xml.*something in the XML that labels have no need of"):
        read(put(tmp_path / "a.xml", content), "voc")


def test_voc_deep_and_large_files_end_soon(tmp_path: Path) -> None:
    deep = "<annotation>" + "<object>" * 200_000
    with pytest.raises(UserError, match=r"a\.xml"):
        read(put(tmp_path / "a.xml", deep), "voc")
    with (tmp_path / "b.xml").open("wb") as file:
        file.write(b"<annotation>")
        file.truncate(2**30)
    with pytest.raises(UserError, match=r"b\.xml.*too large"):
        read(tmp_path / "b.xml", "voc")


# YOLO


def test_yolo(tmp_path: Path) -> None:
    put(tmp_path / "data.yaml", "train: images/train\nnames:\n  0: oak\n  1: 'ash: white'\n")
    put(tmp_path / "labels/train/a.txt", "0 0.5 0.5 0.2 0.4\n1 0.1 0.1 0.9 0.1 0.5 0.9\n0 0.5 0.5 0.2 0.4 0.87\n")
    put(tmp_path / "labels/val/b.txt", "")
    put(tmp_path / "README.txt", "hello there")
    first, second = read(tmp_path, "yolo")
    box, polygon, sure = first.shapes or ()
    assert box.points == ((pytest.approx(0.4), pytest.approx(0.3)), (pytest.approx(0.6), pytest.approx(0.7)))
    assert (box.label, polygon.label, sure.attributes) == ("oak", "ash: white", {"confidence": 0.87})
    assert polygon.points == ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9))
    assert (first.size, first.relative, first.split, second.split) == ((1, 1), True, Split.TRAIN, Split.VALIDATION)
    assert second.shapes == ()
    assert first.stem == str(tmp_path / "images/train/a")
    assert read(tmp_path / "data.yaml", "yolo") == [first, second]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("classes.txt", "oak\nash\n"),
        ("obj.names", "oak\r\nash\r\n"),
        ("data.yaml", "names: [oak, ash]"),
        ("data.yaml", "names:\n- oak\n- ash\n"),
        ("dataset.yml", "nc: 2\nnames: {0: oak, 1: ash}"),
    ],
)
def test_yolo_names(tmp_path: Path, name: str, content: str) -> None:
    put(tmp_path / name, content)
    put(tmp_path / "a.txt", "1 0.5 0.5 0.2 0.4\n")
    (piece,) = read(tmp_path / "a.txt", "yolo")
    assert piece.shapes
    assert piece.shapes[0].label == "ash"
    assert [one.shapes for one in read(tmp_path, "yolo")] == [piece.shapes]


def test_yolo_without_names_says_so(tmp_path: Path) -> None:
    told = Told(PlainContext())
    (piece,) = read(put(tmp_path / "deep/down/a.txt", "12 0.5 0.5 0.2 0.4\n"), "yolo", told)
    assert piece.shapes
    assert piece.shapes[0].label == "12"
    assert "classes.txt" in told.remarks[0][0]


def test_yolo_splits_from_lists_and_keypoints(tmp_path: Path) -> None:
    put(tmp_path / "data.yaml", "names: [oak]\nkpt_shape: [2, 3]\n")
    put(tmp_path / "labels/a.txt", "0 0.5 0.5 0.2 0.2 0.1 0.2 2 0.0 0.0 0\n")
    put(tmp_path / "val.txt", "./images/a.jpg\n")
    (piece,) = read(tmp_path, "yolo")
    assert piece.split is Split.VALIDATION
    assert [shape.kind for shape in piece.shapes or ()] == [ShapeKind.BOX, ShapeKind.POINT]


def test_yolo_lines_that_are_none_are_told(tmp_path: Path) -> None:
    put(tmp_path / "classes.txt", "oak")
    lines = ["0 0.5 0.5 0.2 0.2", "x 1 2 3 4", "0 1 2", "0 1 2 3 nan", "-1 1 2 3 4", "0 0.1 0.1 0.2 0.2 0.3 0.3 0.4"]
    told = Told(PlainContext())
    (piece,) = read(put(tmp_path / "a.txt", "\n".join(lines)), "yolo", told)
    assert len(piece.shapes or ()) == 1
    assert [problem.line for problem in told.problems] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("content", ["names: [a, b", "names: !!python/object:os.system {}", "a: &a [*a, *a]\nnames: ["])
def test_yaml_that_is_none_or_wants_more_is_refused(tmp_path: Path, content: str) -> None:
    put(tmp_path / "labels/a.txt", "0 0.5 0.5 0.2 0.2\n")
    with pytest.raises(UserError, match=r"data\.yaml”(, line \d+)?: this is no YAML"):
        read(put(tmp_path / "data.yaml", content), "yolo")
