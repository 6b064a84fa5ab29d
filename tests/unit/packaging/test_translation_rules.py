"""Each rule of translation_rules.py with texts that keep to it and texts that do not."""

import pytest
from translation_rules import fields, missing, wrong_fields, wrong_typography


@pytest.mark.parametrize(
    ("translations", "fuzzy", "problem"),
    [
        (["图像"], False, []),
        ([""], False, ["has no translation"]),
        ([], False, ["has no translation"]),
        (["一幅图像", ""], False, ["has no translation"]),
        ([""], True, ["has no translation"]),
        (["图像"], True, ["is marked as fuzzy"]),
    ],
)
def test_every_form_is_translated(translations: list[str], fuzzy: bool, problem: list[str]) -> None:
    assert list(missing(translations, fuzzy)) == problem


def test_fields_with_their_formats() -> None:
    assert fields("{share:.1%} of {name!r} in {{braces}}, {share:.1%} again") == {"share:.1%", "name!r"}


@pytest.mark.parametrize(
    ("sources", "translation"),
    [
        (["{count} of {total} images"], "{total} 幅图像中的 {count} 幅"),
        (["No image"], "没有图像"),
        (["One image in {folder}", "{count} images in {folder}"], "{folder} 中有 {count} 幅图像"),
        (["a single { brace"], "一个 {"),
    ],
)
def test_the_same_fields_in_any_order(sources: list[str], translation: str) -> None:
    assert list(wrong_fields(sources, translation)) == []


@pytest.mark.parametrize(
    ("translation", "words"),
    [
        ("{total} 幅图像", "has the fields ['total'] in the place of ['count', 'total:.1f']"),
        ("{count} / {total}", "'total'] in the place of"),
        ("{count} {total:.1f} {name}", "'name'"),
        ("{count 幅图像", "unbalanced"),
    ],
)
def test_other_fields_are_a_problem(translation: str, words: str) -> None:
    problems = list(wrong_fields(["{count} of {total:.1f} images"], translation))
    assert len(problems) == 1 and words in problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "训练完成，用时 3 分钟。",
        "文件（PNG）已保存：{name}",
        "{name}：无法读取",
        "第 {index} 幅，共 {total} 幅",
        "打开(&O)…",
        "Adam, AdamW; SGD: (x) ok?",
        "文件.png",
        "宽度×高度",
        "图像“{name}”",
        "正在加载……请稍候。",
        "添加文件夹…",
        "批量 32，学习率 0.001",
    ],
)
def test_good_typography(text: str) -> None:
    assert list(wrong_typography(text)) == []


@pytest.mark.parametrize(
    "text", ["完成,保存", "完成; 保存", "名称:", "是否停止?", "完成!", "图像 (3", "{n}) 图像", "PNG, 图像"]
)
def test_ascii_punctuation_next_to_chinese(text: str) -> None:
    problems = list(wrong_typography(text))
    assert len(problems) == 1 and "ASCII mark" in problems[0]


@pytest.mark.parametrize("text", ["训练完成.", "训练完成. 请看"])
def test_an_ascii_full_stop_after_chinese(text: str) -> None:
    assert [problem[:18] for problem in wrong_typography(text)] == ["has the ASCII mark"]


@pytest.mark.parametrize("text", ["共3 幅", "共 3幅", "打开PNG", "PNG 文件夹A", "第{index} 幅", "第 {index}幅", "é图"])
def test_no_gap_between_chinese_and_latin(text: str) -> None:
    problems = list(wrong_typography(text))
    assert len(problems) == 1 and "lacks a blank" in problems[0]


@pytest.mark.parametrize("text", ["添加文件夹...", "等待..."])
def test_three_dots(text: str) -> None:
    assert "has three dots in the place of …" in list(wrong_typography(text))


def test_a_label_has_one_ellipsis() -> None:
    assert list(wrong_typography("添加文件夹……")) == ["has …… in a label; there … is enough"]
