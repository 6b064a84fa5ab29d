"""The texts of a project's images: from files by scans, by hand with undo, searched, divided and learned."""

import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery, ImageRow
from imgmine_gui.core.project.database import APPLICATION_ID
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.migrations import MIGRATIONS
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.schema import VERSION, check_catalogue
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.transcriptions.options import Normalisation, TranscriptionOptions

WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]


@pytest.fixture
def lines(tmp_path: Path, write_image: WriteImage) -> Path:
    folder = tmp_path / "lines"
    for number in range(4):
        write_image(folder / f"{number}.png", number)
    (folder / "labels.csv").write_text("file,text\n0.png,Moon\n1.png,Sun\n2.png,\nlost.png,Lost\n")
    (folder / "3.gt.txt").write_text("e\u0301toile\n", "utf-8")
    return folder


@pytest.fixture
def source(catalogue: Catalogue, lines: Path, rescan: Rescan) -> int:
    number = catalogue.add_source(str(lines)).id
    rescan(catalogue, number)
    return number


def rows(catalogue: Catalogue) -> dict[str, ImageRow]:
    return {row.name: row for row in catalogue.page(ImageQuery(), None, -1)}


def texts(catalogue: Catalogue) -> dict[str, str]:
    return {name: row.text for name, row in rows(catalogue).items()}


def found(catalogue: Catalogue, text: str) -> list[str]:
    return sorted(row.name for row in catalogue.page(ImageQuery(text=text), None, -1))


def test_a_scan_brings_texts_and_says_what_is_wrong(catalogue: Catalogue, source: int) -> None:
    assert texts(catalogue) == {"0.png": "Moon", "1.png": "Sun", "2.png": "", "3.png": "e\u0301toile"}
    assert rows(catalogue)["2.png"].text_reason == "The text is empty."
    assert rows(catalogue)["0.png"].text_reason == ""
    transcriptions = catalogue.transcriptions()
    assert [one.reason for one in transcriptions.without] == ["The text is empty."]
    assert [one.text for one in transcriptions.problems] == ["labels.csv, line 5: There is no image “lost.png”."]
    assert catalogue.count(ImageQuery(transcribed=True)) == 3
    assert catalogue.count(ImageQuery(transcribed=False)) == 1
    assert catalogue.count(ImageQuery(text_problem=True)) == 1


def test_a_rescan_follows_the_files_and_keeps_what_is_set_by_hand(
    catalogue: Catalogue, source: int, lines: Path, rescan: Rescan
) -> None:
    first = rows(catalogue)["0.png"].id
    catalogue.edits.set_text([first], "Mond")
    (lines / "labels.csv").write_text("file,text,split\n0.png,Luna,test\n1.png,Sol,\n2.png,Stella,\n")
    (lines / "3.gt.txt").unlink()
    rescan(catalogue, source)
    assert texts(catalogue) == {"0.png": "Mond", "1.png": "Sol", "2.png": "Stella", "3.png": ""}
    assert rows(catalogue)["0.png"].split == "test"
    assert rows(catalogue)["0.png"].text_by_hand
    assert not catalogue.transcriptions().problems
    catalogue.edits.undo()
    assert texts(catalogue)["0.png"] == "Luna"
    assert found(catalogue, "luna") == ["0.png"]
    assert found(catalogue, "mond") == []
    catalogue.edits.redo()
    assert texts(catalogue)["0.png"] == "Mond"
    catalogue.edits.reset_text([first])
    assert (texts(catalogue)["0.png"], rows(catalogue)["0.png"].text_by_hand) == ("Luna", False)


def test_a_moved_image_keeps_its_text(catalogue: Catalogue, source: int, lines: Path, rescan: Rescan) -> None:
    before = rows(catalogue)["1.png"].id
    catalogue.edits.set_text([before], "Sonne")
    (lines / "deep").mkdir()
    (lines / "1.png").rename(lines / "deep" / "one.png")
    rescan(catalogue, source)
    after = rows(catalogue)["one.png"]
    assert (after.id, after.text, after.text_by_hand) == (before, "Sonne", True)
    assert found(catalogue, "sonne") == ["one.png"]
    assert found(catalogue, "deep/o") == ["one.png"]


def test_texts_are_searched_like_names(catalogue: Catalogue, source: int) -> None:
    assert found(catalogue, "MOO") == ["0.png"]
    assert found(catalogue, "\u00e9t") == ["3.png"]
    assert found(catalogue, "un") == ["1.png"]
    assert found(catalogue, "0.p") == ["0.png"]
    catalogue.edits.set_text([rows(catalogue)["2.png"].id], "A new moon")
    assert found(catalogue, "moon") == ["0.png", "2.png"]
    catalogue.edits.undo()
    assert found(catalogue, "moon") == ["0.png"]


