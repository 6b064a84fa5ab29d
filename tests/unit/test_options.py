"""What is wrong with an option is said in words of ours, in the language of the person."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import Field

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Options, parse_options
from imgmine_gui.core.text import set_language


class Colour(StrEnum):
    GREY = "grey"
    RGB = "rgb"


class Some(Options):
    width: int = Field(64, ge=8, lt=512, title="Width", description="Of what the network sees.")
    rate: float = Field(0.1, gt=0, le=1)
    flip: bool = False
    colour: Colour = Colour.RGB
    widths: tuple[Annotated[int, Field(ge=1)], ...] = Field((8, 8), min_length=1, max_length=3)


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"width": "7"}, "“width” cannot be “7”: it must be at least 8. Width: Of what the network sees."),
        ({"width": 512}, "“width” cannot be “512”: it must be less than 512."),
        ({"width": "wide"}, "“width” cannot be “wide”: it must be a whole number."),
        ({"width": "8.5"}, "“width” cannot be “8.5”: it must be a whole number."),
        ({"rate": "0"}, "“rate” cannot be “0”: it must be more than 0."),
        ({"rate": 1.5}, "“rate” cannot be “1.5”: it must be at most 1."),
        ({"rate": "low"}, "“rate” cannot be “low”: it must be a number."),
        ({"rate": float("nan")}, "“rate” cannot be “nan”: it must be a number."),
        ({"flip": "perhaps"}, "“flip” cannot be “perhaps”: it must be true or false."),
        ({"colour": "blue"}, "“colour” cannot be “blue”. Choose one of: grey, rgb."),
        ({"widths": ""}, "“widths” cannot be “”: it needs at least 1 numbers."),
        ({"widths": "1,2,3,4"}, "“widths” cannot be “1,2,3,4”: it may have at most 3 numbers."),
        ({"widths": "1,0"}, "“widths” cannot be “0”: it must be at least 1."),
        ({"height": 3}, "There is no option “height” here. Choose one of: width, rate, flip, colour, widths."),
    ],
)
def test_a_refusal_says_why(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_options(Some, values)
    assert words in str(caught.value)


def test_a_refusal_in_chinese(chinese: None) -> None:
    with pytest.raises(UserError) as caught:
        parse_options(Some, {"colour": "blue"})
    assert str(caught.value) == "选项“colour”不能设为“blue”。可选：grey、rgb。"
    with pytest.raises(UserError) as caught:
        parse_options(Some, {"rate": "2"})
    assert str(caught.value) == "选项“rate”不能设为“2”：不能大于 1。"
