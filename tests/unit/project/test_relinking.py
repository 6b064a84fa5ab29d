"""Finding a source again in the folder to which it was moved."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project import relinking, scan
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery, Source
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.relinking import FoundAgain, find_again, moved_along, require_chosen
from imgmine_gui.core.project.source_places import Move
from tests.small_drive import mounted
from tests.unit.project.conftest import WriteImage

Rescan = Callable[[Catalogue, int], Applied]


@pytest.fixture
def filled(catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> Catalogue:
    """Two sources of 40 images below the folder ``old``, one image of the first labelled by hand, with a note."""
    for name, first in (("a", 0), ("b", 100)):
        for number in range(first, first + 40):
            write_image(tmp_path / "old" / name / ("cat" if number % 2 else "dog") / f"{number}.png", number)
        source = catalogue.add_source(str(tmp_path / "old" / name)).id
        settle(tmp_path / "old" / name)
        rescan(catalogue, source)
    number = catalogue.page(ImageQuery(text="13.png"), None, 1)[0].id
    catalogue.edits.label([number], catalogue.edits.add_class("horse"))
    catalogue.edits.set_note([number], "left ear")
    return catalogue


def settle(folder: Path) -> None:
    """Nothing was changed just now: a scan reads again what was."""
    for path in folder.rglob("*.png"):
        os.utime(path, ns=(10**18, 10**18 + path.stat().st_ino * 10**9))


def find(catalogue: Catalogue, folder: Path, source: int = 1) -> tuple[FoundAgain, ...]:
    return find_again(str(catalogue.path), source, str(folder), PlainContext())


def counts(found: FoundAgain) -> tuple[int, int, int, int, int]:
    return found.in_place, found.elsewhere, found.changed, found.unchecked, found.missing


def require_kept(catalogue: Catalogue, images: int = 80) -> None:
    assert catalogue.count(ImageQuery()) == images
    (kept,) = catalogue.page(ImageQuery(label="horse"), None, 9)
    assert (kept.name, kept.note, kept.changed) == ("13.png", "left ear", False)


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    read_pages = scan.read_pages

    def count(location: bytes, *rest: object) -> object:
        read.append(os.fsdecode(location))
        return read_pages(location, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(scan, "read_pages", count)
    return read


def test_sources_that_moved_together_are_taken_in_one_step_and_not_read_again(
    filled: Catalogue, tmp_path: Path, rescan: Rescan, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mounted(tmp_path / "drive", "8m") as drive:
        shutil.move(tmp_path / "old", drive / "photos")
        filled.places.look(Lookout())
        found = find(filled, drive / "photos" / "a")
        assert [one.move for one in found] == [
            Move(1, str(drive / "photos" / "a")),
            Move(2, str(drive / "photos" / "b")),
        ]
        assert [counts(one) for one in found] == [(40, 0, 0, 0, 0)] * 2
        filled.places.relink([one.move for one in found])
        assert all(source.online for source in filled.sources())
        read = count_reads(monkeypatch)
        assert [rescan(filled, source) for source in (1, 2)] == [Applied(0, 0, 0, 0)] * 2
        assert read == [], "inodes of another drive say nothing"
        require_kept(filled)


def test_another_drive_with_other_contents_is_read(
    filled: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    """What has the same names, sizes and times by chance must not be taken for what it is not."""
    shutil.copytree(tmp_path / "old" / "a", tmp_path / "new")
    for path in (tmp_path / "new").rglob("*.png"):
        status = path.stat()
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (found,) = find(filled, tmp_path / "new")
    assert counts(found) == (0, 0, 40, 0, 0)
    assert found.is_nothing
    with pytest.raises(UserError, match="None of the 40 images"):
        require_chosen([found], anyway=False)
    require_chosen([found], anyway=True)
    filled.places.relink([found.move])
    assert rescan(filled, 1).changed == 40
    (kept,) = filled.page(ImageQuery(label="horse"), None, 9)
    assert kept.changed


def test_renamed_folders_inside_are_found_by_content(filled: Catalogue, tmp_path: Path, rescan: Rescan) -> None:
    shutil.move(tmp_path / "old" / "a", tmp_path / "new")
    (tmp_path / "new" / "cat").rename(tmp_path / "new" / "felis")
    (tmp_path / "new" / "dog" / "0.png").unlink()
    (found,) = find(filled, tmp_path / "new")
    assert counts(found) == (19, 20, 0, 0, 1)
    filled.places.relink([found.move])
    assert rescan(filled, 1) == Applied(added=0, changed=0, moved=20, missing=1)
    require_kept(filled, 79)


def test_other_times_are_told_by_content(filled: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "old" / "a", tmp_path / "new")
    for path in (tmp_path / "new").rglob("*.png"):
        os.utime(path)
    (tmp_path / "new" / "dog" / "2.png").write_bytes(b"another size")
    assert counts(find(filled, tmp_path / "new")[0]) == (39, 0, 1, 0, 0)


def test_what_there_is_no_time_to_compare_is_left_to_the_scan(
    filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(tmp_path / "old" / "a", tmp_path / "new")
    (tmp_path / "new" / "cat").rename(tmp_path / "new" / "felis")
    for path in (tmp_path / "new" / "dog").iterdir():
        os.utime(path)
    monkeypatch.setattr(relinking, "HASHING_SECONDS", 0.0)
    (found,) = find(filled, tmp_path / "new")
    assert counts(found) == (0, 0, 0, 40, 0)
    assert not found.is_nothing


def test_the_right_folder_is_taken_where_one_above_or_below_it_was_chosen(filled: Catalogue, tmp_path: Path) -> None:
    shutil.move(tmp_path / "old" / "a", tmp_path / "new" / "inner" / "a2")
    for chosen in (tmp_path / "new", tmp_path / "new" / "inner", tmp_path / "new" / "inner" / "a2" / "dog"):
        (found,) = find(filled, chosen)
        assert found.move.path == str(tmp_path / "new" / "inner" / "a2")
        assert found.in_place == 40


def test_a_folder_with_none_of_the_images_is_nothing(
    filled: Catalogue, tmp_path: Path, write_image: WriteImage
) -> None:
    shutil.move(tmp_path / "old" / "a", tmp_path / "new")
    write_image(tmp_path / "other" / "cat" / "1.png", 12345)
    (found,) = find(filled, tmp_path / "other")
    assert found.is_nothing
    assert found.missing + found.changed == 40
    with pytest.raises(UserError, match="There is no folder"):
        find(filled, tmp_path / "nowhere")
    with pytest.raises(UserError, match="no longer part"):
        find(filled, tmp_path / "new", source=9)


def test_a_single_image_is_found_again(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    source = catalogue.add_source(str(write_image(tmp_path / "one.png", 5))).id
    rescan(catalogue, source)
    (tmp_path / "one.png").rename(tmp_path / "two.png")
    (found,) = find(catalogue, tmp_path / "two.png", source)
    assert (found.known, found.in_place + found.elsewhere) == (1, 1)
    catalogue.places.relink([found.move])
    rescan(catalogue, source)
    (row,) = catalogue.page(ImageQuery(), None, 9)
    assert (row.name, row.path) == ("two.png", str(tmp_path / "two.png"))


@pytest.mark.parametrize(
    ("before", "after", "other", "expected"),
    [
        ("/e/photos/a", "{new}/photos/a", "/e/scans/b", "{new}/scans/b"),
        ("E:\\photos\\a", "{new}/photos/a", "E:\\photos\\b", "{new}/photos/b"),
        ("/e/photos/a", "{new}/renamed", "/e/photos/b", ""),
        ("/e/photos/a", "{new}/photos/a", "/f/photos/b", ""),
    ],
)
def test_the_move_of_a_folder_above_takes_others_along(
    tmp_path: Path, before: str, after: str, other: str, expected: str
) -> None:
    for name in ("photos/a", "photos/b", "scans/b", "renamed"):
        (tmp_path / name).mkdir(parents=True)
    source = Source(2, other, False, 1, 0, 0, False, False)
    found = moved_along(before, after.format(new=tmp_path), [source])
    assert found == ([(source, expected.format(new=tmp_path))] if expected else [])
