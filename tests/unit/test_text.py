"""Parts of a line are joined as the language of the window does it."""

import pickle
from collections.abc import Iterator
from functools import partial

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, join_list, join_phrases, join_sentences, read, set_language, tr


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def test_phrases_in_english() -> None:
    assert join_phrases(["4,000 images", "", "10 classes"]) == "4,000 images, 10 classes"


def test_phrases_in_chinese(chinese: None) -> None:
    assert join_phrases(["4,000 张图像", "", "10 个类别"]) == "4,000 张图像，10 个类别"


def test_names_in_a_row(chinese: None) -> None:
    assert join_list(["ash", "oak", "birch"]) == "ash、oak、birch"
    set_language("en")
    assert join_list(["ash", "oak", "birch"]) == "ash, oak, birch"
    assert join_list([]) == ""


def test_an_error_lists_its_names_in_the_language_in_which_it_is_read(chinese: None) -> None:
    error = pickle.loads(pickle.dumps(UserError("Gone.", "Choose one of: {names}.", names=["ash", "oak"])))
    assert error.remedy == "可选：ash、oak。"
    set_language("en")
    assert error.remedy == "Choose one of: ash, oak."


def test_a_value_that_is_marked_is_translated_with_its_text(chinese: None) -> None:
    error = pickle.loads(pickle.dumps(UserError("There is no {kind} named “{name}”.", kind=N_("Error"), name="Error")))
    assert str(error) == "错误“Error”不存在。"
    set_language("en")
    assert str(error) == "There is no Error named “Error”."


def test_a_value_may_have_values_of_its_own(chinese: None) -> None:
    reason = partial(tr, N_("There is no file {path}."), path="b")
    error = pickle.loads(pickle.dumps(UserError("{path} cannot be read: {reason}.", path="a", reason=reason)))
    assert str(error) == "a 无法读取：没有 b 这个文件。。"
    set_language("en")
    assert str(error) == "a cannot be read: There is no file b.."


def test_what_was_said_is_said_again_in_another_language_and_process(chinese: None) -> None:
    kept = UserError("There is no file {path}.", path="a").message
    assert kept == "没有 a 这个文件。"
    set_language("en")
    again = pickle.loads(pickle.dumps(kept))
    assert kept == "没有 a 这个文件。"
    assert again == tr(kept) == tr(again) == "There is no file a."
    assert tr("Left out: {reason}", reason=kept) == "Left out: There is no file a."


def test_words_are_read_anew(chinese: None) -> None:
    kept = "No project is open.", lambda: tr("There is no file {path}.", path="a")
    assert [read(words) for words in kept] == ["未打开项目。", "没有 a 这个文件。"]
    set_language("en")
    assert [read(words) for words in kept] == ["No project is open.", "There is no file a."]


@pytest.mark.parametrize(
    ("sentences", "joined"),
    [
        (("Gone.", "Look again."), "Gone. Look again."),
        (("没有了。", "请再看看。"), "没有了。请再看看。"),
        (("没有了？", "请再看看！", "好。"), "没有了？请再看看！好。"),
        (("Gone.", ""), "Gone."),
        (("", "Look again."), "Look again."),
    ],
)
def test_sentences(sentences: tuple[str, str], joined: str) -> None:
    assert join_sentences(*sentences) == joined


def test_an_error_in_chinese_has_no_blank_between_its_sentences(chinese: None) -> None:
    said = str(UserError("No project is open.", "Open one, or add a folder of images."))
    assert said == "未打开项目。请打开一个项目，或添加图像文件夹。"
