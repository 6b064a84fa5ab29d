"""Whatever a project says, exported and imported into a fresh project of the same images, is the same."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imgmine_gui.core.project.edits.classes import class_name
from imgmine_gui.core.project.exchange.description import Point, Shape, ShapeKind
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS, Keeps
from imgmine_gui.core.project.exchange.geometry import area
from imgmine_gui.core.project.layout import Split
from tests.unit.project.exchange_project import Said, bring_in, plan, project, read, say, take_out

WIDTH, HEIGHT = 64, 48
NAMES = (
    "plain.png",
    "with, comma.png",
    'with "quotes".png',
    "new\nline.png",
    "=formula.png",
    "-minus.png",
    " space .png",
    "emoji 🌳.png",
    "中文/叶子.png",
    "Grün/été.png",
    "a/1.png",
    "b/1.png",
    "it's;semi|bar.png",
    "back\\slash.png",
    "dots..png",
    "train/test.png",
    "&amp;<tag>.png",
    "#page=2.png",
    "100%25.png",
)
TOLERANCE = {"voc": 0.5, "yolo": 0.002}
"""In pixels; of formats that round."""

words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" \t\n\r"), max_size=12)
labels = st.sampled_from(
    [
        "oak",
        "=1+1",
        "-x",
        "@home",
        "+",
        "a,b",
        'q"q',
        "it's",
        "橡树",
        "🌳",
        "a|b",
        "a\\|b",
        "x;y",
        "#",
        "null",
        "1",
        "true",
    ]
) | words.filter(lambda name: name.strip() == name and name.isprintable() and name != "").map(class_name)
across = st.integers(0, WIDTH * 1000).map(lambda value: value / 1000)
down = st.integers(0, HEIGHT * 1000).map(lambda value: value / 1000)
point = st.tuples(across, down)
attributes = st.dictionaries(
    st.sampled_from(["object", "keypoint", "visible", "iscrowd", "occluded", "confidence", "text"]),
    st.integers(0, 3) | st.sampled_from(["tip", "point", ""]) | st.booleans(),
    max_size=3,
)


def boxes(corners: tuple[Point, Point]) -> tuple[Point, ...] | None:
    (x, y), (u, v) = corners
    return ((min(x, u), min(y, v)), (max(x, u), max(y, v))) if abs(x - u) >= 1 and abs(y - v) >= 1 else None


geometry = st.one_of(
    st.tuples(point, point).map(boxes).filter(bool).map(lambda points: (ShapeKind.BOX, points)),
    st.lists(point, min_size=3, max_size=6)
    .map(tuple)
    .filter(lambda points: area(points) > 1)
    .map(lambda points: (ShapeKind.POLYGON, points)),
    st.lists(point, min_size=2, max_size=4).map(lambda points: (ShapeKind.LINE, tuple(points))),
    point.map(lambda one: (ShapeKind.POINT, (one,))),
)
shapes = st.builds(lambda found, label, beside: Shape(*found, label, beside), geometry, st.none() | labels, attributes)
said = st.builds(
    Said,
    st.lists(labels, max_size=3, unique=True).map(tuple),
    st.none() | st.sampled_from(Split),
    words.map(str.strip),
    words.map(str.strip),
    st.lists(shapes, max_size=4, unique_by=str).map(tuple),
    words.map(str.strip).filter(str.isprintable),
)
projects = st.dictionaries(st.sampled_from(NAMES), said, max_size=6)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("round") / "images"
    for number, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (WIDTH, HEIGHT), (10 * number, 20, 90)).save(folder / name)
    return folder


def kept(said: Said, keeps: frozenset[Keeps], named_only: bool) -> Said:
    """What a format holds of what is said."""
    found = [shape for shape in said.shapes if Keeps(shape.kind) in keeps and (shape.label or not named_only)]
    if Keeps.ATTRIBUTES not in keeps:
        found = [Shape(shape.kind, shape.points, shape.label) for shape in found]
    return Said(
        (said.labels if Keeps.MORE_LABELS in keeps else said.labels[:1]) if Keeps.LABEL in keeps else (),
        said.split,
        said.group if Keeps.GROUP in keeps else "",
        said.note if Keeps.NOTE in keeps else "",
        tuple(found),
        said.text if Keeps.TEXT in keeps else "",
    )


def assert_alike(found: Said, expected: Said, tolerance: float) -> None:
    one, other = ((said.labels, said.split, said.group, said.note, said.text) for said in (found, expected))
    assert one == other
    if not tolerance:
        assert sorted(map(exactly, found.shapes)) == sorted(map(exactly, expected.shapes))
        return
    left = list(found.shapes)
    for shape in expected.shapes:
        near = [one for one in left if is_near(one, shape, tolerance)]
        assert near, (shape, left)
        left.remove(near[0])
    assert not left


def exactly(shape: Shape) -> str:
    return json.dumps([shape.kind, shape.points, shape.label, dict(shape.attributes)], sort_keys=True)


def is_near(one: Shape, other: Shape, tolerance: float) -> bool:
    pairs = zip(one.points, other.points, strict=False)
    limit = tolerance if one.kind is ShapeKind.BOX else min(tolerance, 0.002)
    return (one.kind, one.label, len(one.points)) == (other.kind, other.label, len(other.points)) and all(
        abs(x - u) <= limit and abs(y - v) <= limit for (x, y), (u, v) in pairs
    )


@pytest.mark.parametrize("name", [name for name in WRITERS if name in READERS])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=projects)
def test_round_trip(name: str, content: dict[str, Said], images: Path) -> None:
    keeps = WRITERS[name].keeps
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"out{WRITERS[name].suffix}"
        with project(Path(folder) / "a.db", images) as first:
            say(first, content)
            take_out(first, name, target)
            expected = {path: kept(one, keeps, name == "yolo") for path, one in read(first).items()}
        with project(Path(folder) / "b.db", images) as second:
            options = {"several": True, "clear": True}
            assert not plan(second, target, **options).problems
            bring_in(second, target, **options)
            found = read(second)
    for path, one in expected.items():
        assert_alike(kept(found[path], keeps, False), one, TOLERANCE.get(name, 0.0))
