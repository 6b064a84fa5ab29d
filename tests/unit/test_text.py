"""Parts of a line are joined as the language of the window does it."""

from collections.abc import Iterator

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import join_phrases, join_sentences, set_language


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def test_phrases_in_english() -> None:
    assert join_phrases(["4,000 images", "", "10 classes"]) == "4,000 images, 10 classes"


def test_phrases_in_chinese(chinese: None) -> None:
    assert join_phrases(["4,000 张图像", "", "10 个类别"]) == "4,000 张图像，10 个类别"


@pytest.mark.parametrize(
    ("sentences", "joined"),
    [
        (("Gone.", "Look again."), "Gone. Look again."),
        (("没有了。", "请再看看。"), "没有了。请再看看。"),
        (("Gone.", ""), "Gone."),
        (("", "Look again."), "Look again."),
    ],
)
def test_sentences(sentences: tuple[str, str], joined: str) -> None:
    assert join_sentences(*sentences) == joined


def test_an_error_in_chinese_has_no_blank_between_its_sentences(chinese: None) -> None:
    said = str(UserError("No project is open.", "Open one, or add a folder of images."))
    assert said == "未打开项目。请打开一个项目，或添加图像文件夹。"
