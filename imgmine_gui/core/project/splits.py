"""Which image is for training, which for validation, which for the test.

The rules, in this order:

1. A split that a folder gives is kept, except that a validation part is cut from training where no folder gives one.
2. An image without a label has no split unless a folder gives one; likewise an image without a key (unreadable).
3. Where no folder gives any split, every class is divided: its contents in the order of a hash of seed and content,
   first the test part, then the validation part, the rest for training.
4. Where folders give some split, an image outside them is for training, unless its content is given for test or
   validation elsewhere: then it goes there too. If no folder gives validation, it is cut from the training images of
   every class, as in rule 3. A test part is never cut then: whoever made split folders without a test wants none.

Images of the same content (equal key) move together, and a content that has two different labels stays in training.
A part has ``floor(n * fraction + 0.5)`` of the n contents of a class, but at least one for validation from 3 contents
on and for the test from 4 on, and always leaves at least one for training.

The order of the images does not matter. When a content is added to a class, at most three others of that class change
their split (each of the two boundaries in the order moves by one or two), and none of the other classes.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_


class SplitSettings(BaseModel):
    """How images are divided that no folder divides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    validation: float = Field(
        default=0.15,
        ge=0.0,
        le=0.45,
        title=N_("Validation part"),
        description=N_("Part of the images of every class that training is checked on after each epoch."),
    )
    test: float = Field(
        default=0.15,
        ge=0.0,
        le=0.45,
        title=N_("Test part"),
        description=N_("Part of the images of every class that is kept aside to judge the finished model."),
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed of the split"),
        description=N_("Another number gives another split; the same number always gives the same."),
    )


def assign_splits(
    labels: Sequence[str | None],
    given: Sequence[Split | None],
    keys: Sequence[str],
    settings: SplitSettings,
) -> list[Split | None]:
    """The split of every image, by the rules at the top of this module.

    Args:
        labels: the class of every image.
        given: the split that folders give to every image.
        keys: what the content of every image is recognised by; empty where it could not be read.
        settings: the fractions and the seed.

    Returns:
        One split for every image, in the order of ``labels``.
    """
    assigned = list(given)
    pool = [index for index, label in enumerate(labels) if label is not None and keys[index]]
    anything_given = any(split is not None for split in given)
    if anything_given:
        elsewhere = _kept_aside(given, keys)
        for index in pool:
            if given[index] is None:
                assigned[index] = elsewhere.get(keys[index], Split.TRAIN)
        if Split.VALIDATION in given:
            return assigned
        pool = [index for index in pool if assigned[index] is Split.TRAIN and keys[index] not in elsewhere]
    else:
        for index in pool:
            assigned[index] = Split.TRAIN
    groups: dict[str, list[int]] = defaultdict(list)
    for index in pool:
        groups[keys[index]].append(index)
    test = 0.0 if anything_given else settings.test
    for key, split in _cut(groups, labels, settings.validation, test, settings.seed):
        for index in groups[key]:
            assigned[index] = split
    return assigned


def part_sizes(contents: int, validation: float, test: float) -> tuple[int, int]:
    """How many of the ``contents`` of one class go to validation and to the test."""
    in_test = max(math.floor(contents * test + 0.5), int(test > 0 and contents >= 4))
    in_validation = max(math.floor(contents * validation + 0.5), int(validation > 0 and contents >= 3))
    in_validation = min(in_validation, max(contents - 1, 0))
    return in_validation, min(in_test, max(contents - in_validation - 1, 0))


def _kept_aside(given: Sequence[Split | None], keys: Sequence[str]) -> dict[str, Split]:
    """The contents that folders give for validation or test; test wins."""
    aside = {key: Split.VALIDATION for key, split in zip(keys, given, strict=True) if split is Split.VALIDATION}
    aside.update({key: Split.TEST for key, split in zip(keys, given, strict=True) if split is Split.TEST})
    return aside


def _cut(
    groups: dict[str, list[int]], labels: Sequence[str | None], validation: float, test: float, seed: int
) -> Iterable[tuple[str, Split]]:
    """The contents that leave training, and where they go."""
    by_class: dict[str, list[str]] = defaultdict(list)
    for key, members in groups.items():
        label = labels[members[0]]
        assert label is not None
        if all(labels[index] == label for index in members):
            by_class[label].append(key)
    for contents in by_class.values():
        contents.sort(key=lambda key: hashlib.blake2b(f"{seed}\0{key}".encode(), digest_size=16).digest())
        in_validation, in_test = part_sizes(len(contents), validation, test)
        for key in contents[:in_test]:
            yield key, Split.TEST
        for key in contents[in_test : in_test + in_validation]:
            yield key, Split.VALIDATION
