"""Odd files in a project: each is a row or a reason, and decoding settles what a header promised."""

import os
from pathlib import Path

from PIL import Image

from imgmine_gui.core.images.decode import ImageError, decode_rgb
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery, ImageRow
from imgmine_gui.core.project.health.job import measure
from imgmine_gui.core.project.scan import scan_folder


def rows(catalogue: Catalogue) -> list[ImageRow]:
    return catalogue.page(ImageQuery(), None, 10_000)


def take(catalogue: Catalogue, folder: Path) -> None:
    """Make a folder the source of a catalogue, or look at it again."""
    source = next(iter(catalogue.sources()), None) or catalogue.add_source(str(folder))
    catalogue.apply_scan(source.id, scan_folder(str(folder), None, PlainContext()))


def test_measuring_settles_what_the_headers_of_odd_images_promised(catalogue: Catalogue, shared_data: Path) -> None:
    take(catalogue, shared_data / "odd_images")
    promised = [row for row in rows(catalogue) if not row.problem]
    broken = set()
    for row in promised:
        try:
            decode_rgb(row.path)
        except ImageError as error:
            broken.add((row.path, error.problem.value))
    assert 0 < len(broken) < 40, "sound by their headers, and not when they are decoded"
    before = {row.path for row in rows(catalogue) if row.problem}
    measure(catalogue.health, PlainContext())
    after = {(row.path, row.problem) for row in rows(catalogue) if row.problem and row.path not in before}
    assert after == broken
    assert all(row.reason for row in rows(catalogue) if row.problem)


def test_a_name_that_changed_its_case_only_is_the_same_image(catalogue: Catalogue, tmp_path: Path) -> None:
    """As a drive that knows no case shows it: the file is the same, its name is another, and no other one goes."""
    folder = tmp_path / "photos"
    (folder / "Leaf").mkdir(parents=True)
    for number in range(3):
        Image.new("RGB", (8, 6), (number, 0, 0)).save(folder / "Leaf" / f"IMG_{number}.PNG")
    take(catalogue, folder)
    before = {row.key: row.id for row in rows(catalogue)}
    catalogue.edits.set_rating(list(before.values()), 4)
    os.rename(folder / "Leaf" / "IMG_1.PNG", folder / "Leaf" / "img_1.png")
    os.rename(folder / "Leaf", folder / "leaf")
    take(catalogue, folder)
    after = rows(catalogue)
    assert {row.key: row.id for row in after} == before
    assert {os.path.relpath(row.path, folder) for row in after} == {
        "leaf/IMG_0.PNG",
        "leaf/img_1.png",
        "leaf/IMG_2.PNG",
    }
    assert catalogue.count(ImageQuery(rating=4)) == 3
