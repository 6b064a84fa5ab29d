"""Transcriptions from the tables of a folder: what is read, what is refused, and why."""

import csv
import io
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.tables import ROW_LIMIT, harmless
from imgmine_gui.core.project.items import DataItem, load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.project.transcriptions.tables import read_texts
from imgmine_gui.core.project.transcriptions.wording import LONGEST

WriteImage = Callable[[Path, int], Path]


@pytest.fixture
def folder(tmp_path: Path, write_image: WriteImage) -> Path:
    for number in range(4):
        write_image(tmp_path / "lines" / "images" / f"{number}.png", number)
    return tmp_path / "lines"


def load(folder: Path) -> tuple[dict[str, DataItem], Transcriptions]:
    items, result = load_items(folder, SplitSettings(), PlainContext(), transcribed=True)
    assert result.transcriptions is not None
    return {Path(item.path).name: item for item in items.items}, result.transcriptions


def texts(folder: Path) -> dict[str, str | None]:
    return {name: item.text for name, item in load(folder)[0].items()}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.csv", b"file,text\nimages/0.png,one\nimages/1.png,two\n"),
        ("labels.csv", b"\xef\xbb\xbffilename,transcription\r\nimages\\0.png,one\r\nimages\\1.png,two"),
        ("labels.csv", b'path,label\r./images/0.png,"one"\rimages//1.png, two \r'),
        ("labels.csv", "image;text\nimages/0.png;one\nimages/1.png;two\n".encode("utf-16")),
        ("labels.tsv", b"image\ttext\n0.png\tone\n1.png\ttwo\n"),
        ("images/gold.tab", b"0.png\tone\n1.png\ttwo\n"),
        ("other/labels.csv", b"file,text\n../images/0.png,one\nimages/1.PNG,two\n"),
    ],
)
def test_the_forms_of_a_table(folder: Path, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    assert texts(folder) == {"0.png": "one", "1.png": "two", "2.png": None, "3.png": None}


@pytest.mark.parametrize(
    ("rows", "texts_read"),
    [
        (['0.png\t"Halt" rief er', "1.png\t„So“"], ['"Halt" rief er', "„So“"]),
        (['0.png\t"Halt!', '1.png\tSo"'], ['"Halt!', 'So"']),
        (['0.png\t"Halt!"', "1.png\tSo"], ['"Halt!"', "So"]),
        (['0.png\t"""Halt"" rief er"', "1.png\tSo"], ['"Halt" rief er', "So"]),
        (['"0.png"\t"Halt!"', '"1.png"\t"S""o"'], ["Halt!", 'S"o']),
    ],
)
def test_quotes_between_tabs_belong_to_the_text(folder: Path, rows: list[str], texts_read: list[str]) -> None:
    (folder / "labels.tsv").write_text("\n".join(["file\ttext", *rows]))
    found = texts(folder)
    assert [found["0.png"], found["1.png"]] == texts_read


def test_absolute_paths_lead_to_images(folder: Path) -> None:
    lines = f"file,text\n{folder}/images/0.png,one\n/elsewhere/images/1.png,two\n/elsewhere/pictures/2.png,three\n"
    (folder / "labels.csv").write_text(lines)
    assert texts(folder) == {"0.png": "one", "1.png": "two", "2.png": None, "3.png": None}


def test_texts_are_composed_and_keep_their_order(folder: Path) -> None:
    (folder / "labels.csv").write_text(
        "file,text\nimages/0.png,e\u0301t\u00e9\nimages/1.png,\u05e9\u05dc\u05d5\u05dd 12\n"
    )
    found = texts(folder)
    assert (found["0.png"], found["1.png"]) == ("\u00e9t\u00e9", "\u05e9\u05dc\u05d5\u05dd 12")


def test_tables_of_something_else_are_passed_over(folder: Path) -> None:
    (folder / "predictions.csv").write_text("path,text,confidence\nimages/0.png,wrong,0.9\n")
    (folder / "sizes.csv").write_text("file,width\nimages/0.png,8\n")
    (folder / "words.csv").write_text("text\nword\n")
    items, found = load(folder)
    assert [item.text for item in items.values()] == [None] * 4
    assert not found.problems
    assert [one.reason for one in found.without] == ["No table names this image, and no text file lies beside it."] * 4


def test_a_column_of_splits_counts_before_folders(tmp_path: Path, write_image: WriteImage) -> None:
    rows = ["file,text,split"]
    for number in range(40):
        part = "test" if number % 4 == 0 else "train"
        write_image(tmp_path / part / f"{number}.png", number)
        rows.append(f"{part}/{number}.png,text {number},{'val' if number == 1 else 'Test' if number == 2 else ''}")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    items, _ = load(tmp_path)
    assert items["1.png"].split is Split.VALIDATION
    assert items["2.png"].split is Split.TEST
    counts = Counter(item.split for item in items.values())
    assert counts == {Split.TEST: 11, Split.VALIDATION: 1, Split.TRAIN: 28}


def test_without_splits_the_images_with_a_text_are_divided(tmp_path: Path, write_image: WriteImage) -> None:
    for number in range(24):
        write_image(tmp_path / "ab"[number % 2] / f"{number}.png", number)
    rows = [f"{number}.png,text" for number in range(20)]
    (tmp_path / "labels.csv").write_text("file,text\n" + "\n".join(rows))
    items, found = load(tmp_path)
    counts = Counter((item.split, item.text) for item in items.values())
    assert counts == {
        (Split.TRAIN, "text"): 14, (Split.VALIDATION, "text"): 3, (Split.TEST, "text"): 3, (None, None): 4,
    }  # fmt: skip
    assert [one.place for one in found.without] == ["a/20.png", "a/22.png", "b/21.png", "b/23.png"]


def test_what_cannot_be_used_has_a_reason(folder: Path) -> None:
    long = "x" * (LONGEST + 1)
    (folder / "labels.csv").write_text(
        f'file,text\nimages/0.png, \nimages/1.png,{long}\nimages/2.png,"a\nb"\nimages/3.png,a\x01b\n'
        "images/4.png,lost\nimages/0.png,a,b\n,text\nimages/1.png\n"
    )
    items, found = load(folder)
    assert [item.text for item in items.values()] == [None] * 4
    assert [(one.place, one.reason) for one in found.without] == [
        ("images/0.png", "The text is empty."),
        ("images/1.png", f"The text has {LONGEST + 1} characters; a line has at most {LONGEST}."),
        ("images/2.png", "The text has several lines; an image of one line is needed."),
        ("images/3.png", "The text holds a character that cannot be written: U+0001."),
    ]
    assert [problem.text for problem in found.problems] == [
        "labels.csv, line 7: There is no image “images/4.png”.",
        "labels.csv, line 8: The row has more cells than there are columns: put a text with a comma or tab in quotes.",
        "labels.csv, line 9: The row names no image.",
    ]


def test_two_texts_of_one_image_and_a_name_of_several(folder: Path, write_image: WriteImage) -> None:
    write_image(folder / "more" / "3.png", 9)
    rows = "file,text,split\nimages/0.png,one,train\nimages/0.png,one,\nimages/0.png,two,middle\n3.png,three,\n"
    (folder / "labels.csv").write_text(rows)
    items, found = load(folder)
    assert items["0.png"].text == "one"
    assert [problem.text for problem in found.problems] == [
        "labels.csv, line 4: “middle” is no split: write train, validation or test.",
        "labels.csv, line 4: “images/0.png” has another text already, in “labels.csv”, line 2; that one is kept.",
        "labels.csv, line 5: “3.png” may mean several images.",
    ]


def test_a_quote_that_is_never_closed_costs_one_row(folder: Path) -> None:
    filler = "".join(f"images/no{number}.png,{'word ' * 200}\n" for number in range(200))
    (folder / "labels.csv").write_text(f'file,text\nimages/0.png,"one\nimages/1.png,two\n{filler}')
    items, found = load(folder)
    assert (items["0.png"].text, items["1.png"].text) == (None, "two")
    assert found.problems[0].text == f"“{folder}/labels.csv”, line 2: a cell has more than 131072 characters."


@pytest.mark.parametrize("row", ["images/0.png," + "x" * 2**23, "images/0.png" + ',"x\n y"' * 2**19])
def test_a_giant_row_takes_little_memory_and_has_a_reason(tmp_path: Path, row: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(f"file,text\nimages/2.png,one\n{row}\nimages/1.png,two\n")
    told = Told(PlainContext())
    tracemalloc.start()
    found = [row for row in read_texts(table, "labels.csv", told) if row.path == "images/1.png"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.text for row in found] == ["two"]
    assert told.problems[0].text == f"“{table}”, line 3: the row has more than {ROW_LIMIT} characters."
    assert peak < 64 * 2**20


_CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(rows=st.lists(st.tuples(_CELLS, _CELLS), max_size=8), mark=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_table_says_is_what_is_read(tmp_path: Path, rows: list[tuple[str, str]], mark: bool, end: str) -> None:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator=end)
    writer.writerow(("text", "path"))
    writer.writerows((harmless(text), harmless(path)) for text, path in rows)
    table = tmp_path / "labels.csv"
    table.write_bytes(content.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    told = Told(PlainContext())
    read = [(row.text, row.path) for row in read_texts(table, "labels.csv", told)]
    assert read == [(text, path.strip()) for text, path in rows if path.strip()]


@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"path,text\n{text}".encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_table_is_a_crash(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(content)
    list(read_texts(table, "labels.csv", Told(PlainContext())))


def test_the_captchas(shared_data: Path) -> None:
    items, result = load_items(shared_data / "captcha", SplitSettings(), PlainContext(), transcribed=True)
    assert len(items.items) == 3000
    assert items.items[0].text == "018l"
    assert result.transcriptions
    assert not result.transcriptions.without
    assert not result.transcriptions.problems


def test_the_lines_of_old_books(shared_data: Path) -> None:
    items, result = load_items(shared_data / "fraktur_lines", SplitSettings(), PlainContext(), transcribed=True)
    assert Counter(item.split is Split.TEST for item in items.items) == {False: 3915, True: 427}
    assert len({character for item in items.items for character in item.text or ""}) == 102
    assert result.transcriptions
    assert not result.transcriptions.without
    assert not result.transcriptions.problems
