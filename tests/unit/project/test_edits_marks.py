"""Notes, flags, ratings, excluded images, and splits by hand."""

from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.layout import Split
from tests.unit.project.records import animals, result


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    (tmp_path / "source").mkdir()
    source = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(source, result(*animals(5)))
    return source


def column(catalogue: Catalogue, name: str) -> list[object]:
    with catalogue._database.reading() as db:
        return [value for (value,) in db.execute(f"SELECT {name} FROM images ORDER BY id")]


def test_notes(catalogue: Catalogue, source: int) -> None:
    assert tuple(catalogue.edits.set_note([1, 2], " blurred\nand e\u0301 ").image_ids) == (1, 2)
    assert column(catalogue, "note")[:3] == ["blurred\nand é", "blurred\nand é", ""]
    assert tuple(catalogue.edits.set_note([1], "").image_ids) == (1,)
    catalogue.edits.undo()
    assert column(catalogue, "note")[0] == "blurred\nand é"
    with pytest.raises(UserError, match="10000 characters"):
        catalogue.edits.set_note([1], "x" * 10_001)


def test_flags_and_ratings(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_flag([1], 1)
    catalogue.edits.set_flag([2], -1)
    catalogue.edits.set_rating([1], 5)
    assert column(catalogue, "flag")[:3] == [1, -1, 0]
    assert column(catalogue, "rating")[:2] == [5, 0]
    titles = [edit.title for edit in catalogue.edits.history()]
    assert titles == ["rate an image", "reject an image", "pick an image"]
    catalogue.edits.set_flag([1, 2], 0)
    assert column(catalogue, "flag")[:2] == [0, 0]
    for wrong in (-1, 6):
        with pytest.raises(ValueError, match="rating"):
            catalogue.edits.set_rating([1], wrong)
    with pytest.raises(ValueError, match="flag"):
        catalogue.edits.set_flag([1], 2)


def test_marks_outlive_scans(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_note([1], "note")
    catalogue.edits.set_excluded([1], True)
    catalogue.edits.set_split([1], Split.TEST)
    catalogue.apply_scan(source, result(*animals(6)))
    row = [column(catalogue, name)[0] for name in ("note", "excluded", "split_set")]
    assert row == ["note", 1, "test"]


def test_excluded_images_are_in_no_split(catalogue: Catalogue, source: int) -> None:
    before = column(catalogue, "split")
    assert catalogue.edits.set_excluded([1, 2], True).splits
    assert column(catalogue, "split")[:2] == [None, None]
    assert [one.unsplit for one in catalogue.classes()] == [2, 0]
    catalogue.edits.set_excluded(range(1, 11), True)
    assert [check.code for check in catalogue.checks() if check.severity == "blocks"] == ["all_excluded"]
    catalogue.edits.undo()
    catalogue.edits.set_excluded([1, 2], False)
    assert column(catalogue, "split") == before


def test_a_split_by_hand_wins_until_it_is_taken_back(catalogue: Catalogue, source: int) -> None:
    before = column(catalogue, "split")
    catalogue.edits.set_split(range(1, 6), Split.TEST)
    assert column(catalogue, "split")[:5] == ["test"] * 5
    catalogue.edits.set_split([1], None)
    catalogue.edits.undo()
    assert column(catalogue, "split")[0] == "test"
    catalogue.edits.undo()
    assert column(catalogue, "split") == before
    titles = [edit.title for edit in catalogue.edits.history()]
    assert titles == ["let an image be divided by itself", "use 5 images for the test"]
