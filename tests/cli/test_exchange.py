"""``imgmine import``, ``export`` and ``formats``, as a person runs them."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.queries import ImageQuery
from imgmine_gui.core.project.scan import scan_folder
from tests.cli.conftest import Imgmine


@pytest.fixture
def project(folder: Path, tmp_path: Path) -> Path:
    """A project of the 24 images."""
    made = Project.create(tmp_path, "leaves")
    source = made.catalogue.add_source(str(folder))
    made.catalogue.apply_scan(source.id, scan_folder(source.path, None, PlainContext()))
    made.close()
    return made.folder


@contextmanager
def opened(folder: Path) -> Iterator[Project]:
    project = Project.open(folder)
    try:
        yield project
    finally:
        project.close()


def labels(folder: Path) -> dict[str, str | None]:
    with opened(folder) as project:
        rows = project.catalogue.rows(project.catalogue.ids(ImageQuery(problems=False)))
        return {"/".join(Path(row.path).parts[-3:]): row.label for row in rows}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text("path,label\ntrain/dark/0.png,night\ntrain/light/0.png,light\ngone.png,night\n", "utf-8")
    return path


def test_a_dry_run_changes_nothing_and_says_all(imgmine: Imgmine, project: Path, table: Path) -> None:
    before = labels(project)
    done = imgmine("import", project, table, "--dry-run", "--json")
    result = done.result
    assert (result["images"], result["labels_changed"], result["labels_same"]) == (2, 1, 1)
    assert result["new_classes"] == ["night"]
    assert result["problems"] == {"not_found": 1}
    problems = [line for line in done.lines if line["event"] == "Problem"]
    assert [(line["file"], line["line"]) for line in problems] == [("labels.csv", 4)]
    assert labels(project) == before


def test_an_import_in_words_and_undone(imgmine: Imgmine, project: Path, table: Path) -> None:
    before = labels(project)
    done = imgmine("import", project, table)
    assert (done.code, done.err) == (0, "")
    assert "labels.csv, line 4: There is no image “gone.png” in the project." in done.out
    assert "New classes: “night”." in done.out
    assert "1 image was changed: 1 label" in done.out
    assert labels(project) == {**before, "train/dark/0.png": "night"}
    with opened(project) as again:
        again.catalogue.edits.undo()
    assert labels(project) == before
    assert "Nothing was changed" in imgmine("import", project, table, "--set", "existing=keep").out


def test_options_are_set_by_name(imgmine: Imgmine, project: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("where;what\ntrain/dark/1.png;dusk\n", "utf-8")
    done = imgmine("import", project, path, "--set", "path_column=where", "--set", "label_column=what", "--json")
    assert done.result["changed"] == 1
    wrong = imgmine("import", project, path, "--set", "colour=red")
    assert (wrong.code, "colour" in wrong.err) == (1, True)


def test_a_way_out_and_back(imgmine: Imgmine, project: Path, tmp_path: Path) -> None:
    done = imgmine("export", project, "--format", "csv", "--out", tmp_path / "out.csv", "--json")
    assert done.result["images"] == 24
    with open(tmp_path / "out.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["label"] for row in rows} == {"dark", "light"}
    assert imgmine("import", project, tmp_path / "out.csv", "--json").result["labels_changed"] == 0
    copied = imgmine("export", project, "--format", "folders", "--out", tmp_path / "out", "--set", "which=test")
    assert "4 images were written" in copied.out
    assert sorted(path.parent.name for path in (tmp_path / "out").rglob("*.png")) == ["dark", "dark", "light", "light"]
    assert imgmine("scan", tmp_path / "out", "--json").result["images"] == 4


def test_what_a_format_has_no_room_for_is_said(imgmine: Imgmine, project: Path, tmp_path: Path) -> None:
    done = imgmine("export", project, "--format", "yolo", "--out", tmp_path / "out")
    assert "YOLO (text files) has no room for these, so they were left out: 24 labels of images." in done.out


def test_formats_lists_what_there_is(imgmine: Imgmine) -> None:
    told = imgmine("formats", "--json").result
    assert {"csv", "coco", "voc", "yolo", "labelme", "label_studio", "huggingface"} <= {
        name for name, one in told.items() if isinstance(one, dict) and one.get("reads")
    }
    assert told["tfrecord"]["writes"]
    assert "placing" in told["voc"]["options"]
    assert "separator" in told["import"]["options"]
    assert "label_studio" in imgmine("formats").out


ERRORS = {
    "no project": (["import", "NOWHERE", "TABLE"], "NOWHERE"),
    "no file": (["import", "PROJECT", "NOWHERE"], "NOWHERE"),
    "no format": (["import", "PROJECT", "TABLE", "--format", "magic"], "magic"),
    "not this format": (["import", "PROJECT", "TABLE", "--format", "coco"], "labels.csv"),
    "no images of ours": (["import", "PROJECT", "FOREIGN"], "foreign.csv"),
    "damaged": (["import", "PROJECT", "DAMAGED"], "damaged.json”, line 2"),
    "no way out": (["export", "PROJECT", "--format", "label_studio", "--out", "OUT"], "label_studio"),
    "into a source": (["export", "PROJECT", "--format", "yolo", "--out", "SOURCE"], "is a source of the project"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_are_one_line_that_names_the_thing(
    imgmine: Imgmine, project: Path, folder: Path, table: Path, tmp_path: Path, case: str
) -> None:
    (tmp_path / "foreign.csv").write_text("path,label\nx.png,a\n", "utf-8")
    (tmp_path / "damaged.json").write_text('{"images": [\n{"id": 1, "annotations" "categories"', "utf-8")
    places = {
        "PROJECT": project,
        "TABLE": table,
        "SOURCE": folder / "out",
        "FOREIGN": tmp_path / "foreign.csv",
        "DAMAGED": tmp_path / "damaged.json",
        "NOWHERE": tmp_path / "NOWHERE",
        "OUT": tmp_path / "OUT",
    }
    arguments, named = ERRORS[case]
    done = imgmine(*(places.get(word, word) for word in arguments))
    assert done.code == 1
    assert named in done.err
    assert done.err.count("\n") == 1


def test_a_project_that_is_open_elsewhere_can_be_written_from_but_not_to(
    imgmine: Imgmine, project: Path, table: Path, tmp_path: Path
) -> None:
    with opened(project):
        assert imgmine("export", project, "--format", "coco", "--out", tmp_path / "out.json").code == 0
        done = imgmine("import", project, table)
        assert done.code == 1
        assert "open for reading only" in done.err
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["images"]) == 24
