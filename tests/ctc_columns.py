"""What a CTC network says of a line, made up: for tests and benches of decoding without a network."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def random_columns(random: np.random.Generator, columns: int, classes: int) -> npt.NDArray[np.float32]:
    """Log-softmax of noise, (columns, classes)."""
    return log_softmax(random.normal(0, 2, (columns, classes)))


def log_softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Each row normalised."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(normalised, np.float32)


def columns_of(
    text: str, alphabet: Sequence[str], random: np.random.Generator, columns: int | None = None, doubt: float = 0.1
) -> npt.NDArray[np.float32]:
    """Peaked columns that spell ``text``, as a trained network gives them.

    Each character has one or two columns of its own among blanks that are nearly certain. ``doubt`` of the characters
    are confused with another one, which then has about the same probability, or a little more.
    """
    total = columns or 3 * len(text) + 2
    logits = random.normal(-4, 1.5, (total, 1 + len(alphabet)))
    logits[:, 0] = 9
    places = np.linspace(1, total - 2, len(text) + 1).astype(int) if text else np.empty(0, int)
    for character, place, after in zip(text, places, places[1:], strict=False):
        label = 1 + alphabet.index(character)
        logits[place, label] = 10 + random.normal(0, 1)
        logits[place, 0] = 3 + random.normal(0, 1)
        if after - place > 2 and random.random() < 0.4:
            logits[place + 1, label] = 9 + random.normal(0, 2)
        if random.random() < doubt:
            other = 1 + int(random.integers(len(alphabet)))
            logits[place, other] = logits[place, label] + random.normal(0, 1.5)
    return log_softmax(logits)
