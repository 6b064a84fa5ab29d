"""Tables: encodings, delimiters, columns, cells that spreadsheets take for formulas."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import ImportedImage, ProblemKind, Told
from imgmine_gui.core.project.exchange.encodings import encoding_of
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.readers.table import read_table
from imgmine_gui.core.project.exchange.tables import as_meant, divided, harmless, joined
from imgmine_gui.core.project.layout import Split

CHINESE = "图片,类别,划分\n叶子/一.jpg,橡树,训练集\n叶子/二.jpg,白蜡树,测试集\n"


def pieces(path: Path, told: Told | None = None, **options: str) -> list[ImportedImage]:
    return list(read_table(path, ImportOptions(**options), told or Told(PlainContext())))


def written(tmp_path: Path, content: str | bytes, name: str = "labels.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@given(st.text())
def test_a_harmless_cell_is_no_formula_and_comes_back(cell: str) -> None:
    safe = harmless(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert as_meant(safe) == cell


@given(st.lists(st.text(min_size=1), max_size=4))
def test_several_labels_in_one_cell_come_back(labels: list[str]) -> None:
    assert divided(joined(labels), "|", escaped=True) == labels


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str, found: str) -> None:
    path = written(tmp_path, CHINESE.encode(encoding))
    if encoding in {"utf-16-le", "utf-16-be"}:
        path = written(tmp_path, "path,label,split\na/1.jpg,橡树,train\na/2.jpg,ash,test\n".encode(encoding))
    told = Told(PlainContext())
    assert encoding_of(path, "", told) == found
    first, second = pieces(path, told)
    assert first.labels == ("橡树",)
    assert (first.split, second.split) == (Split.TRAIN, Split.TEST)


def test_western_text_of_old_programs_is_not_taken_for_chinese(tmp_path: Path) -> None:
    content = "path;label\nété/1.jpg;Hêtre commun\nété/2.jpg;Érable\nn/3.jpg;Zürgelbaum – grün\n"
    path = written(tmp_path, content.encode("cp1252"))
    assert [piece.labels for piece in pieces(path)] == [("Hêtre commun",), ("Érable",), ("Zürgelbaum – grün",)]


def test_a_later_gbk_byte_is_found_behind_a_long_ascii_part(tmp_path: Path) -> None:
    rows = "".join(f"a/{number}.jpg,ash\n" for number in range(100_000))
    path = written(tmp_path, f"path,label\n{rows}b.jpg,橡树\n".encode("gbk"))
    assert pieces(path)[-1].labels == ("橡树",)


def test_an_encoding_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "path,label\n1.jpg,カシワ\n".encode("shift_jis"))
    assert pieces(path, encoding="shift_jis")[0].labels == ("カシワ",)
    with pytest.raises(UserError, match=r"labels\.csv.*no encoding “martian”"):
        pieces(path, encoding="martian")


def test_text_that_is_not_in_the_encoding_that_was_said_names_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, b"path,label\n" + b"1.jpg,oak\n" * 20_000 + b"2.jpg,\xff\xfe\n")
    with pytest.raises(UserError, match=r"line \d+: the text is not in the encoding utf-8"):
        pieces(path, encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([["file", "class", "note"], ["a, b; c.jpg", "x,y;z|w", "one, two; three"], ["d.jpg", "e", ""]])
    first, second = pieces(written(tmp_path, text.getvalue()))
    assert (first.names, first.labels, first.note) == (("a, b; c.jpg",), ("x,y;z|w",), "one, two; three")
    assert second.note == ""


def test_the_line_that_excel_writes_for_the_delimiter(tmp_path: Path) -> None:
    told = Told(PlainContext())
    found = pieces(written(tmp_path, "sep=;\r\nfile;label;split\r\n1.jpg;a,b;nonsense\r\n"), told)
    assert [(piece.names, piece.labels, piece.line) for piece in found] == [(("1.jpg",), ("a,b",), 3)]
    assert told.problems[0].line == 3


def test_a_table_without_titles(tmp_path: Path) -> None:
    found = pieces(written(tmp_path, "a/1.jpg,oak\na/2.jpg,ash\n"))
    assert [(piece.names[0], piece.labels, piece.line) for piece in found] == [
        ("a/1.jpg", ("oak",), 1),
        ("a/2.jpg", ("ash",), 2),
    ]


def test_columns_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "where,what,label\n1.jpg,oak,7\n")
    assert pieces(path, path_column="Where", label_column="what")[0].labels == ("oak",)
    with pytest.raises(UserError, match=r"labels\.csv.*no column “wo”.*where, what, label"):
        pieces(path, path_column="wo")


def test_a_table_without_a_column_of_paths_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"labels\.csv.*line 1.*“leaf”, “tree”.*Call one of the columns “path”"):
        pieces(written(tmp_path, "leaf,tree\n1,2\n"))


def test_several_labels(tmp_path: Path) -> None:
    assert pieces(written(tmp_path, "path,label\n1.jpg,a; b;;a\n"), separator=";")[0].labels == ("a", "b")
    assert pieces(written(tmp_path, "path,label\n1.jpg,a; b\n"))[0].labels == ("a; b",)
    assert pieces(written(tmp_path, 'path,tags\n1.jpg,a|b\n2.jpg,"c,d"\n'))[1].labels == ("c", "d")
    assert pieces(written(tmp_path, "path,label,more_labels\n1.jpg,a,b\\|c|d\n"))[0].labels == ("a", "b|c", "d")


def test_nothing_said_and_nothing_there_are_two_things(tmp_path: Path) -> None:
    first, second = pieces(written(tmp_path, "path,label,note\n1.jpg,,\n2.jpg\n"))
    assert (first.labels, first.note, first.group) == ((), "", None)
    assert (second.labels, second.note) == (None, None)


def test_rows_that_say_nothing_usable_are_told_by_their_line(tmp_path: Path) -> None:
    told = Told(PlainContext())
    found = pieces(
        written(tmp_path, 'path,label,split\n"1\n2.jpg",a,TRAIN\n,b,\n3.jpg,c,holdout\n\n4.jpg,d,val\n'), told
    )
    assert [piece.names[0] for piece in found] == ["1\n2.jpg", "3.jpg", "4.jpg"]
    assert [piece.split for piece in found] == [Split.TRAIN, None, Split.VALIDATION]
    assert [(problem.line, problem.kind) for problem in told.problems] == [
        (4, ProblemKind.UNREADABLE),
        (5, ProblemKind.UNREADABLE),
    ]
    assert "“holdout”" in told.problems[1].text


def test_a_quote_that_is_never_closed_ends_with_its_line(tmp_path: Path) -> None:
    content = 'path,label\n1.jpg,a\n2.jpg,"b\n' + "3.jpg,c\n" * 100_000
    with pytest.raises(UserError, match=r"labels\.csv”, line 3: a cell has more than 131072 characters.*quote"):
        pieces(written(tmp_path, content))


def test_a_text_column_is_what_is_written_in_the_image(tmp_path: Path) -> None:
    found = pieces(written(tmp_path, "file,text,note\n1.jpg,Nordküſte,torn\n"))[0]
    assert (found.text, found.note, found.labels) == ("Nordküſte", "torn", None)
    found = pieces(written(tmp_path, "file,label\n1.jpg,018l\n"), text_column="label")[0]
    assert (found.text, found.labels) == ("018l", None)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n\n", b"path,label\n"])
def test_empty_tables_have_no_images(tmp_path: Path, content: bytes) -> None:
    assert pieces(written(tmp_path, content)) == []


def test_binary_rubbish_is_refused_or_empty_but_never_a_fault(tmp_path: Path) -> None:
    for content in (bytes(range(256)) * 50, b"\0" * 1000, b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n" + b"\0\1" * 500):
        try:
            pieces(written(tmp_path, content))
        except UserError as error:
            assert "labels.csv" in str(error)
