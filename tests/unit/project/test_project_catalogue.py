"""The catalogue: what scans put in comes out, under every filter and from every thread."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import ImageProblem
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ClassCounts, ImageQuery, Totals
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.records import refused
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.splits import SplitSettings
from tests.unit.project.records import animals, record, result

WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    (tmp_path / "source").mkdir()
    return catalogue.add_source(str(tmp_path / "source")).id


def test_a_scan_of_real_files_comes_out_again(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    folder = tmp_path / "source"
    for number in range(10):
        write_image(folder / ("cat" if number < 5 else "dog") / f"{number}.png", number)
    (folder / "cat" / "bad.png").write_bytes(b"no image")
    (folder / "readme.txt").write_text("hello")
    source = catalogue.add_source(str(folder))
    assert (source.path, source.online, source.images, source.labelled) == (str(folder), True, 0, False)
    assert rescan(catalogue, source.id) == Applied(added=11, changed=0, moved=0, missing=0)
    (source,) = catalogue.sources()
    assert (source.images, source.unreadable, source.not_images, source.labelled) == (10, 1, 1, True)
    assert catalogue.totals() == Totals(10, 1, 1, 0, train=6, validation=2, test=2, classes=2)
    assert catalogue.classes() == [ClassCounts(1, "cat", 0, 3, 1, 1), ClassCounts(2, "dog", 1, 3, 1, 1)]
    rows = catalogue.page(ImageQuery(), None, 100)
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert all(Path(row.path).is_file() for row in rows)
    (bad,) = catalogue.problems()
    assert (bad.name, bad.problem, bad.label, bad.split) == ("bad.png", "not_an_image", "cat", None)
    assert "bad.png" in bad.reason
    assert catalogue.last_scan() == scan_folder(str(folder), None, PlainContext())
    assert rescan(catalogue, source.id) == Applied(0, 0, 0, 0)


def test_the_last_scan_is_what_was_scanned(catalogue: Catalogue, source: int) -> None:
    scanned = [
        record("train/cat/1.png", "k1", "cat", Split.TRAIN),
        refused(b"bad\xff\n.png", ImageProblem.DAMAGED.value, "“{file}” is damaged.", {}, 3, 4),
        record("2.png", "k2"),
    ]
    catalogue.apply_scan(source, result(*scanned))
    assert catalogue.last_scan().records == tuple(sorted(scanned, key=lambda one: one.path))


def test_pages_follow_each_other_without_gaps(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(*animals(25)))
    seen: list[int] = []
    after = None
    while page := catalogue.page(ImageQuery(), after, 7):
        assert len(page) <= 7
        seen.extend(row.id for row in page)
        after = page[-1].id
    assert seen == catalogue.ids(ImageQuery()).tolist()
    assert len(seen) == len(set(seen)) == 50


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (ImageQuery(), "abcdefg"),
        (ImageQuery(label="cat"), "ab"),
        (ImageQuery(label="owl"), ""),
        (ImageQuery(split=Split.TEST), "d"),
        (ImageQuery(label="dog", split=Split.TRAIN), "c"),
        (ImageQuery(unlabelled=True), "efg"),
        (ImageQuery(unlabelled=False), "abcd"),
        (ImageQuery(problems=True), "g"),
        (ImageQuery(problems=False), "abcdef"),
        (ImageQuery(text="A_É"), "e"),
        (ImageQuery(text="a_e\u0301"), "e"),
        (ImageQuery(text="train/cat"), "ab"),
        (ImageQuery(text="%"), ""),
        (ImageQuery(source_id=2), ""),
        (ImageQuery(source_id=1, unlabelled=True, problems=False, text=".png"), "ef"),
    ],
)
def test_every_filter(catalogue: Catalogue, source: int, query: ImageQuery, names: str) -> None:
    found = [
        record("train/cat/a.png", "a", "cat", Split.TRAIN),
        record("train/cat/b.png", "b", "cat", Split.TRAIN),
        record("train/dog/c.png", "c", "dog", Split.TRAIN),
        record("test/dog/d.png", "d", "dog", Split.TEST),
        record("e_a_é.png", "e"),
        record("f.png", "f"),
        refused(b"g.png", ImageProblem.EMPTY.value, "“{file}” is empty."),
    ]
    catalogue.apply_scan(source, result(*found))
    catalogue.set_split_settings(SplitSettings(validation=0))
    rows = catalogue.page(query, None, 100)
    assert "".join(row.name[0] for row in rows) == names
    assert catalogue.count(query) == len(names)
    assert catalogue.ids(query).tolist() == [row.id for row in rows]
    assert catalogue.rows([row.id for row in reversed(rows)]) == rows[::-1]


def test_a_moved_file_keeps_its_row(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    folder = tmp_path / "source"
    for number in range(4):
        write_image(folder / "cat" / f"{number}.png", number)
    source = catalogue.add_source(str(folder)).id
    rescan(catalogue, source)
    before = {row.name: row.id for row in catalogue.page(ImageQuery(), None, 9)}
    (folder / "dog").mkdir()
    (folder / "cat" / "1.png").rename(folder / "dog" / "renamed.png")
    (folder / "cat" / "2.png").unlink()
    write_image(folder / "cat" / "3.png", 33)
    assert rescan(catalogue, source) == Applied(added=0, changed=1, moved=1, missing=1)
    after = {row.name: row for row in catalogue.page(ImageQuery(), None, 9)}
    assert after["renamed.png"].id == before["1.png"]
    assert after["renamed.png"].label == "dog"
    assert set(after) == {"0.png", "renamed.png", "3.png"}
    assert catalogue.count(ImageQuery()) == catalogue.totals().images == len(catalogue.items()) == 3
    write_image(folder / "cat" / "2.png", 2)
    assert rescan(catalogue, source) == Applied(added=0, changed=0, moved=0, missing=0)
    assert {row.name: row.id for row in catalogue.page(ImageQuery(), None, 9)}["2.png"] == before["2.png"]


def test_two_files_of_one_content_that_both_move_keep_two_rows(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(record("a/1.png", "same"), record("a/2.png", "same")))
    ids = catalogue.ids(ImageQuery())
    assert catalogue.apply_scan(source, result(record("b/1.png", "same"), record("b/2.png", "same"))).moved == 2
    assert [(row.id, row.path[-7:]) for row in catalogue.rows(ids)] == [(ids[0], "b/1.png"), (ids[1], "b/2.png")]


def test_unreadable_files_are_not_taken_for_each_other(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(refused(b"1.png", "empty", "“{file}” is empty.")))
    assert catalogue.apply_scan(source, result(refused(b"2.png", "empty", "“{file}” is empty."))).moved == 0


def test_missing_images_are_in_no_list_and_stay_missing_when_their_source_comes_back(
    catalogue: Catalogue, source: int
) -> None:
    catalogue.apply_scan(source, result(*animals(5)))
    ids = catalogue.ids(ImageQuery())
    catalogue.apply_scan(source, result(*animals(4)))
    for _ in range(2):
        assert len(catalogue.rows(ids)) == catalogue.count(ImageQuery()) == catalogue.totals().images == 8
        assert len(catalogue.items()) == catalogue.last_scan().images == 8
        assert sum(one.train + one.validation + one.test for one in catalogue.classes()) == 8
        catalogue.edits.remove_source(source)
        catalogue.edits.undo()


def test_ids_are_never_used_twice(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    catalogue.apply_scan(source, result(*animals(5)))
    highest = max(catalogue.ids(ImageQuery()))
    catalogue.remove_source(source)
    catalogue.purge()
    again = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(again, result(*animals(5)))
    assert again > source
    assert min(catalogue.ids(ImageQuery())) > highest


def test_classes_get_colours_in_their_order_and_keep_them(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    catalogue.apply_scan(source, result(*animals(3, "dog", "Cat")))
    assert [(one.name, one.colour) for one in catalogue.classes()] == [("Cat", 0), ("dog", 1)]
    catalogue.apply_scan(source, result(*animals(3, "ape", "dog")))
    assert [(one.name, one.colour) for one in catalogue.classes()] == [("dog", 1), ("ape", 2)]
    (tmp_path / "more").mkdir()
    more = catalogue.add_source(str(tmp_path / "more")).id
    catalogue.remove_source(source)
    catalogue.purge()
    catalogue.apply_scan(more, result(*animals(3, "elk")))
    assert [(one.name, one.colour) for one in catalogue.classes()] == [("elk", 0)]


def test_removing_a_source_can_be_undone(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    more = catalogue.add_source(str(tmp_path / "more")).id
    catalogue.apply_scan(source, result(*animals(), not_images=2))
    catalogue.apply_scan(more, result(*animals(9, "owl"), refused(b"x", "empty", "“{file}” is empty.")))

    def everything() -> list[object]:
        query = ImageQuery()
        return [catalogue.page(query, None, 999), catalogue.classes(), catalogue.totals(), catalogue.sources()]

    before = everything()
    catalogue.edits.remove_source(source)
    assert [one.name for one in catalogue.classes()] == ["owl"]
    assert catalogue.count(ImageQuery()) == 10
    assert catalogue.totals().not_images == 0
    assert [one.id for one in catalogue.sources()] == [more]
    for remove in (catalogue.remove_source, catalogue.edits.remove_source):
        with pytest.raises(UserError):
            remove(source)
    assert catalogue.edits.undo().sources
    assert everything() == before


def test_a_source_that_is_added_again_comes_back_with_its_labels(
    catalogue: Catalogue, source: int, tmp_path: Path
) -> None:
    catalogue.apply_scan(source, result(*animals()))
    catalogue.edits.label([1], 2)
    catalogue.edits.remove_source(source)
    assert catalogue.add_source(str(tmp_path / "source")).id == source
    assert [row.label for row in catalogue.rows([1, 2])] == ["dog", "cat"]
    catalogue.remove_source(source)
    catalogue.purge()
    assert catalogue.add_source(str(tmp_path / "source")).id == source
    catalogue.edits.undo()
    catalogue.edits.undo()
    assert [row.label for row in catalogue.rows([1, 2])] == ["cat", "cat"]


def test_a_source_does_not_come_back_where_another_holds_its_images(
    catalogue: Catalogue, source: int, tmp_path: Path
) -> None:
    catalogue.apply_scan(source, result(*animals(3)))
    catalogue.edits.remove_source(source)
    above = catalogue.add_source(str(tmp_path)).id
    assert catalogue.edits.undo().kept_out == (str(tmp_path / "source"),)
    assert [one.id for one in catalogue.sources()] == [above]
    assert catalogue.count(ImageQuery()) == 0
    assert catalogue.edits.redo().kept_out == ()
    catalogue.remove_source(above)
    assert catalogue.edits.undo().kept_out == ()
    assert [one.id for one in catalogue.sources()] == [source]
    assert catalogue.count(ImageQuery()) == 6


def test_a_scan_for_a_source_that_was_removed_meanwhile_is_refused(catalogue: Catalogue, source: int) -> None:
    catalogue.remove_source(source)
    with pytest.raises(UserError, match="no longer part"):
        catalogue.apply_scan(source, result(*animals()))


def test_sources_do_not_overlap(catalogue: Catalogue, tmp_path: Path, write_image: WriteImage) -> None:
    image = write_image(tmp_path / "photos" / "cats" / "1.png", 1)
    write_image(tmp_path / "photos2" / "2.png", 2)
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    catalogue.add_source(str(tmp_path / "photos" / "cats"))
    for wrong in (image, image.parent, f"{image.parent}/", tmp_path / "photos", tmp_path, tmp_path / "link" / "cats"):
        with pytest.raises(UserError) as caught:
            catalogue.add_source(str(wrong))
        assert str(wrong).rstrip("/") in caught.value.message
    catalogue.add_source(str(tmp_path / "photos2"))
    with pytest.raises(UserError, match="There is no folder"):
        catalogue.add_source(str(tmp_path / "nothing"))
    assert len(catalogue.sources()) == 2


def test_a_project_is_no_source(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "A.imgmine").mkdir()
    (tmp_path / "A.imgmine" / "project.db").touch()
    with pytest.raises(UserError, match="is a project"):
        catalogue.add_source(str(tmp_path / "A.imgmine"))


def test_a_single_image_is_a_source(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    image = write_image(tmp_path / "1.png", 1)
    source = catalogue.add_source(str(image))
    assert source.is_file
    rescan(catalogue, source.id)
    assert [row.path for row in catalogue.page(ImageQuery(), None, 9)] == [str(image)]
    assert [item.path for item in catalogue.items()] == [str(image)]


def test_a_source_that_vanished_is_offline_and_keeps_its_images(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    folder = write_image(tmp_path / "drive" / "1.png", 1).parent
    source = catalogue.add_source(str(folder)).id
    rescan(catalogue, source)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UserError):
        rescan(catalogue, source)
    assert catalogue.places.look(Lookout()).went == (source,)
    assert not catalogue.sources()[0].online
    assert catalogue.count(ImageQuery()) == 1


def test_paths_of_any_bytes(catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> None:
    image = write_image(tmp_path / "1.png", 1).read_bytes()
    folder = os.path.join(os.fsencode(tmp_path), b"sour\xffce")
    os.makedirs(os.path.join(folder, b"cl\xe9"))
    with open(os.path.join(folder, b"cl\xe9", b"line\nbreak\xff.png"), "wb") as file:
        file.write(image)
    write_image(Path(os.fsdecode(folder)) / "other.png", 2)
    source = catalogue.add_source(os.fsdecode(folder))
    rescan(catalogue, source.id)
    (row,) = catalogue.page(ImageQuery(text="BREAK"), None, 9)
    assert os.fsencode(row.path) == os.path.join(folder, b"cl\xe9", b"line\nbreak\xff.png")
    assert Path(row.path).read_bytes() == image
    assert row.label == "cl\\xe9"
    assert row.name.isprintable()


def test_split_settings_are_kept_and_divide_anew(catalogue: Catalogue, source: int) -> None:
    assert catalogue.split_settings() == SplitSettings()
    catalogue.apply_scan(source, result(*animals(20)))
    assert [(one.train, one.validation, one.test) for one in catalogue.classes()] == [(14, 3, 3)] * 2
    chosen = SplitSettings(validation=0.25, test=0, seed=7)
    catalogue.set_split_settings(chosen)
    assert catalogue.split_settings() == chosen
    assert [(one.train, one.validation, one.test) for one in catalogue.classes()] == [(15, 5, 0)] * 2
    items = catalogue.items(Split.VALIDATION)
    catalogue.apply_scan(source, result(*animals(20)))
    assert catalogue.items(Split.VALIDATION) == items


def test_items_of_a_split_and_of_labels(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    bad = refused(b"bad.png", ImageProblem.EMPTY.value, "“{file}” is empty.")
    catalogue.apply_scan(source, result(*animals(10), record("free.png", "free"), bad))
    assert len(catalogue.items()) == 21
    assert [item.path for item in catalogue.items(labelled=False)] == [str(tmp_path / "source" / "free.png")]
    train = catalogue.items(Split.TRAIN, labelled=True)
    assert len(train) == 12
    assert {(item.split, item.key.rstrip("0123456789")) for item in train} == {
        (Split.TRAIN, "cat"),
        (Split.TRAIN, "dog"),
    }


def test_checks_find_shared_contents(catalogue: Catalogue, source: int) -> None:
    found = [
        record(f"train/{label}/{n}.png", f"{label}{n}", label, Split.TRAIN)
        for label in ("cat", "dog")
        for n in range(40)
    ]
    catalogue.apply_scan(source, result(*found))
    assert catalogue.checks() == []
    found.append(record("test/cat/copy.png", "cat7", "cat", Split.TEST))
    found.append(record("train/dog/other.png", "cat9", "dog", Split.TRAIN))
    for label in ("cat", "dog"):
        bad = refused(f"train/{label}/bad.png".encode(), ImageProblem.EMPTY.value, "“{file}” is empty.")
        found.append(bad._replace(label=label, split=Split.TRAIN))
    found.append(record("free.png", "free"))
    catalogue.apply_scan(source, result(*found))
    checks = {check.code: check.values for check in catalogue.checks()}
    assert list(checks) == ["across_splits", "two_labels", "unreadable", "unlabelled"]
    assert checks["across_splits"] == {"count": 1, "examples": ("copy.png",)}
    assert checks["two_labels"]["count"] == checks["unlabelled"]["count"] == 1
    assert checks["unreadable"]["count"] == 2
