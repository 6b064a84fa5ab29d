"""What an import plans, does, and takes back."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.exchange.applying import apply_plan
from imgmine_gui.core.project.exchange.description import ProblemKind, Shape, ShapeKind
from imgmine_gui.core.project.exchange.words import plan_lines
from imgmine_gui.core.project.layout import Split
from tests.unit.project.exchange_project import Said, bring_in, plan, problems_of, project, read, say

BOX = Shape(ShapeKind.BOX, ((1.0, 2.0), (11.0, 8.0)), "leaf", {})


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four images of 40 x 20 pixels: two lie in a folder that gives a class."""
    folder = tmp_path / "photos"
    for number, name in enumerate(("a.png", "b.png", "ash/c.png", "ash/d.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 20), (60 * number, 20, 90)).save(folder / name)
    return folder


@pytest.fixture
def catalogue(photos: Path, tmp_path: Path) -> Iterator[Catalogue]:
    with project(tmp_path / "p.db", photos) as made:
        yield made


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(text, "utf-8")
    return path


ROWS = """path,label,split,group,note
a.png,oak,train,plot 1,new
b.png,,,,
c.png,ash,test,,
d.png,oak,,plot 1,
e.png,oak,train,,
"""


def test_the_preview_says_what_would_change_and_changes_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    before = read(catalogue)
    made = plan(catalogue, table(tmp_path, ROWS))
    assert made.format == "csv"
    assert (made.pieces, made.images) == (5, 4)
    assert made.classes == {"oak": 2, "ash": 1}
    assert made.new_classes == ("oak",)
    assert (made.labels_new, made.labels_changed, made.labels_same, made.labels_kept) == (1, 1, 1, 0)
    assert any("Splits that will be set by hand: Train 1, Test 1." in line for line in plan_lines(made))
    assert (made.groups, made.notes) == (2, 1)
    assert made.counts == {ProblemKind.NOT_FOUND: 1}
    assert problems_of(made) == ["labels.csv, line 6: There is no image “e.png” in the project."]
    first = made.examples[0]
    assert (first.name, first.label_before, first.labels, first.split) == ("a.png", None, ("oak",), "train")
    assert [one.name for one in made.examples] == ["a.png", "c.png", "d.png", "b.png"]
    assert made.examples[1].labels is None
    assert any("UTF-8" in str(values) for _, values in made.remarks)
    assert read(catalogue) == before
    assert catalogue.edits.history() == []


def test_an_import_is_one_edit_and_is_undone_exactly(catalogue: Catalogue, tmp_path: Path) -> None:
    before = read(catalogue)
    report = bring_in(catalogue, table(tmp_path, ROWS))
    assert (report.images, report.labels, report.classes) == (3, 2, ("oak",))
    after = read(catalogue)
    assert after["a.png"] == Said(("oak",), Split.TRAIN, "plot 1", "new")
    assert after["ash/d.png"].labels == ("oak",)
    assert [edit.title for edit in catalogue.edits.history()] == ["import labels from “labels.csv” to 3 images"]
    catalogue.edits.undo()
    assert read(catalogue) == before
    assert {one.name for one in catalogue.classes()} == {"ash"}
    catalogue.edits.redo()
    assert read(catalogue) == after


def test_the_same_import_again_changes_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    bring_in(catalogue, table(tmp_path, ROWS))
    report = bring_in(catalogue, table(tmp_path, ROWS))
    assert report.done.edit is None
    assert len(catalogue.edits.history()) == 1


def test_what_is_there_can_be_kept(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"a.png": Said(("old",), Split.TEST, "g", "n")})
    text = "path,label,split,group,note\na.png,new,train,h,m\nb.png,new,train,h,m\nd.png,new,,,\n"
    made = plan(catalogue, table(tmp_path, text), existing="keep")
    assert (made.labels_new, made.labels_changed, made.labels_kept) == (1, 0, 2)
    bring_in(catalogue, table(tmp_path, text), existing="keep")
    after = read(catalogue)
    assert after["a.png"] == Said(("old",), Split.TEST, "g", "n")
    assert after["b.png"] == Said(("new",), Split.TRAIN, "h", "m")
    assert after["ash/d.png"].labels == ("ash",)


def test_empty_cells_take_away_only_where_they_are_meant_to(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"a.png": Said(("old",), Split.TEST, "g", "n")})
    text = "path,label,split,group,note\na.png,,,,\nash/c.png,,,,\n"
    assert bring_in(catalogue, table(tmp_path, text)).done.edit is None
    bring_in(catalogue, table(tmp_path, text), clear=True)
    after = read(catalogue)
    assert (after["a.png"].labels, after["a.png"].group, after["a.png"].note) == ((), "", "")
    assert after["ash/c.png"].labels == ()
    assert after["ash/d.png"].labels == ("ash",)


