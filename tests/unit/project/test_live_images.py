"""Which images live training chooses."""

from pathlib import Path

import pytest

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.live_images import read_live_images
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.schema import create_catalogue

IMAGES = 40


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Forty images; the first thirty are of three classes, ten each, one is left out, one could not be read."""
    create_catalogue(tmp_path / "project.db")
    catalogue = Catalogue(tmp_path / "project.db")
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO sources (path, is_file) VALUES (?, 0)", [b"/images"])
        for place in range(3):
            db.execute("INSERT INTO classes (name, colour, position) VALUES (?, ?, ?)", [f"c{place}", place, place])
        for number in range(IMAGES):
            label = number // 10 + 1 if number < 30 else None
            db.execute(
                "INSERT INTO images (source_id, path, search, size, mtime_ns, inode, key, width, height, class_given,"
                " class_id, problem, explanation, excluded) VALUES (1, ?, ?, 1, 1, ?, ?, 9, 9, ?, ?, ?, '', ?)",
                [f"{number}.png".encode(), f"{number}.png", number, f"{number * 7919 % 9973:05d}", label, label,
                 "damaged" if number == 38 else "", int(number == 39)],
            )  # fmt: skip
    return catalogue


def test_all_are_chosen_where_there_is_room(catalogue: Catalogue) -> None:
    found = read_live_images(catalogue, [], 100)
    assert (len(found.ids), found.total) == (38, 38)
    assert found.class_ids[:30] == (1,) * 10 + (2,) * 10 + (3,) * 10
    assert set(found.class_ids[30:]) == {None}
    assert [name for _, name in found.classes] == ["c0", "c1", "c2"]


def test_of_many_labelled_images_an_even_sample_is_taken_and_what_is_looked_at_comes_too(catalogue: Catalogue) -> None:
    found = read_live_images(catalogue, [36, 37], 12)
    labelled = [number for number in found.class_ids if number is not None]
    assert {36, 37} <= set(found.ids)
    assert len(found.ids) == 12
    assert found.total == IMAGES - 1, "what can be read"
    assert set(labelled[:9]) == {1, 2, 3}, "not the first ones only"
    assert read_live_images(catalogue, [36, 37], 12) == found


def test_sources_that_are_not_there_and_splits_are_told(catalogue: Catalogue) -> None:
    catalogue.places.look(Lookout())  # there is no folder of this name
    catalogue.edits.label([1], 2)
    found = read_live_images(catalogue, [], 100)
    assert all(found.offline)
    assert found.class_ids[found.ids.index(1)] == 2
    assert {"train", "validation", "test"} >= {split for split in found.splits if split}
