"""DATA of the command line: a folder, a single image or a project."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.catalogue import Applied, Catalogue
from imgmine_gui.core.project.items import DataItem, DataItems, load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.splits import SplitSettings

WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]
DEFAULT = SplitSettings()


@pytest.fixture
def photos(tmp_path: Path, write_image: WriteImage) -> Path:
    folder = tmp_path / "photos"
    for number in range(20):
        write_image(folder / "cat" / f"{number}.png", number)
        write_image(folder / "Dog" / f"{number}.png", 100 + number)
    (folder / "cat" / "bad.png").write_bytes(b"no image")
    (folder / "notes.txt").write_text("notes")
    return folder


def test_a_folder_gives_items_with_splits(photos: Path) -> None:
    items, result = load_items(photos, DEFAULT, PlainContext())
    assert items.classes == ("cat", "Dog")
    assert (result.images, len(result.unreadable), result.not_images) == (40, 1, 1)
    assert Counter((item.label, item.split) for item in items.items) == {
        (label, split): count
        for label in ("cat", "Dog")
        for split, count in ((Split.TRAIN, 14), (Split.VALIDATION, 3), (Split.TEST, 3))
    }
    assert all(Path(item.path).is_file() and len(item.key) == 32 for item in items.items)
    assert [item.path for item in items.items] == sorted(item.path for item in items.items)
    assert len(items.of(Split.TRAIN)) == 28
    assert load_items(photos, DEFAULT, PlainContext())[0] == items
    assert load_items(photos, SplitSettings(seed=1), PlainContext())[0] != items


def test_a_project_gives_the_items_of_its_catalogue(photos: Path, tmp_path: Path, rescan: Rescan) -> None:
    project = Project.create(tmp_path, "Plants")
    chosen = SplitSettings(validation=0.3, seed=5)
    project.catalogue.set_split_settings(chosen)
    rescan(project.catalogue, project.catalogue.add_source(str(photos)).id)
    from_folder = load_items(photos, chosen, PlainContext())
    while_open = load_items(project.folder, DEFAULT, PlainContext())
    assert while_open == from_folder
    project.close()
    assert load_items(project.folder, DEFAULT, PlainContext()) == from_folder


def test_a_single_image_gives_one_item(photos: Path) -> None:
    items, result = load_items(photos / "cat" / "3.png", DEFAULT, PlainContext())
    assert items == DataItems((DataItem(str(photos / "cat" / "3.png"), None, None, result.records[0].key),), ())


def test_relative_paths_become_absolute(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos.parent)
    items, _ = load_items(Path("photos"), DEFAULT, PlainContext())
    assert items.items[0].path.startswith(str(photos))


def test_no_image_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no image in"):
        load_items(tmp_path, DEFAULT, PlainContext())
    (tmp_path / "1.png").touch()
    with pytest.raises(UserError, match="empty") as caught:
        load_items(tmp_path, DEFAULT, PlainContext())
    assert str(tmp_path) in caught.value.message and caught.value.remedy
    with pytest.raises(UserError, match="There is no folder"):
        load_items(tmp_path / "nothing", DEFAULT, PlainContext())
    with pytest.raises(UserError, match="There is no project"):
        load_items(tmp_path / "No.imgmine", DEFAULT, PlainContext())


def test_a_project_without_images_is_an_error_in_words(tmp_path: Path) -> None:
    project = Project.create(tmp_path, "Plants")
    project.close()
    with pytest.raises(UserError, match="no image in"):
        load_items(project.folder, DEFAULT, PlainContext())


def test_a_damaged_project_is_an_error_in_words(tmp_path: Path) -> None:
    project = Project.create(tmp_path, "Plants")
    project.close()
    (project.folder / "project.db").write_bytes(b"damaged")
    with pytest.raises(UserError, match="damaged"):
        load_items(project.folder, DEFAULT, PlainContext())


def test_cancel(photos: Path) -> None:
    context = PlainContext()
    context.wish = Wish.CANCEL
    with pytest.raises(Cancelled):
        load_items(photos, DEFAULT, context)


def test_real_photos_are_sound(shared_data: Path) -> None:
    items, _ = load_items(shared_data / "clothing", DEFAULT, PlainContext())
    assert [len(items.of(split)) for split in Split] == [3068, 341, 372]
    assert len(items.classes) == 10
    assert {check.severity for check in items.checks()} <= {"warns"}
