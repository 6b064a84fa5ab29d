"""Which image a path in a file means."""

import os
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.exchange.matching import Match, Matcher
from tests.unit.project.conftest import WriteImage
from tests.unit.project.exchange_project import ids_by_name, project

Find = Callable[..., Match]


@pytest.fixture
def photos(tmp_path: Path, write_image: WriteImage) -> Path:
    folder = tmp_path / "photos"
    names = [
        "train/cats/1.jpg",
        "train/dogs/1.jpg",
        "train/dogs/only.jpg",
        unicodedata.normalize("NFC", "été/Grün.png"),
        "odd/Mixed.PNG",
        "twins/Case.png",
        "twins/case.png",
        "stems/leaf.old.png",
        "stems/leaf.png",
        "stems/both.jpg",
        "stems/both.png",
        "with\\backslash.png",
        "new\nline.png",
    ]
    for number, name in enumerate(names):
        write_image(folder / name, number)
    write_image(folder / os.fsdecode(b"raw/\xe9\xff.png"), 99)
    return folder


@pytest.fixture
def catalogue(photos: Path, tmp_path: Path) -> Iterator[Catalogue]:  # in place of the empty one
    with project(tmp_path / "p.db", photos) as made:
        yield made


@pytest.fixture
def find(catalogue: Catalogue, tmp_path: Path) -> Iterator[Callable[..., str | tuple[str, ...] | None]]:
    """The name that is found for a path; the candidates if there are several; None if there is none."""
    names = {number: name for name, number in ids_by_name(catalogue).items()}
    with catalogue.edits.recording("look") as (db, _), closing(Matcher(db, tmp_path / "labels")) as matcher:

        def found(*written: str, stem: str = "") -> str | tuple[str, ...] | None:
            match = matcher.find(written, stem)
            return match.candidates or None if match.image_id is None else names[match.image_id]

        yield found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("train/cats/1.jpg", "train/cats/1.jpg"),
        ("./train//cats/1.jpg", "train/cats/1.jpg"),
        ("../photos/train/dogs/1.jpg", "train/dogs/1.jpg"),
        ("/home/other/data/train/dogs/1.jpg", "train/dogs/1.jpg"),
        ("C:\\Users\\me\\TRAIN\\Cats\\1.JPG", "train/cats/1.jpg"),
        ("train\\cats\\1.jpg", "train/cats/1.jpg"),
        ("only.jpg", "train/dogs/only.jpg"),
        ("elsewhere/only.jpg", "train/dogs/only.jpg"),
        ("mixed.png", "odd/Mixed.PNG"),
        (unicodedata.normalize("NFD", "été/Grün.png"), unicodedata.normalize("NFC", "été/Grün.png")),
        ("ÉTÉ/GRÜN.PNG", unicodedata.normalize("NFC", "été/Grün.png")),
        ("twins/case.png", "twins/case.png"),
        ("x/twins/Case.png", "twins/Case.png"),
        ("with\\backslash.png", "with\\backslash.png"),
        ("new\nline.png", "new\nline.png"),
        ("raw/\\xe9\\xff.png", os.fsdecode(b"raw/\xe9\xff.png")),
        ("../../gone/train/cats/1.jpg", "train/cats/1.jpg"),
    ],
)
def test_a_path_is_found(find: Find, written: str, meant: str) -> None:
    assert find(written) == meant


@pytest.mark.parametrize(
    "written", ["", "no.jpg", "cats", "train/cats", "..", "/", "1.jp", "only.jpg.jpg", "\ud800.png", "a\0b.png", "."]
)
def test_nothing_is_found_where_nothing_is_meant(find: Find, written: str) -> None:
    assert find(written) is None


def test_several_candidates_are_none(find: Find, photos: Path) -> None:
    found = find("1.jpg")
    assert isinstance(found, tuple)
    assert set(found) == {str(photos / "train/cats/1.jpg"), str(photos / "train/dogs/1.jpg")}
    assert isinstance(find("birds/1.jpg"), tuple)
    assert isinstance(find("CASE.png"), tuple)


def test_a_stem_is_found_with_any_suffix(find: Find, photos: Path) -> None:
    assert find(stem="stems/leaf") == "stems/leaf.png"
    assert find(stem="stems/leaf.old") == "stems/leaf.old.png"
    assert find(stem="/elsewhere/images/mixed") == "odd/Mixed.PNG"
    assert isinstance(find(stem="stems/both"), tuple)
    assert find("nowhere.jpg", stem="train/dogs/only") == "train/dogs/only.jpg"
    assert find(stem=str(photos / "train/cats/1")) == "train/cats/1.jpg"


def test_names_are_tried_in_their_order(find: Find) -> None:
    assert find("0a1b2c3d-only.jpg", "only.jpg") == "train/dogs/only.jpg"
    assert find("train/cats/1.jpg", "train/dogs/1.jpg") == "train/cats/1.jpg"
    assert find("nowhere/1.jpg", "train/dogs/1.jpg") == "train/dogs/1.jpg"


def test_a_name_alone_is_said_to_be_one(catalogue: Catalogue, tmp_path: Path) -> None:
    with catalogue.edits.recording("look") as (db, _), closing(Matcher(db, tmp_path)) as matcher:
        assert matcher.find(("elsewhere/only.jpg",)).by_name
        assert not matcher.find(("only.jpg",)).by_name
        assert not matcher.find(("x/dogs/only.jpg",)).by_name


def test_what_lies_beside_the_file_comes_first(tmp_path: Path, write_image: WriteImage) -> None:
    for number, source in enumerate(("a", "b")):
        write_image(tmp_path / source / "x" / "1.png", number)
    with project(tmp_path / "p.db", tmp_path / "a", tmp_path / "b") as catalogue:
        with catalogue.edits.recording("look") as (db, _), closing(Matcher(db, tmp_path / "b")) as matcher:
            beside = matcher.find(("x/1.png",)).image_id
            assert beside == matcher.find((str(tmp_path / "b/x/1.png"),)).image_id
            assert beside != matcher.find((str(tmp_path / "a/x/1.png"),)).image_id
        with catalogue.edits.recording("look") as (db, _), closing(Matcher(db, tmp_path)) as matcher:
            assert len(matcher.find(("x/1.png",)).candidates) == 2
            assert matcher.find(("b/x/1.png",)).image_id == beside


def test_an_image_that_was_removed_or_is_missing_is_not_found(
    tmp_path: Path, catalogue: Catalogue, photos: Path, write_image: WriteImage
) -> None:
    source = catalogue.sources()[0]
    catalogue.edits.remove_source(source.id)
    with catalogue.edits.recording("look") as (db, _), closing(Matcher(db, tmp_path)) as matcher:
        assert matcher.find(("train/cats/1.jpg",)).image_id is None
        assert matcher.find((str(photos / "only.jpg"),)) == Match(None)


def test_a_single_image_as_a_source(tmp_path: Path, write_image: WriteImage) -> None:
    path = write_image(tmp_path / "one" / "leaf.png")
    names = (str(path), "one/leaf.png", "leaf.png", "LEAF.PNG", "else/leaf.png")
    with (
        project(tmp_path / "p.db", path) as catalogue,
        catalogue.edits.recording("look") as (db, _),
        closing(Matcher(db, tmp_path)) as matcher,
    ):
        assert all(matcher.find((name,)).image_id for name in names)
