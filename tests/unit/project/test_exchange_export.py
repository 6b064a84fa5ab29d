"""Where an export goes, what becomes of the images, and what is left when it goes wrong."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Event, Progress
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.exchange.description import Shape, ShapeKind
from imgmine_gui.core.project.exchange.export import export_images
from imgmine_gui.core.project.exchange.formats import WRITERS
from imgmine_gui.core.project.exchange.words import export_lines
from imgmine_gui.core.project.exchange.writers.folders import class_folders
from imgmine_gui.core.project.exchange.writers.tfrecord import TfRecordWriter
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.queries import ImageQuery
from tests.small_drive import fill, mounted
from tests.unit.project.exchange_project import Said, bring_in, ids_by_name, project, read, say, take_out

BOX = Shape(ShapeKind.BOX, ((4.0, 5.0), (36.0, 15.0)), "leaf", {})
FOLDERS = [name for name in WRITERS if not WRITERS[name].suffix]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for number, name in enumerate(("a.png", "x/a.png", "x/b.png", "y/a.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 20), (60 * number, 20, 90)).save(folder / name)
    return folder


@pytest.fixture
def catalogue(photos: Path, tmp_path: Path) -> Iterator[Catalogue]:
    with project(tmp_path / "p.db", photos) as made:
        say(
            made,
            {
                "a.png": Said(("oak",), Split.TRAIN, shapes=(BOX,)),
                "x/a.png": Said(("oak",), Split.TRAIN, text="Oak"),
                "x/b.png": Said(("elm",), Split.TEST),
                "y/a.png": Said((), Split.TRAIN),
            },
        )
        yield made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_class_folders_by_copy(catalogue: Catalogue, photos: Path, tmp_path: Path) -> None:
    before = contents(photos)
    report = take_out(catalogue, "folders", tmp_path / "out")
    assert (report.images, report.copied, report.linked) == (4, 4, 0)
    found = contents(tmp_path / "out")
    assert found == {
        "train/oak/a.png": before["a.png"],
        "train/oak/a (2).png": before["x/a.png"],
        "test/elm/b.png": before["x/b.png"],
        "train/y/a.png": before["y/a.png"],
    }
    assert contents(photos) == before
    assert not (tmp_path / "out/train/oak/a.png").is_symlink()
    with project(tmp_path / "q.db", tmp_path / "out") as again:
        assert read(again)["train/oak/a (2).png"] == Said(("oak",), Split.TRAIN)


@pytest.mark.parametrize("placing", ["hard_link", "symbolic_link"])
@pytest.mark.parametrize("name", ["folders", "yolo", "huggingface", "voc", "labelme"])
def test_links(catalogue: Catalogue, photos: Path, tmp_path: Path, name: str, placing: str) -> None:
    before = contents(photos)
    report = take_out(catalogue, name, tmp_path / "out", placing=placing)
    assert (report.copied, report.linked) == (0, 4)
    links = list((tmp_path / "out").rglob("*.png"))
    assert len(links) == 4
    for link in links:
        assert link.is_symlink() == (placing == "symbolic_link")
        assert any(link.samefile(photos / name) for name in before)
    assert contents(photos) == before


def test_hard_links_to_another_drive_are_copies(catalogue: Catalogue, tmp_path: Path) -> None:
    with mounted(tmp_path / "drive", "4m") as drive:
        report = take_out(catalogue, "folders", drive / "out", placing="hard_link")
        assert (report.copied, report.linked) == (4, 0)
        assert "were copied" in report.remarks[0][0]


@pytest.mark.parametrize("name", ["yolo", "voc", "labelme"])
def test_images_can_stay_where_they_are(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    take_out(catalogue, name, tmp_path / "out", placing="none")
    assert not list((tmp_path / "out").rglob("*.png"))


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("place", ["photos/out", "photos", "", "link/out"])
def test_nothing_is_written_into_a_source(
    catalogue: Catalogue, photos: Path, tmp_path: Path, name: str, place: str
) -> None:
    (tmp_path / "link").symlink_to(photos)
    before = contents(photos)
    with pytest.raises(UserError, match=r"is a source of the project\. Nothing was written"):
        take_out(catalogue, name, tmp_path / place)
    assert contents(photos) == before


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_must_be_new_or_empty(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    take_out(catalogue, name, tmp_path / "out")
    with pytest.raises(UserError, match=r"out” exists already.*new or an empty folder"):
        take_out(catalogue, name, tmp_path / "out")


def test_a_file_is_replaced_as_a_whole(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    take_out(catalogue, "csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8-sig").startswith("path,label")
    with pytest.raises(UserError, match="is a folder"):
        (tmp_path / "folder").mkdir()
        take_out(catalogue, "csv", tmp_path / "folder")


@pytest.mark.parametrize("name", list(WRITERS))
def test_cancelling_leaves_nothing(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    def cancel(event: Event) -> None:
        if isinstance(event, Progress):
            context.wish = Wish.CANCEL

    context = PlainContext(cancel)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(Cancelled):
        export_images(catalogue.path, name, tmp_path / "out", WRITERS[name].options_type(), _twice(context))
    assert {path.name for path in tmp_path.iterdir()} == before


class _twice(PlainContext):  # noqa: N801 - a wrapper, called like a function
    """Cancels at the first progress at once, however rarely it is asked."""

    def __init__(self, inner: PlainContext) -> None:
        super().__init__(inner.report)
        self.inner = inner

    @property
    def wish(self) -> Wish:
        return self.inner.wish

    def report(self, event: Event) -> None:
        self.inner.report(event)
        if self.inner.wish is Wish.CANCEL:
            raise Cancelled


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_full_drive_is_told_and_leaves_nothing(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    with mounted(tmp_path / "drive", "1m") as drive:
        fill(drive)
        before = {path.name for path in drive.iterdir()}
        with pytest.raises(UserError, match=rf"There is no room left on the drive of “{drive}/out[^/]*”"):
            take_out(catalogue, name, drive / f"out{WRITERS[name].suffix}")
        assert {path.name for path in drive.iterdir()} == before


@pytest.mark.parametrize("name", [name for name in FOLDERS if name != "tfrecord"])
def test_an_image_that_is_gone_is_told_and_left_out(
    catalogue: Catalogue, photos: Path, tmp_path: Path, name: str
) -> None:
    (photos / "x" / "b.png").unlink()
    report = take_out(catalogue, name, tmp_path / "out")
    assert report.images == 3
    assert "b.png" in report.problems[0].text
    assert "1 image could not be read, so it was left out." in export_lines(report)


def test_where_no_image_can_be_read_nothing_is_written(catalogue: Catalogue, photos: Path, tmp_path: Path) -> None:
    photos.rename(tmp_path / "away")
    with pytest.raises(UserError, match=r"None of the images could be read.*is connected"):
        take_out(catalogue, "folders", tmp_path / "out")
    assert not list(tmp_path.glob("*out*")), "nothing is left"
    take_out(catalogue, "csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").exists(), "a table needs no image"


def test_excluded_and_unreadable_images_are_not_written_and_some_can_be_chosen(
    catalogue: Catalogue, photos: Path, tmp_path: Path
) -> None:
    catalogue.edits.set_excluded([ids_by_name(catalogue)["x/b.png"]], excluded=True)

    def written(**options: str) -> list[str]:
        take_out(catalogue, "csv", tmp_path / "out.csv", **options)
        with open(tmp_path / "out.csv", encoding="utf-8-sig", newline="") as file:
            return [row["path"] for row in csv.DictReader(file)]

    assert written() == ["a.png", "x/a.png", "y/a.png"]
    assert written(which="train") == ["a.png", "x/a.png", "y/a.png"]
    assert written(which="labelled") == ["a.png", "x/a.png", "y/a.png"]
    with pytest.raises(UserError, match="no images to write"):
        written(which="test")


def test_excel_gets_no_formula(catalogue: Catalogue, tmp_path: Path) -> None:
    say(catalogue, {"a.png": Said(("=cmd|' /C calc'!A0",), note="@SUM(1)", group="+1")})
    take_out(catalogue, "csv", tmp_path / "out.csv")
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(content.decode("utf-8-sig").splitlines()):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_sources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for number, name in enumerate(("one/photos/a.png", "two/photos/a.png", "two/photos/photos/a.png")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 20), (60 * number, 20, 90)).save(tmp_path / name)
    sources = [tmp_path / "one/photos", tmp_path / "two/photos"]
    labels = ["first", "second", "third"]
    with project(tmp_path / "p.db", *sources) as first:
        for image, label in zip(first.ids(ImageQuery()), labels, strict=True):
            first.edits.label_new([image], label)
        for name in ("csv", "coco"):
            take_out(first, name, tmp_path / name)
        take_out(first, "yolo", tmp_path / "yolo")
        assert len(list((tmp_path / "yolo").rglob("a*.png"))) == 3
    for name in ("csv", "coco"):
        with project(tmp_path / f"{name}.db", *sources) as second:
            bring_in(second, tmp_path / name, name)
            rows = second.rows(second.ids(ImageQuery()))
            assert [row.label for row in rows] == labels


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"photos/\xe9\xff.png")
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (40, 20)).save(tmp_path / "a.png")
    os.rename(tmp_path / "a.png", tmp_path / name)
    for format_name in ("csv", "coco", "voc", "labelme", "huggingface"):
        database = tmp_path / f"{format_name}.db"
        target = tmp_path / f"{format_name}{WRITERS[format_name].suffix}"
        with project(database, tmp_path / "photos") as catalogue:
            first = catalogue.ids(ImageQuery())
            catalogue.edits.label_new(first, "odd")
            take_out(catalogue, format_name, target)
            catalogue.edits.undo()
            bring_in(catalogue, target)
            assert catalogue.rows(first)[0].label == "odd"


def test_class_folders_take_any_name_and_stay_apart() -> None:
    classes = [
        "a/b",
        "a_b",
        "A_B",
        "..",
        ".",
        "",
        " ",
        "con",
        "x" * 300,
        "x" * 299,
        ".git",
        "thumbs.db",
        "a\nb",
        "CON.txt",
    ]
    folders = class_folders(classes)
    assert list(folders) == classes
    names = list(folders.values())
    assert len({name.casefold() for name in names}) == len(classes)
    for name in names:
        assert name == name.strip()
        assert not set(name) & set('<>:"/\\|?*\n')
        assert not name.startswith(".")
        assert len(name.encode()) <= 210
    assert class_folders(["oak", "橡树"]) == {"oak": "oak", "橡树": "橡树"}


def test_yolo_twins_and_settings(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for number, name in enumerate(("a.png", "a.jpg")):
        Image.new("RGB", (40, 20), (60 * number, 20, 90)).save(tmp_path / "photos" / name)
    with project(tmp_path / "p.db", tmp_path / "photos") as catalogue:
        say(catalogue, {"a.png": Said((), Split.TRAIN, shapes=(BOX,)), "a.jpg": Said((), Split.TEST)})
        take_out(catalogue, "yolo", tmp_path / "out")
    assert (tmp_path / "out/labels/train/a.txt").read_text() == "0 0.500000 0.500000 0.800000 0.500000\n"
    settings = yaml.safe_load((tmp_path / "out/data.yaml").read_text("utf-8"))
    assert settings["names"] == {0: "leaf"}
    assert (tmp_path / "out" / settings["test"]).is_dir()


def test_hugging_face_rows_are_of_one_type_in_every_split(catalogue: Catalogue, tmp_path: Path) -> None:
    """``datasets`` refuses a column that is empty in one split and not in another."""

    def columns(name: str) -> set[tuple[str, type]]:
        take_out(catalogue, "huggingface", tmp_path / name)
        rows = [
            json.loads(line)
            for path in (tmp_path / name).rglob("metadata.jsonl")
            for line in path.read_text("utf-8").splitlines()
        ]
        assert len(rows) == 4
        return {(key, type(value)) for row in rows for key, value in row.items()}

    texts = {(key, str) for key in ("file_name", "label", "more_labels", "group", "note", "text", "shapes")}
    assert columns("some") == texts
    say(catalogue, {"x/b.png": Said(("elm",), Split.TEST, shapes=(BOX,))})
    assert columns("all") == texts | {("objects", dict)}


def test_coco_as_training_programs_read_it(catalogue: Catalogue, tmp_path: Path) -> None:
    polygons = tuple(
        Shape(ShapeKind.POLYGON, points, "oak", {"object": 4})
        for points in (((0.0, 0.0), (10.0, 0.0), (10.0, 10.0)), ((20.0, 0.0), (30.0, 0.0), (30.0, 10.0)))
    )
    say(catalogue, {"x/a.png": Said(("oak",), shapes=polygons)})
    take_out(catalogue, "coco", tmp_path / "out.json")
    content = json.loads((tmp_path / "out.json").read_text("utf-8"))
    images = {entry["id"]: entry for entry in content["images"]}
    names = {entry["id"]: entry["name"] for entry in content["categories"]}
    assert len(images) == 4
    box, both = content["annotations"]
    assert (box["bbox"], box["area"], names[box["category_id"]]) == ([4, 5, 32, 10], 320, "leaf")
    assert images[both["image_id"]]["file_name"] == "x/a.png"
    assert len(both["segmentation"]) == 2
    assert (both["bbox"], both["area"]) == ([0, 0, 30, 10], 100)


def test_tensorflow_reads_what_was_written_without_it(catalogue: Catalogue, photos: Path, tmp_path: Path) -> None:
    import tensorflow as tf

    rotated = Image.fromarray(np.arange(40 * 20 * 3, dtype=np.uint8).reshape(20, 40, 3))
    exif = rotated.getexif()
    exif[0x0112] = 6
    rotated.save(photos / "x" / "b.png", exif=exif)
    Image.new("RGBA", (40, 20), (9, 8, 7, 255)).save(photos / "y" / "a.png")
    report = take_out(catalogue, "tfrecord", tmp_path / "out")
    assert report.images == 4
    assert (tmp_path / "out/classes.txt").read_text("utf-8").split() == ["y", "oak", "leaf", "elm"]
    assert [path.name for path in sorted((tmp_path / "out").glob("t*"))] == [
        "test-00000-of-00001.tfrecord",
        "train-00000-of-00001.tfrecord",
    ]
    found = {}
    for path in sorted((tmp_path / "out").glob("*.tfrecord")):
        for record in tf.data.TFRecordDataset(str(path)):
            features = tf.train.Example.FromString(record.numpy()).features.feature
            found[features["image/filename"].bytes_list.value[0].decode()] = features
    first = found["a.png"]
    assert first["image/class/text"].bytes_list.value[:] == [b"oak"]
    assert first["image/class/label"].int64_list.value[:] == [1]
    assert first["image/object/bbox/xmin"].float_list.value[0] == pytest.approx(0.1)
    assert first["image/object/bbox/ymax"].float_list.value[0] == pytest.approx(0.75)
    assert first["image/object/class/text"].bytes_list.value[:] == [b"leaf"]
    assert found["y/a.png"]["image/object/class/text"].bytes_list.value[:] == []
    assert first["image/encoded"].bytes_list.value[0] == (photos / "a.png").read_bytes()
    turned = tf.io.decode_image(found["x/b.png"]["image/encoded"].bytes_list.value[0]).numpy()
    np.testing.assert_array_equal(turned, np.rot90(np.asarray(rotated), -1))
    opaque = tf.io.decode_image(found["y/a.png"]["image/encoded"].bytes_list.value[0]).numpy()
    assert opaque.shape == (20, 40, 3)


def test_great_tfrecords_are_divided(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgmine_gui.core.project.exchange.writers.tfrecord.SHARD_BYTES", 1)
    take_out(catalogue, TfRecordWriter.name, tmp_path / "out")
    assert [path.name for path in sorted((tmp_path / "out").glob("train*"))] == [
        f"train-0000{number}-of-00003.tfrecord" for number in range(3)
    ]
