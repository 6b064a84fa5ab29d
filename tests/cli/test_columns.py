"""Columns of a terminal, where a Chinese character takes two."""

import pytest

from imgmine_gui.commands.columns import CLOSING, OPENING, pad, width_of, wrap


@pytest.mark.parametrize(("text", "width"), [("", 0), ("oak", 3), ("橡树", 4), ("橡树 oak", 8)])
def test_width(text: str, width: int) -> None:
    assert width_of(text) == width
    assert pad(text, 10).startswith(text)
    assert width_of(pad(text, 10)) == 10


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 9, ["one two", "three"]),
        ("unbreakable", 4, ["unbreakable"]),
        ("一二三四五", 6, ["一二三", "四五"]),
        ("一二三，四五", 6, ["一二", "三，四", "五"]),
        ("一二（三四）五", 6, ["一二", "（三", "四）五"]),
        ("用 attention 网络", 10, ["用", "attention", "网络"]),
        ("看“x”吧", 5, ["看“x”", "吧"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@pytest.mark.parametrize("width", range(8, 40))
def test_no_line_is_too_long_nor_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    text = "每个子文件夹就是一个类别（例如“橡树”、“桦树”）；名为 train、test 的文件夹会原样采用。没有的话，程序会划分。"
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width_of(line) <= width + 4  # a mark that must stay may stand over
        assert line[0] not in CLOSING
        assert line[-1] not in OPENING
