"""Which columns hold which character of a given text, and how probable the text is, under CTC.

CTC ("Connectionist temporal classification", Graves et al. 2006) gives each column one class, 0 being the blank; a
path of classes spells a text when repeated classes are merged and blanks are dropped. A text of n characters is a
chain of 2 n + 1 states (blank, character, blank, ..., blank); from one column to the next a path stays, goes on by
one, or skips the blank between two different characters.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.tasks.text_recognition import columns_needed

Columns = npt.NDArray[np.float32]
"""Log-softmax of a network, (columns, 1 + characters of the alphabet)."""


def text_log_probability(log_probabilities: Columns, labels: Sequence[int]) -> float:
    """Natural logarithm of the summed probability of all paths that spell ``labels`` (the forward recursion).

    The recursion runs on probabilities that are scaled to sum to 1 in each column, so that none underflows.

    Args:
        log_probabilities: (columns, classes).
        labels: classes of the text's characters, without blanks.

    Returns:
        ``-inf`` where no path spells it.
    """
    states = _states(labels)
    if not len(log_probabilities):
        return 0.0 if not labels else -np.inf
    # By class, not by state: of a wide line that would be hundreds of megabytes.
    emitted = np.exp(log_probabilities.astype(np.float64))
    skips = _skips(states).astype(np.float64)
    alpha, ones = np.zeros(len(states) + 2), np.ones(len(states))
    alpha[2:4] = emitted[0, states[:2]]
    logarithm = 0.0
    for row in emitted[1:]:
        reached = alpha[:-2] * skips
        reached += alpha[1:-1]
        reached += alpha[2:]
        reached *= row[states]
        total = float(reached.dot(ones))
        if total <= 0.0:
            return -np.inf
        np.divide(reached, total, out=alpha[2:])
        logarithm += np.log(total)
    ends = float(alpha[-2:].sum()) if labels else float(alpha[-1])
    return logarithm + float(np.log(ends)) if ends > 0.0 else -np.inf


def align(log_probabilities: Columns, labels: Sequence[int]) -> list[tuple[int, int]]:
    """Columns of each character on the most probable path that spells ``labels`` (Viterbi, forced alignment).

    Args:
        log_probabilities: (columns, classes).
        labels: classes of the text's characters, without blanks.

    Returns:
        For each label its first column and the one after its last.

    Raises:
        ValueError: the text needs more columns than there are: one a character, and a blank between two equal ones.
    """
    if not labels:
        return []
    needed = columns_needed(labels)
    if needed > len(log_probabilities):
        raise ValueError(f"the text needs {needed} columns. Received: {len(log_probabilities)} columns")
    states = _states(labels)
    path = _best_path(log_probabilities, states)
    # Each character's state is passed: only blanks are skipped.
    characters = 2 * np.arange(len(labels)) + 1
    starts = np.searchsorted(path, characters, side="left").tolist()
    stops = np.searchsorted(path, characters, side="right").tolist()
    return list(zip(starts, stops, strict=True))


def _best_path(log_probabilities: Columns, states: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """(columns,) the state in each column, never decreasing."""
    # A class of probability 0 must not make all paths equal: the alignment of a text goes through where it must.
    emitted = np.maximum(log_probabilities.astype(np.float64), -1e6)
    barred = np.where(_skips(states), 0.0, -np.inf)
    count = len(states)
    score = np.full(count + 2, -np.inf)
    score[2:4] = emitted[0, states[:2]]
    steps = np.zeros((len(emitted), count), np.int8)
    for column in range(1, len(emitted)):
        choices = np.stack((score[2:], score[1:-1], score[:-2] + barred))
        steps[column] = choices.argmax(axis=0)
        np.add(choices.max(axis=0), emitted[column, states], out=score[2:])
    path = np.empty(len(emitted), np.intp)
    state = count - 1 if score[-1] >= score[-2] else count - 2
    for column in range(len(emitted) - 1, -1, -1):
        path[column] = state
        state -= int(steps[column, state])
    return path


def _states(labels: Sequence[int]) -> npt.NDArray[np.intp]:
    """(2 n + 1,) the class of each state of the chain."""
    states = np.zeros(2 * len(labels) + 1, np.intp)
    states[1::2] = labels
    return states


def _skips(states: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Whether a state may be reached from the one before the previous: a character unlike the last."""
    skips = np.zeros(len(states), np.bool_)
    skips[2:] = (states[2:] != 0) & (states[2:] != states[:-2])
    return skips
