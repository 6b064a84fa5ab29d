"""The character n-gram model."""

from math import exp, log

import numpy as np
import pytest

from imgmine_gui.core.inference.character_model import CharacterModel

TEXTS = ["abab", "abc", "b a", "", "cab"]
ALPHABET = "abc "


def test_the_probabilities_of_what_may_follow_sum_to_one() -> None:
    model = CharacterModel.learned(TEXTS, ALPHABET, order=4)
    contexts = [model.start, model.start[1:] + "a", "bab", "ccc", "zzz", "a b"]
    for context in contexts:
        total = sum(exp(model.log_probability(character, context)) for character in [*ALPHABET, model.END])
        assert total == pytest.approx(1.0)


def test_a_bigram_model_is_what_one_computes_by_hand() -> None:
    model = CharacterModel.learned(["ab", "aa"], "ab", order=2)
    # Six characters with the ends: a three times, b once, the end twice; three types over a uniform third.
    single_a, single_b = (3 + 3 / 3) / (6 + 3), (1 + 3 / 3) / (6 + 3)
    # After a: b, a, end; once each.
    assert model.log_probability("b", "a") == pytest.approx(log((1 + 3 * single_b) / (3 + 3)))
    assert model.log_probability("a", "\n") == pytest.approx(log((2 + 1 * single_a) / (2 + 1)))
    # After b: only the end.
    assert model.log_probability("a", "b") == pytest.approx(log(1 * single_a / (1 + 1)))
    whole = model.log_probability("a", "\n") + model.log_probability("b", "a") + model.log_probability("\n", "b")
    assert model.text_log_probability("ab") == pytest.approx(whole)


def test_each_character_is_judged_after_those_that_the_order_says() -> None:
    model = CharacterModel.learned(TEXTS, ALPHABET, order=4)
    padded = "\n\n\nabcab\n"
    whole = sum(model.log_probability(padded[n], padded[n - 3 : n]) for n in range(3, len(padded)))
    assert model.text_log_probability("abcab") == pytest.approx(whole)
    assert model.log_probability("b", "\nca") != model.log_probability("b", "bca")


def test_what_was_learned_is_more_probable_than_its_reverse() -> None:
    model = CharacterModel.learned(["the cat sat on the mat"] * 3, sorted(set("the cat sat on the mat")))
    assert model.text_log_probability("the mat") > model.text_log_probability("tam eht") + 10


def test_a_model_survives_its_arrays() -> None:
    model = CharacterModel.learned([*TEXTS, "𝔄ſ"], "abc 𝔄ſ", order=3)
    arrays = {name: array.copy() for name, array in model.to_arrays().items()}
    again = CharacterModel.from_arrays(arrays)
    assert again.alphabet == "abc 𝔄ſ"
    for text in ("abc", "𝔄ſ a", "", "ccc"):
        assert again.text_log_probability(text) == model.text_log_probability(text)


def test_an_empty_model_survives_its_arrays_and_finds_all_equally_probable() -> None:
    model = CharacterModel.from_arrays(CharacterModel.learned([], ALPHABET).to_arrays())
    assert exp(model.log_probability("a", model.start)) == pytest.approx(1 / 5)
    assert model.order == 5


def test_damaged_arrays_are_refused() -> None:
    arrays = CharacterModel.learned(TEXTS, ALPHABET).to_arrays()
    for damage in (
        {"counts": arrays["counts"][:-1]},
        {"ngrams": arrays["ngrams"][0]},
        {"alphabet": np.array([10], np.uint32)},
        {"alphabet": np.array([2**31], np.uint32)},
    ):
        with pytest.raises(ValueError, match=r"Received|argument"):
            CharacterModel.from_arrays({**arrays, **damage})
    with pytest.raises(ValueError, match="Received"):
        CharacterModel.from_arrays({})


def test_texts_with_other_characters_are_left_out() -> None:
    assert CharacterModel.learned(["ab", "xb"], "ab").to_arrays()["counts"].sum() == 3


@pytest.mark.parametrize(("alphabet", "line"), [("abc ", ["ab ca"]), ("abc", ["ab", "ca"])])
def test_a_word_list_is_learned_from_as_a_line_or_word_by_word(alphabet: str, line: list[str]) -> None:
    told = CharacterModel.learned(["abc"], alphabet, words=["ab", "", "xyz", "ca"])
    same = CharacterModel.learned(["abc", *line], alphabet)
    for text in ("ab", "ca", "abc", "bb"):
        assert told.text_log_probability(text) == same.text_log_probability(text)
    assert CharacterModel.learned(["a"], alphabet, words=["x"]).to_arrays()["counts"].sum() == 2