def test_one_edit_of_one_image_or_of_many(catalogue: Catalogue, source: int) -> None:
    ids = {name: row.id for name, row in rows(catalogue).items()}
    done = catalogue.edits.set_texts([(ids["0.png"], " Mond "), (ids["2.png"], "Stern"), (ids["1.png"], "Sun")])
    assert done.edit is not None
    assert done.edit.title == "change the texts of 3 images"
    assert texts(catalogue) == {"0.png": "Mond", "1.png": "Sun", "2.png": "Stern", "3.png": "e\u0301toile"}
    catalogue.edits.undo()
    assert texts(catalogue)["2.png"] == ""
    assert not any(row.text_by_hand for row in rows(catalogue).values())
    catalogue.edits.set_text([ids["0.png"]], "")
    assert texts(catalogue)["0.png"] == ""
    assert [edit.title for edit in catalogue.edits.history()] == ["change the text of an image"]


@pytest.mark.parametrize("text", ["a\nb", "x" * 1001, "\x00"])
def test_what_cannot_be_a_text_is_refused(catalogue: Catalogue, source: int, text: str) -> None:
    with pytest.raises(UserError) as caught:
        catalogue.edits.set_text([1], text)
    assert caught.value.remedy
    with pytest.raises(UserError):
        catalogue.edits.set_texts([(2, "sound"), (1, text)])
    assert not any(row.text_by_hand for row in rows(catalogue).values())


def test_labels_and_plain_text_files_count_once_a_person_says_so(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    folder = tmp_path / "photos"
    for name in ("a.png", "b.png", "c-1.png"):
        write_image(folder / name, ord(name[0]))
    (folder / "labels.csv").write_text("file,label\na.png,oak\n")
    (folder / "b.txt").write_text("beech")
    source = catalogue.add_source(str(folder)).id
    rescan(catalogue, source)
    assert set(texts(catalogue).values()) == {""}
    catalogue.edits.set_transcription_options(TranscriptionOptions(pattern="{text}-*"))
    rescan(catalogue, source)
    assert texts(catalogue) == {"a.png": "oak", "b.png": "beech", "c-1.png": "c"}
    catalogue.edits.undo()
    assert catalogue.transcription_options() is None
    rescan(catalogue, source)
    assert set(texts(catalogue).values()) == {""}


def test_the_form_is_chosen_and_undone_while_the_text_stays(catalogue: Catalogue, source: int) -> None:
    def learned() -> str | None:
        return next(item.text for item in catalogue.items() if item.path.endswith("3.png"))

    assert learned() == "\u00e9toile"
    catalogue.edits.set_transcription_options(TranscriptionOptions(normalisation=Normalisation.NONE))
    assert learned() == "e\u0301toile"
    assert catalogue.transcriptions().normalisation is Normalisation.NONE
    catalogue.edits.undo()
    assert learned() == unicodedata.normalize("NFC", "e\u0301toile")
    assert next(item.text for item in catalogue.items() if item.path.endswith("2.png")) is None


def test_images_with_a_text_are_divided_and_loaded(tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> None:
    folder = tmp_path / "lines"
    for number in range(24):
        write_image(folder / f"{number}.png", number)
    (folder / "labels.csv").write_text("\n".join(["file,text", *(f"{n}.png,text {n}" for n in range(20))]))
    project = Project.create(tmp_path, "Book")
    rescan(project.catalogue, project.catalogue.add_source(str(folder)).id)
    items, result = load_items(project.folder, SplitSettings(), PlainContext(), transcribed=True)
    from_folder, found_there = load_items(folder, SplitSettings(), PlainContext(), transcribed=True)
    assert items == from_folder
    assert Counter(item.split for item in items.items) == {"train": 14, "validation": 3, "test": 3, None: 4}
    assert result.transcriptions
    assert found_there.transcriptions
    assert result.transcriptions.without == found_there.transcriptions.without
    last = max(row.id for row in rows(project.catalogue).values() if not row.text)
    project.catalogue.edits.set_text([last], "now")
    assert next(row for row in rows(project.catalogue).values() if row.id == last).split is not None
    project.close()


def test_a_catalogue_of_the_version_before_gets_room_for_texts(tmp_path: Path, lines: Path, rescan: Rescan) -> None:
    project = Project.create(tmp_path, "Book")
    source = project.catalogue.add_source(str(lines)).id
    rescan(project.catalogue, source)
    project.close()
    database = project.folder / "project.db"
    database.unlink()
    for left in (project.folder / "backups").iterdir():
        left.unlink()
    _make_version_2(database, lines)
    assert check_catalogue(database) == 2
    again = Project.open(project.folder)
    assert check_catalogue(database) == VERSION
    assert len(list((project.folder / "backups").glob("*"))) == 1
    assert rows(again.catalogue)["0.png"].note == "kept"
    rescan(again.catalogue, 1)
    assert texts(again.catalogue)["0.png"] == "Moon"
    assert found(again.catalogue, "moon") == ["0.png"]
    again.close()


def _make_version_2(database: Path, lines: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for migration in MIGRATIONS[:2]:
            migration(db)
        db.execute("PRAGMA user_version = 2")
        db.execute("INSERT INTO sources (id, path, is_file) VALUES (1, ?, 0)", [str(lines).encode()])
        db.execute(
            """
            INSERT INTO images (source_id, size, mtime_ns, inode, width, height, problem, key, path, search, note,
                explanation)
            VALUES (1, 1, 1, 1, 8, 6, '', 'abc', ?, ?, 'kept', '')
            """,
            [b"0.png", "0.png\n\n"],
        )
