"""Transcriptions in and out of a project: tables, text files, and plain text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from imgmine_gui.core.project.exchange.formats import Keeps
from imgmine_gui.core.project.exchange.options import Existing
from imgmine_gui.core.project.exchange.words import export_lines, plan_lines, report_line
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.splits import SplitSettings
from tests.unit.project.exchange_project import Said, bring_in, plan, project, read, say, take_out

NAMES = ("b/10.png", "b/9.png", "a/1.png", "a/1.jpg", "c.png")


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        path = tmp_path / "lines" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 12), (number * 40, 0, 0)).save(path)
    return tmp_path / "lines"


@pytest.fixture
def catalogue(tmp_path: Path, lines: Path) -> Iterator[Catalogue]:
    with project(tmp_path / "a.db", lines) as made:
        yield made


def texts(catalogue: Catalogue) -> dict[str, str]:
    return {name: one.text for name, one in read(catalogue).items()}


def table(folder: Path, content: str) -> Path:
    path = folder / "texts.csv"
    path.write_text(content, "utf-8")
    return path


def test_an_import_is_shown_done_and_undone(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"c.png": Said(text="old")})
    path = table(
        tmp_path,
        'file,text\nb/9.png," nine"\na/1.png,"two\nlines"\nc.png,new\nb/10.png,\nlost.png,x\nb/9.png,other\n',
    )
    planned = plan(catalogue, path)
    assert (planned.images, planned.texts) == (3, 2)
    assert any("2 texts" in line for line in plan_lines(planned))
    shown = {one.name: (one.text_before, one.text) for one in planned.examples}
    assert shown["c.png"] == ("old", "new")
    assert shown["9.png"] == ("", "nine")
    assert [problem.text for problem in planned.problems] == [
        "texts.csv, line 3: The text has several lines; an image of one line is needed.",
        "texts.csv, line 7: There is no image “lost.png” in the project.",
        "texts.csv, line 8: An image has two texts; the first stands: nine, not other.",
    ]
    report = bring_in(catalogue, path)
    assert (report.images, report.texts) == (2, 2)
    assert "2 texts" in report_line(report)
    assert texts(catalogue) == {"b/10.png": "", "b/9.png": "nine", "a/1.png": "", "a/1.jpg": "", "c.png": "new"}
    assert [row.name for row in catalogue.page(ImageQuery(text="nine"), None, -1)] == ["9.png"]
    catalogue.edits.undo()
    assert texts(catalogue)["c.png"] == "old"
    assert catalogue.count(ImageQuery(text="nine")) == 0


def test_what_is_there_can_be_kept_and_emptied(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"c.png": Said(text="old"), "b/9.png": Said(text="nine")})
    path = table(tmp_path, "file,text\nc.png,new\nb/9.png,\na/1.png,one\n")
    bring_in(catalogue, path, existing=Existing.KEEP)
    assert (texts(catalogue)["c.png"], texts(catalogue)["a/1.png"]) == ("old", "one")
    bring_in(catalogue, path, clear=True)
    assert (texts(catalogue)["c.png"], texts(catalogue)["b/9.png"]) == ("new", "")


def test_text_files_are_what_a_folder_of_lines_is(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"b/9.png": Said(text="nine é"), "a/1.png": Said(text="one"), "a/1.jpg": Said(text="un")})
    report = take_out(catalogue, "text_files", tmp_path / "out")
    assert report.copied == 5
    assert sorted(path.name for path in (tmp_path / "out" / "a").iterdir()) == [
        "1 (2).gt.txt", "1 (2).png", "1.gt.txt", "1.jpg",
    ]  # fmt: skip
    assert (tmp_path / "out" / "b" / "9.gt.txt").read_bytes() == "nine é\n".encode()
    items, _ = load_items(tmp_path / "out", SplitSettings(), PlainContext(), transcribed=True)
    found = {item.path.removeprefix(f"{tmp_path}/out/"): item.text for item in items.items}
    assert found == {
        "a/1.jpg": "un", "a/1 (2).png": "one", "b/9.png": "nine é", "b/10.png": None, "c.png": None,
    }  # fmt: skip
    take_out(catalogue, "text_files", tmp_path / "bare", placing="none")
    assert {path.suffix for path in (tmp_path / "bare").rglob("*.*")} == {".txt"}


def test_plain_text_is_in_reading_order(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"b/10.png": Said(text="ten"), "b/9.png": Said(text="nine"), "c.png": Said(text="c"),
                    "a/1.png": Said(("label",), text="one")})  # fmt: skip
    report = take_out(catalogue, "plain_text", tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text("utf-8") == "c\n\none\n\nnine\nten\n"
    assert report.left_out == {Keeps.LABEL: 4, Keeps.SPLIT: 5}


def test_a_format_without_room_for_texts_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"b/9.png": Said(("x",), text="nine")})
    report = take_out(catalogue, "folders", tmp_path / "out")
    assert report.left_out[Keeps.TEXT] == 1
    assert any("1 texts" in line for line in export_lines(report))
