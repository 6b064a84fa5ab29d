"""A file of several pages is as many images: each a row with its own key, size and reason, found when it moves."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.events import Event
from imgmine_gui.core.images import whole_file
from imgmine_gui.core.images.decode import decode_rgb, inspect_pages
from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project import scan
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.records import FileRecord, ScanResult
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.splits import SplitSettings

Rescan = Callable[[Catalogue, int], Applied]


def write_pages(path: Path, count: int, first: int = 0) -> Path:
    """A TIFF whose page N is ``first`` + 10 + N pixels wide."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pages = [Image.new("L", (first + 11 + number, 9), number * 20) for number in range(count)]
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:])
    return path


def run(folder: Path, known: ScanResult | None = None, events: list[Event] | None = None) -> ScanResult:
    records = {record.place: record for record in known.records} if known else None
    return scan_folder(str(folder), records, PlainContext([].append if events is None else events.append))


def test_each_page_is_a_record(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "cat" / "scan.tif", 3)
    write_pages(tmp_path / "dog" / "one.tif", 1)
    result = run(tmp_path)
    assert [record.place for record in result.records] == [
        b"cat/scan.tif",
        b"cat/scan.tif#page=2",
        b"cat/scan.tif#page=3",
        b"dog/one.tif",
    ]
    assert [record.width for record in result.records] == [11, 12, 13, 11]
    assert [record.label for record in result.records] == ["cat", "cat", "cat", "dog"]
    assert [record.key for record in result.records[:3]] == [
        content_key(f"{path}{page}") for page in ("", "#page=2", "#page=3")
    ]
    assert (result.images, result.readable_files, result.unreadable_files) == (4, 2, 0)


def test_pages_that_did_not_change_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(tmp_path / "scan.tif", 3)
    first = run(tmp_path)
    monkeypatch.setattr(scan, "read_pages", lambda *_: pytest.fail("read again"))
    assert run(tmp_path, first) == first


def test_a_page_with_a_problem_is_a_row_and_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(tmp_path / "scan.tif", 3)
    original = inspect_pages

    def one_is_bad(path: str) -> list[object]:
        first, _, last = original(path)
        return [first, ImageError(ImageProblem.DAMAGED, path), last]

    with monkeypatch.context() as changed:
        changed.setattr(whole_file, "inspect_pages", one_is_bad)
        result = run(tmp_path)
    assert (result.images, len(result.unreadable), result.readable_files, result.unreadable_files) == (2, 1, 1, 0)
    assert result.unreadable[0].place == b"scan.tif#page=2"
    assert "scan.tif#page=2" in result.unreadable[0].reason
    assert run(tmp_path, result).images == 3


def test_one_page_can_be_chosen(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "scan.tif", 3)
    (record,) = run(Path(f"{path}#page=2")).records
    assert (record.place, record.width) == (b"scan.tif#page=2", 12)
    with pytest.raises(ImageError) as caught:
        run(Path(f"{path}#page=4"))
    assert caught.value.problem is ImageProblem.MISSING
    items, _ = load_items(Path(f"{path}#page=2"), SplitSettings(), PlainContext())
    assert [item.path for item in items.items] == [f"{path}#page=2"]
    items, _ = load_items(path, SplitSettings(), PlainContext())
    assert [decode_rgb(item.path).full_size[0] for item in items.items] == [11, 12, 13]


def test_the_catalogue_has_a_row_a_page_and_finds_them_again(
    tmp_path: Path, catalogue: Catalogue, rescan: Rescan
) -> None:
    folder = tmp_path / "source"
    path = write_pages(folder / "cat" / "scan.tif", 3)
    source = catalogue.add_source(str(folder)).id
    assert rescan(catalogue, source).added == 3
    assert rescan(catalogue, source) == Applied(0, 0, 0, 0)
    before = catalogue.page(ImageQuery(), None, 10)
    assert [row.path for row in before] == [f"{path}{page}" for page in ("", "#page=2", "#page=3")]
    assert [row.name for row in before] == ["scan.tif", "scan.tif#page=2", "scan.tif#page=3"]
    assert [decode_rgb(item.path).full_size[0] for item in catalogue.items()] == [11, 12, 13]
    assert [record.page for record in catalogue.last_scan().records] == [0, 1, 2]

    path.rename(folder / "cat" / "renamed.tif")
    assert rescan(catalogue, source) == Applied(0, 0, 3, 0)
    after = catalogue.page(ImageQuery(), None, 10)
    assert [row.id for row in after] == [row.id for row in before]
    assert [row.name for row in after] == ["renamed.tif", "renamed.tif#page=2", "renamed.tif#page=3"]


def test_pages_come_and_go(
    tmp_path: Path, catalogue: Catalogue, rescan: Rescan, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    write_pages(folder / "scan.tif", 3)
    source = catalogue.add_source(str(folder)).id
    rescan(catalogue, source)
    changed_long_ago = write_pages(folder / "scan.tif", 2, first=100).stat().st_mtime_ns - 10**10
    os.utime(folder / "scan.tif", ns=(changed_long_ago, changed_long_ago))
    assert rescan(catalogue, source) == Applied(0, 2, 0, 1)
    with monkeypatch.context() as changed:
        changed.setattr(scan, "read_pages", lambda *_: pytest.fail("the page that went is no reason to read again"))
        assert rescan(catalogue, source) == Applied(0, 0, 0, 0)
    write_pages(folder / "scan.tif", 4, first=200)
    assert rescan(catalogue, source).added == 1
    assert [row.width for row in catalogue.page(ImageQuery(), None, 10)] == [211, 212, 213, 214]
    record: FileRecord = next(one for one in catalogue.last_scan().records if one.place == b"scan.tif#page=4")
    assert (record.page, record.width) == (3, 214)


def test_a_name_that_changes_only_its_case_is_a_move(tmp_path: Path, catalogue: Catalogue, rescan: Rescan) -> None:
    folder = tmp_path / "source"
    path = write_pages(folder / "Cat" / "scan.tif", 2)
    source = catalogue.add_source(str(folder)).id
    rescan(catalogue, source)
    before = catalogue.ids(ImageQuery())
    # In two steps, because a drive that does not tell the case apart takes the new name for the old one.
    path.rename(path.with_name("between"))
    path.with_name("between").rename(path.with_name("SCAN.TIF"))
    assert rescan(catalogue, source) == Applied(0, 0, 2, 0)
    assert catalogue.ids(ImageQuery()) == before
