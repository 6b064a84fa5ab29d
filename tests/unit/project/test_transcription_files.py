"""Transcriptions beside images and in their names, their Unicode form, and their alphabet."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.transcriptions.alphabet import count_characters
from imgmine_gui.core.project.transcriptions.beside import TextFiles
from imgmine_gui.core.project.transcriptions.file_names import NamePattern
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.project.transcriptions.options import Normalisation, TranscriptionOptions
from imgmine_gui.core.project.transcriptions.wording import LONGEST, Unusable, line_text, normalised

WriteImage = Callable[[Path, int], Path]


def load(data: Path, **options: object) -> tuple[dict[str, str | None], Transcriptions]:
    reading = TranscriptionOptions.model_validate(options)
    items, result = load_items(data, SplitSettings(), PlainContext(), transcribed=True, reading=reading)
    assert result.transcriptions is not None
    return {Path(item.path).name: item.text for item in items.items}, result.transcriptions


def test_text_files_beside_images(tmp_path: Path, write_image: WriteImage) -> None:
    for number, name in enumerate(["a.png", "b.bin.png", "c.png", "d.png", "e.png", "f.png"]):
        write_image(tmp_path / "lines" / name, number)
    contents = {
        "a.gt.txt": b"\xef\xbb\xbfone\r\n",
        "a.txt": b"not this",
        "b.gt.txt": "zwei ſ\n".encode(),
        "c.txt": "drei ü".encode("utf-16"),
        "d.txt": "vier ü".encode("cp1252"),
        "e.gt.txt": b"\n",
        "lost.gt.txt": b"lost",
        "readme.txt": b"no transcription",
    }
    for name, content in contents.items():
        (tmp_path / "lines" / name).write_bytes(content)
    texts, found = load(tmp_path)
    assert texts == {
        "a.png": "one", "b.bin.png": "zwei ſ", "c.png": "drei ü", "d.png": "vier ü", "e.png": None, "f.png": None,
    }  # fmt: skip
    assert [(one.place, one.reason) for one in found.without] == [
        ("lines/e.png", "The text is empty."),
        ("lines/f.png", "No table names this image, and no text file lies beside it."),
    ]
    assert [problem.text for problem in found.problems] == ["lines/lost.gt.txt: There is no image beside this text."]


def test_a_table_counts_before_a_text_file_and_that_before_a_name(tmp_path: Path, write_image: WriteImage) -> None:
    for number, name in enumerate(["one-1.png", "two-1.png", "three-1.png", "four-1.png", "five.png"]):
        write_image(tmp_path / name, number)
    (tmp_path / "labels.csv").write_text("file,text\none-1.png,table\nfour-1.png,\n")
    (tmp_path / "one-1.txt").write_text("beside")
    (tmp_path / "two-1.txt").write_text("beside")
    (tmp_path / "four-1.txt").write_text("beside")
    texts, found = load(tmp_path, pattern="{text}-*.png")
    assert texts == {
        "five.png": None, "four-1.png": None, "one-1.png": "table", "three-1.png": "three", "two-1.png": "beside",
    }  # fmt: skip
    assert "does not fit the pattern" in found.without[0].reason


def test_a_text_file_that_cannot_be_read_is_a_reason(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "a.png", 1)
    write_image(tmp_path / "b.png", 2)
    (tmp_path / "a.gt.txt").mkdir()
    (tmp_path / "b.gt.txt").write_bytes(b"x" * (2**20 + 1))
    texts, found = load(tmp_path)
    assert texts == {"a.png": None, "b.png": None}
    assert "not a file" in found.without[0].reason
    assert "too large" in found.without[1].reason


def test_a_single_image_has_its_text_and_nothing_is_said_of_others(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "a.png", 1)
    write_image(tmp_path / "b.png", 2)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "labels.csv").write_text("file,text\na.png,deep\n")
    (tmp_path / "labels.csv").write_text("file,text\nb.png,two\na.png,one\nc.png,three\n")
    (tmp_path / "b.gt.txt").write_text("two")
    texts, found = load(tmp_path / "a.png")
    assert texts == {"a.png": "one"}
    assert not found.problems


def test_texts_of_a_project_folder_are_not_looked_for(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "a.png", 1)
    (tmp_path / "Old.imgmine").mkdir()
    (tmp_path / "Old.imgmine" / "labels.csv").write_text("file,text\na.png,old\nb.png,lost\n")
    texts, found = load(tmp_path)
    assert texts == {"a.png": None}
    assert not found.problems


@pytest.mark.parametrize(
    ("pattern", "place", "text"),
    [
        ("{text}-*", "lower/018l-0.png", "018l"),
        ("{text}-*.png", "lower/018l-0.png", "018l"),
        ("{text}", "x/été.jpg", "été"),
        ("*_{text}.png", "1_2_word.PNG", "word"),
        ("{text}/*", "word/1.png", "word"),
        ("**/{text}_?.png", "a/b/word_1.png", "word"),
        ("(?P<text>[a-z]+)[0-9]+$", "A1/ab12.png", "ab"),
        ("{text}.png", "word.jpg", ""),
    ],
)
def test_the_text_in_the_name_of_a_file(pattern: str, place: str, text: str) -> None:
    assert NamePattern(pattern).find(place) == text


@pytest.mark.parametrize("pattern", ["*.png", "(?P<text>", "(?P<text>a)(?P<b>c)"])
def test_a_pattern_that_cannot_be_understood_is_told(tmp_path: Path, write_image: WriteImage, pattern: str) -> None:
    write_image(tmp_path / "a.png", 1)
    with pytest.raises(UserError) as caught:
        load(tmp_path, pattern=pattern)
    assert caught.value.remedy


def test_the_unicode_form_is_chosen_and_the_text_is_kept(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "a.png", 1)
    written = "e\u0301t\u00e9 \ufb01n"
    (tmp_path / "a.txt").write_text(written, "utf-8")
    for form in Normalisation:
        texts, found = load(tmp_path, normalisation=form)
        expected = written if form is Normalisation.NONE else unicodedata.normalize(form.upper(), written)  # type: ignore[arg-type]
        assert texts == {"a.png": expected}
        assert [one.text for one in found.texts.values()] == [written]


@given(st.text())
def test_every_text_is_one_line_or_has_a_reason(written: str) -> None:
    text = line_text(written)
    if isinstance(text, Unusable):
        assert text.message
        return
    assert text in written
    assert 0 < len(text) <= LONGEST
    assert len(text.splitlines()) == 1
    for form in Normalisation:
        once = normalised(text, form)
        assert once
        assert normalised(once, form) == once


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1), st.sampled_from(["utf-8", "utf-8-sig"])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_text_file_says_is_what_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.gt.txt").write_bytes(text.encode(encoding))
    files = TextFiles(tmp_path, Told(PlainContext()))
    place = files.of(b"a.png")
    assert place == b"a.gt.txt"
    assert files.read(place) == (text.removeprefix("\ufeff") if encoding == "utf-8" else text)


def test_the_alphabet_counts_characters_and_flags_rare_ones() -> None:
    items = [DataItem(f"{n}.png", None, Split.TRAIN, str(n), "abba") for n in range(5)]
    items += [DataItem(f"t{n}.png", None, Split.TEST, f"t{n}", "ac\u0301 ") for n in range(6)]
    items.append(DataItem("none.png", None, Split.TRAIN, "none"))
    found = {one.character: one for one in count_characters(items)}
    assert list(found) == [" ", "a", "b", "c", "\u0301"]
    counts = {character: (one.count, one.images, one.in_training, one.rare) for character, one in found.items()}
    assert counts == {
        " ": (6, 6, 0, True),
        "a": (16, 11, 5, False),
        "b": (10, 5, 5, False),
        "c": (6, 6, 0, True),
        "\u0301": (6, 6, 0, True),
    }
    assert [one.shown for one in found.values()] == ["U+0020", "a", "b", "c", "◌\u0301"]
    assert found["\u0301"].name == "COMBINING ACUTE ACCENT"


def test_reading_is_cancelled(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "a.png", 1)
    (tmp_path / "labels.csv").write_text("file,text\n" + "no.png,text\n" * 1000)
    context = PlainContext(lambda event: setattr(context, "wish", Wish.CANCEL) if "transcr" in str(event) else None)
    with pytest.raises(Cancelled):
        load_items(tmp_path, SplitSettings(), context, transcribed=True)
