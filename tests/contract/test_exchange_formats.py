"""What every format owes to the rest of the program; a new one is looked at without a line being added here."""

from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.options import option_fields
from imgmine_gui.core.project.exchange.description import Shape, ShapeKind
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS, Keeps, format_of
from imgmine_gui.core.project.layout import Split
from tests.unit.project.exchange_project import Said, bring_in, plan, project, read, say, take_out

BOX = Shape(ShapeKind.BOX, ((1.0, 2.0), (11.0, 8.0)), "oak, old", {})
POLYGON = Shape(ShapeKind.POLYGON, ((2.0, 1.0), (12.0, 3.0), (5.0, 9.0)), "ash", {})
LINE = Shape(ShapeKind.LINE, ((1.0, 1.0), (9.0, 9.0), (15.0, 2.0)), "ash", {"sure": True})
POINT = Shape(ShapeKind.POINT, ((7.5, 3.25),), "oak, old", {"keypoint": "tip"})

SAID = {
    "one.png": Said(("oak, old", "=ash"), Split.TRAIN, "plot “7”", "a note\nof two lines", (BOX, POLYGON)),
    "sub/叶 2.png": Said(("ash",), Split.VALIDATION, "", "", (BOX, LINE, POINT)),
    "sub/three.png": Said((), Split.TEST, "plot 8", "", ()),
    "sub/four.png": Said(("=ash",), Split.TRAIN, "plot “7”", "", ()),
}


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Four images of 16 x 10 pixels, each of another colour."""
    folder = tmp_path / "images"
    for number, name in enumerate(SAID):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 10), (60 * number, 20, 90)).save(folder / name)
    return folder


def kept(said: Said, keeps: frozenset[Keeps]) -> Said:
    """What is left of what is said in a format that keeps so much."""
    shapes = tuple(shape for shape in said.shapes if Keeps(shape.kind) in keeps)
    if Keeps.ATTRIBUTES not in keeps:
        shapes = tuple(Shape(shape.kind, shape.points, shape.label, {}) for shape in shapes)
    labels = said.labels if Keeps.MORE_LABELS in keeps else said.labels[:1]
    return Said(
        labels if Keeps.LABEL in keeps else (),
        said.split if Keeps.SPLIT in keeps else None,
        said.group if Keeps.GROUP in keeps else "",
        said.note if Keeps.NOTE in keeps else "",
        tuple(sorted(shapes, key=str)),
    )


@pytest.mark.parametrize("name", [*READERS])
def test_a_reader_says_what_it_is(name: str) -> None:
    reader = READERS[name]
    assert reader.name == name
    assert reader.title
    assert reader.summary.endswith(".")
    assert all(suffix.startswith(".") for suffix in reader.suffixes)


@pytest.mark.parametrize("name", [*WRITERS])
def test_a_writer_says_what_it_is(name: str) -> None:
    writer = WRITERS[name]
    assert writer.name == name
    assert writer.title
    assert writer.summary.endswith(".")
    assert writer.suffix == "" or writer.suffix.startswith(".")
    for field in option_fields(writer.options_type):
        assert field.title != field.name
        assert field.description.endswith("."), field.name


@pytest.mark.parametrize("name", [*READERS])
def test_an_empty_folder_and_foreign_files_are_not_taken_for_a_format(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for foreign in ("picture.png", "letter.doc", "empty.bin"):
        (tmp_path / foreign).write_bytes(b"" if foreign == "empty.bin" else b"\x89PNG nothing of ours")
        assert READERS[name].recognises(Place(tmp_path / foreign)) == "no"
    assert READERS[name].recognises(Place(tmp_path / "folder")) == "no"


@pytest.mark.parametrize("name", [name for name in WRITERS if name in READERS])
def test_what_is_exported_is_recognised_and_comes_back(name: str, images: Path, tmp_path: Path) -> None:
    target = tmp_path / f"out{WRITERS[name].suffix}"
    keeps = WRITERS[name].keeps
    with project(tmp_path / "a.db", images) as first:
        say(first, SAID)
        report = take_out(first, name, target)
        expected = {path: kept(said, keeps) for path, said in read(first).items()}
    assert report.images == len(SAID)
    assert not report.problems
    assert format_of(Place(target)) == name
    with project(tmp_path / "b.db", images) as second:
        made = plan(second, target, several=True)
        assert not made.problems
        bring_in(second, target, several=True)
        assert {path: kept(said, keeps) for path, said in read(second).items()} == expected
        before = read(second)
        assert bring_in(second, target, several=True).done.edit is None
        assert read(second) == before


@pytest.mark.parametrize("name", [*WRITERS])
def test_what_is_left_out_is_said(name: str, images: Path, tmp_path: Path) -> None:
    with project(tmp_path / "a.db", images) as first:
        say(first, SAID)
        report = take_out(first, name, tmp_path / f"out{WRITERS[name].suffix}")
    everything = {Keeps.LABEL: 4, Keeps.MORE_LABELS: 1, Keeps.SPLIT: 4, Keeps.GROUP: 3, Keeps.NOTE: 1, Keeps.BOX: 2,
                  Keeps.POLYGON: 1, Keeps.LINE: 1, Keeps.POINT: 1}  # fmt: skip
    assert report.left_out == {sort: count for sort, count in everything.items() if sort not in WRITERS[name].keeps}