def test_several_labels_are_taken_where_the_project_holds_them(catalogue: Catalogue, tmp_path: Path) -> None:
    text = "path,tags\na.png,oak|old\nb.png,ash\n"
    made = plan(catalogue, table(tmp_path, text))
    assert (made.several, made.takes_several) == (1, False)
    assert "several labels" in problems_of(made)[0]
    bring_in(catalogue, table(tmp_path, text))
    assert read(catalogue)["a.png"].labels == ("oak",)
    assert not catalogue.edits.several_labels()
    assert plan(catalogue, table(tmp_path, text), several=True).labels_changed == 1
    bring_in(catalogue, table(tmp_path, text), several=True)
    assert read(catalogue)["a.png"].labels == ("oak", "old")
    assert catalogue.edits.several_labels()
    bring_in(catalogue, table(tmp_path, "path,tags\na.png,old|new|ash\n"))
    assert read(catalogue)["a.png"].labels == ("old", "new", "ash")
    catalogue.edits.undo()
    assert read(catalogue)["a.png"].labels == ("oak", "old")
    catalogue.edits.undo()
    assert not catalogue.edits.several_labels()


def test_places_that_contradict_each_other_are_told(catalogue: Catalogue, tmp_path: Path) -> None:
    text = "path,label,split,group,note\na.png,oak,train,g,x\na.png,elm,test,h,y\nb.png,oak,test,g,\n"
    made = plan(catalogue, table(tmp_path, text))
    assert made.images == 2
    assert made.counts == {ProblemKind.CONFLICT: 4, ProblemKind.LEFT_OUT: 1}
    words = " ".join(problems_of(made))
    assert "labels.csv, line 3: An image has two splits; the first stands: train, not test." in words
    assert "group “g”" in words
    bring_in(catalogue, table(tmp_path, text))
    assert read(catalogue)["a.png"].labels == ("oak",)


def test_names_that_cannot_be_are_told_and_spaces_do_not_make_a_class(catalogue: Catalogue, tmp_path: Path) -> None:
    long = "x" * 300
    text = f'path,label,note\na.png," ash ",{"n" * 11_000}\nb.png,{long},\nc.png,"two\nlines",\nd.png," elm ",\n'
    made = plan(catalogue, table(tmp_path, text))
    assert made.new_classes == ("elm",)
    assert made.counts == {ProblemKind.UNREADABLE: 2, ProblemKind.LEFT_OUT: 1}
    assert "line 3" in made.problems[1].text
    assert "200 characters" in made.problems[1].text
    bring_in(catalogue, table(tmp_path, text))
    assert read(catalogue)["a.png"].labels == ("ash",)
    assert len(read(catalogue)["a.png"].note) == 10_000


def coco(tmp_path: Path, boxes: list[list[float]], size: tuple[int, int] = (40, 20), name: str = "a.png") -> Path:
    path = tmp_path / "instances.json"
    content = {
        "images": [{"id": 1, "file_name": name, "width": size[0], "height": size[1]}],
        "annotations": [{"id": n, "image_id": 1, "category_id": 1, "bbox": box} for n, box in enumerate(boxes)],
        "categories": [{"id": 1, "name": "leaf"}],
    }
    path.write_text(json.dumps(content))
    return path


def test_shapes_take_the_place_of_those_before_or_are_added(catalogue: Catalogue, tmp_path: Path) -> None:
    other = Shape(ShapeKind.POINT, ((3.0, 3.0),), "tip", {})
    say(catalogue, {"a.png": Said(shapes=(BOX, other)), "b.png": Said(shapes=(other,))})
    path = coco(tmp_path, [[1, 2, 10, 6], [20, 10, 5, 5]])
    made = plan(catalogue, path)
    assert (made.shapes, made.shapes_there) == ({"box": 2}, 2)
    new = Shape(ShapeKind.BOX, ((20.0, 10.0), (25.0, 15.0)), "leaf", {})
    assert bring_in(catalogue, path, shapes="add").shapes == 1
    assert set(map(str, read(catalogue)["a.png"].shapes)) == set(map(str, (BOX, other, new)))
    report = bring_in(catalogue, path)
    assert (report.shapes, report.shapes_taken) == (0, 1)
    assert set(map(str, read(catalogue)["a.png"].shapes)) == set(map(str, (BOX, new)))
    assert read(catalogue)["b.png"].shapes == (other,)
    catalogue.edits.undo()
    catalogue.edits.undo()
    assert read(catalogue)["a.png"].shapes == (BOX, other)


def test_an_image_that_is_not_there_counts_once_however_often_it_is_named(catalogue: Catalogue, tmp_path: Path) -> None:
    made = plan(catalogue, coco(tmp_path, [[1, 2, 10, 6], [20, 10, 5, 5]], name="elsewhere.png"))
    assert made.counts == {ProblemKind.NOT_FOUND: 1}


def test_a_class_of_shapes_only_is_listed(catalogue: Catalogue, tmp_path: Path) -> None:
    bring_in(catalogue, coco(tmp_path, [[1, 2, 10, 6]]))
    assert "leaf" in {one.name for one in catalogue.classes()}
    catalogue.edits.undo()
    assert "leaf" not in {one.name for one in catalogue.classes()}


