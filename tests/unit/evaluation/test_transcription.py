"""Scores of recognised texts."""

import difflib
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.evaluation.text_alignment import EditKind, aligned, confusions, edit_distance
from imgmine_gui.core.evaluation.transcription import ratio, transcription_report
from imgmine_gui.core.evaluation.transcription_scoring import Scoring
from imgmine_gui.core.text import set_language

texts = st.text("ab ſß𝔄e\u0301", max_size=9)


def slow_distance(first: str, second: str) -> int:
    """The definition of the edit distance, by recursion."""

    @lru_cache
    def rest(i: int, j: int) -> int:
        if i == len(first) or j == len(second):
            return len(first) - i + len(second) - j
        return min(rest(i + 1, j) + 1, rest(i, j + 1) + 1, rest(i + 1, j + 1) + (first[i] != second[j]))

    return rest(0, 0)


@given(texts, texts)
def test_an_alignment_rebuilds_both_texts_with_the_fewest_edits(true: str, recognised: str) -> None:
    edits = aligned(true, recognised)
    assert "".join(edit.true for edit in edits) == true
    assert "".join(edit.recognised for edit in edits) == recognised
    assert sum(edit.kind is not EditKind.MATCH for edit in edits) == slow_distance(true, recognised)
    for edit in edits:
        assert edit.true == true[edit.true_index :][: len(edit.true)]
        assert edit.recognised == recognised[edit.recognised_index :][: len(edit.recognised)]
        match edit.kind:
            case EditKind.MATCH:
                assert edit.true == edit.recognised != ""
            case EditKind.SUBSTITUTION:
                assert "" != edit.true != edit.recognised != ""
            case EditKind.INSERTION:
                assert edit.true == ""
            case EditKind.DELETION:
                assert edit.recognised == ""


@given(texts, texts, texts)
def test_the_distance_is_one(first: str, second: str, third: str) -> None:
    distance = edit_distance(first, second)
    assert distance == edit_distance(second, first) == slow_distance(first, second)
    assert (distance == 0) == (first == second)
    assert edit_distance(first, third) <= distance + edit_distance(second, third)
    if difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() == 0:
        assert distance == max(len(first), len(second))


def test_rates_are_sums_over_sums() -> None:
    report = transcription_report(["abcd ef", "xy", "", "q"], ["abXd ef", "xy", "z", ""])
    assert [(line.edits, line.characters, line.word_edits, line.words) for line in report.lines] == [
        (1, 7, 1, 2), (0, 2, 0, 1), (1, 0, 1, 0), (1, 1, 1, 1),
    ]  # fmt: skip
    assert report.cer.value == 3 / 10
    assert report.wer.value == 3 / 4
    assert report.exact.value == 1 / 4
    assert [line.exact for line in report.lines] == [False, True, False, False]
    assert [line.cer for line in report.lines] == [1 / 7, 0, 1, 1]


def test_nothing_has_no_errors() -> None:
    report = transcription_report([], [])
    assert (report.cer.value, report.wer.value, report.exact.value, report.confusions) == (0, 0, 0, ())
    assert transcription_report([""], ["ab"]).cer.value == 2


def test_confusions_name_their_lines() -> None:
    cells = confusions([("a b", "a b"), ("sass", "faff"), ("b", ""), ("s", "f"), ("", "x")])
    assert [(cell.true, cell.recognised, cell.count, cell.lines) for cell in cells] == [
        ("s", "f", 4, (1, 3)), ("", "x", 1, (4,)), ("b", "", 1, (2,)),
    ]  # fmt: skip


def test_confusions_count_every_edit() -> None:
    true, recognised = ["hallo welt", "ſo", "x"], ["halo wett!", "so", ""]
    report = transcription_report(true, recognised)
    assert sum(cell.count for cell in report.confusions) == sum(line.edits for line in report.lines)


def test_an_interval_covers_what_was_drawn_from() -> None:
    random = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        characters = random.integers(5, 60, 120).astype(float)
        interval = ratio(random.binomial(characters.astype(int), 0.05).astype(float), characters)
        assert interval.low <= interval.value <= interval.high
        covered += interval.low <= 0.05 <= interval.high
    assert 87 <= covered <= 99


def test_an_interval_narrows_with_the_root_of_the_lines() -> None:
    def width(lines: int) -> float:
        interval = ratio(np.tile([0.0, 0.0, 0.0, 1.0], lines // 4), np.ones(lines))
        return interval.high - interval.low

    assert width(400) / width(6400) == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize(
    ("scoring", "true", "recognised"),
    [
        (Scoring(case=False), "STRAẞE Ǆ", "straße ǆ"),
        (Scoring(quotes=False), "„Wort“ ‚so‘ it’s", "\"Wort\" 'so' it's"),
        (Scoring(white_space=False), " a  b\u00a0c\t", "a b c"),
    ],
)
def test_an_option_ignores_its_differences_only(scoring: Scoring, true: str, recognised: str) -> None:
    assert transcription_report([true], [recognised]).lines[0].edits > 0
    assert transcription_report([true], [recognised], scoring).lines[0].edits == 0
    others = Scoring(*(not kept for kept in vars(scoring).values()))
    assert transcription_report([true], [recognised], others).lines[0].edits > 0


def test_decomposed_letters_equal_composed_ones() -> None:
    assert transcription_report(["é"], ["e\u0301"]).lines[0].exact


def test_the_report_says_what_was_used() -> None:
    scoring = transcription_report(["a"], ["A"], Scoring(case=False)).scoring
    assert scoring.sentences()[1:] == (
        "Capital and small letters count as equal.",
        "Typographic and plain quotation marks are told apart.",
        "Every space counts.",
    )
    set_language("zh_CN")
    try:
        assert scoring.sentences()[1] == "大写和小写字母视为相同。"
    finally:
        set_language("en")
