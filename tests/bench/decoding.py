"""Processor time to decode one line of text: 150 columns of 103 classes, made up as a trained network gives them.

``python3 packaging/dev.py bench decoding``. The texts are about 50 characters of the bundled printed lines; one
character in ten is confused with another. Exits with 1 where greedy decoding takes a millisecond or a beam of 20 with
the character model 10. ``cer`` is the character error rate on these lines: the model is learned from other ones.
"""

import csv
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from measuring import REPOSITORY, row

from imgmine_gui.core.evaluation.transcription import transcription_report
from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import Columns, align, text_log_probability
from imgmine_gui.core.inference.ctc_decoding import Recognised, beam_search, greedy

sys.path.insert(0, str(REPOSITORY))
from tests.ctc_columns import columns_of

CLASSES, COLUMNS, CHARACTERS, LINES = 103, 150, 50, 200
GREEDY_MS, BEAM_MS = 1.0, 10.0
WEIGHT = 0.35


def pieces(split: str) -> list[str]:
    """The texts of a split, joined and cut into pieces of about a line each."""
    with open(REPOSITORY / "resources/samples/lines/labels.csv", encoding="utf-8", newline="") as file:
        text = " ".join(line["text"] for line in csv.DictReader(file) if line["split"] == split)
    return [text[start : start + CHARACTERS] for start in range(0, len(text) - CHARACTERS, CHARACTERS)]


def timed(lines: list[Columns], decode: Callable[[Columns], object]) -> tuple[float, list[object]]:
    """Median milliseconds of processor time a line, and what came out."""
    times, found = [], []
    for line in lines:
        began = time.process_time()
        found.append(decode(line))
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times), found


def main() -> int:
    """Print the table."""
    train, test = pieces("train"), (pieces("test") * 10)[:LINES]
    used = sorted(set("".join(train + test)))
    alphabet = used + [chr(0x4E00 + more) for more in range(CLASSES - 1 - len(used))]
    random = np.random.default_rng(0)
    lines = [columns_of(text, alphabet, random, COLUMNS) for text in test]
    labels = [[1 + alphabet.index(character) for character in text] for text in test]
    began = time.process_time()
    model = CharacterModel.learned(train, alphabet)
    learning = time.process_time() - began
    row("character model", characters=sum(map(len, train)), seconds=learning, ngrams=len(model.to_arrays()["counts"]))
    ways: dict[str, Callable[[Columns], Recognised]] = {
        "greedy": lambda line: greedy(line, alphabet),
        "beam of 20": lambda line: beam_search(line, alphabet),
        "beam of 20 with the model": lambda line: beam_search(line, alphabet, model=model, weight=WEIGHT),
    }
    took = {}
    for name, decode in ways.items():
        took[name], found = timed(lines, decode)
        texts = [one.text for one in found if isinstance(one, Recognised)]
        row(name, ms=took[name], cer=transcription_report(test, texts).cer.value)
    pairs = iter(labels), iter(labels)
    row("alignment of a text", ms=timed(lines, lambda line: align(line, next(pairs[0])))[0])
    row("probability of a text", ms=timed(lines, lambda line: text_log_probability(line, next(pairs[1])))[0])
    return int(took["greedy"] >= GREEDY_MS or took["beam of 20 with the model"] > BEAM_MS)


if __name__ == "__main__":
    sys.exit(main())