def test_shapes_of_an_image_of_another_size(catalogue: Catalogue, tmp_path: Path) -> None:
    bring_in(catalogue, coco(tmp_path, [[2, 4, 20, 12]], (80, 40)))
    assert read(catalogue)["a.png"].shapes == (BOX,)
    made = plan(catalogue, coco(tmp_path, [[2, 4, 20, 12]], (100, 100)))
    assert made.shapes == {}
    assert "are of an image of 100 × 100 pixels, but “a.png” has 40 × 20" in problems_of(made)[0]
    made = plan(catalogue, coco(tmp_path, [[100, 4, 20, 12]]))
    assert "outside of the image" in problems_of(made)[0]


def test_shapes_on_the_stored_pixels_of_a_turned_image_are_turned(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6
    (tmp_path / "photos").mkdir()
    image.save(tmp_path / "photos" / "a.jpg", exif=exif)
    with project(tmp_path / "p.db", tmp_path / "photos") as catalogue:
        bring_in(catalogue, coco(tmp_path, [[0, 0, 10, 5]], (40, 20), "a.jpg"))
        assert read(catalogue)["a.jpg"].shapes[0].points == ((15.0, 0.0), (20.0, 10.0))
        bring_in(catalogue, coco(tmp_path, [[0, 0, 10, 5]], (20, 40), "a.jpg"))
        assert read(catalogue)["a.jpg"].shapes[0].points == ((0.0, 0.0), (10.0, 5.0))


def test_run_lengths_stay_only_with_their_very_pixels(catalogue: Catalogue, tmp_path: Path) -> None:
    for size, kept in (((40, 20), True), ((80, 40), False)):
        path = coco(tmp_path, [[2, 4, 20, 12]], size)
        content = json.loads(path.read_text())
        content["annotations"][0] |= {"segmentation": {"counts": "abc", "size": [size[1], size[0]]}, "iscrowd": 1}
        path.write_text(json.dumps(content))
        bring_in(catalogue, path)
        attributes = read(catalogue)["a.png"].shapes[0].attributes
        assert ("segmentation" in attributes) == kept
        assert attributes["iscrowd"] == 1


def test_an_image_that_went_away_before_applying_is_passed_over(catalogue: Catalogue, tmp_path: Path) -> None:
    made = plan(catalogue, table(tmp_path, ROWS))
    with catalogue.edits.recording("look") as (db, _):
        db.execute("DELETE FROM images WHERE path = ?", [b"a.png"])
    report = apply_plan(catalogue, made, PlainContext())
    assert "a.png" not in read(catalogue)
    assert report.labels == 1


def test_cancelling_leaves_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    made = plan(catalogue, table(tmp_path, "path,label\n" + "a.png,oak\nb.png,elm\n" * 500))
    context = PlainContext(lambda event: setattr(context, "wish", Wish.CANCEL))
    before = read(catalogue)
    with pytest.raises(Cancelled):
        apply_plan(catalogue, made, context)
    assert read(catalogue) == before
    assert catalogue.edits.history() == []


def test_a_failed_plan_leaves_no_staging_file(catalogue: Catalogue, tmp_path: Path) -> None:
    staging = tmp_path / "staging.db"
    with pytest.raises(UserError, match="no column holds the paths"):
        plan(catalogue, table(tmp_path, "leaf,tree\n1,2\n"), staging=staging)
    assert not staging.exists()
    plan(catalogue, table(tmp_path, ROWS), staging=staging)
    assert staging.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_refused_at_once(catalogue: Catalogue, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "labels.csv")
    with pytest.raises(UserError, match=r"labels\.csv.*is a pipe"):
        plan(catalogue, tmp_path / "labels.csv")
    (tmp_path / "folder/labels").mkdir(parents=True)
    os.mkfifo(tmp_path / "folder/labels/a.txt")
    (tmp_path / "folder/data.yaml").write_text("names: [a]")
    assert "is a pipe" in problems_of(plan(catalogue, tmp_path / "folder", "yolo"))[0]


def test_blood_cells_of_the_shared_data(shared_data: Path, tmp_path: Path) -> None:
    """Real Pascal VOC: 364 images, 4,888 boxes, two of which are empty; splits from ImageSets."""
    folder = shared_data / "blood_cells"
    with project(tmp_path / "p.db", folder / "JPEGImages") as catalogue:
        made = plan(catalogue, folder)
        assert made.format == "voc"
        assert made.images == 364
        assert made.shapes == {"box": 4886}
        assert made.counts == {ProblemKind.SHAPE: 2}
        report = bring_in(catalogue, folder)
        assert report.shapes == 4886
        counts = dict.fromkeys(Split, 0)
        for said in read(catalogue).values():
            if said.split:
                counts[said.split] += 1
        assert set(made.classes) == {"RBC", "WBC", "Platelets"}
        assert counts[Split.TRAIN] > counts[Split.VALIDATION] > 0
