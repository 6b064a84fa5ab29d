"""Which image is for training, which for validation, which for the test.

The rules, in this order:

1. A split that a person gives is kept; then one that a folder gives, except that a validation part is cut from training
   where no folder gives one.
2. An image without a label has no split unless it is given one; likewise an image without a key (unreadable).
3. Where no folder gives any split, every class is divided: its contents in the order of a hash of seed and content,
   first the test part, then the validation part, the rest for training.
4. Where folders give some split, an image outside them is for training, unless its content is given for test or
   validation elsewhere: then it goes there too. If no folder gives validation, it is cut from the training images of
   every class, as in rule 3. A test part is never cut then: whoever made split folders without a test wants none.
5. What has the content of an image to which a person gives a split goes there too, unless it is given another itself,
   and is not divided.

Images of the same content (equal key) move together, and a content that has two different labels stays in training.
A part has ``floor(n * fraction + 0.5)`` of the n contents of a class, but at least one for validation from 3 contents
on and for the test from 4 on, and always leaves at least one for training.

The images of a group, with all that share a content with one of them, count as one content, which is drawn by the hash
of the group's name. They are never in two splits: where several are given, those by a person count before those by
folders, and then the test before validation before training, so that nothing which was meant for judging is learned
from. A group of several classes belongs to the most frequent of them.

The order of the images does not matter. When a content is added to a class, at most three others of that class change
their split (each of the two boundaries in the order moves by one or two), and none of the other classes.

``assign_splits`` says it image by image; ``split_arrays`` does the same for a million.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

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


Label = str | int
"""Of a class: its name, or its id."""

_STRENGTH = {None: 0, Split.TRAIN: 1, Split.VALIDATION: 2, Split.TEST: 3}
_ASIDE = {Split.VALIDATION, Split.TEST}


def assign_splits(
    labels: Sequence[Label | None],
    given: Sequence[Split | None],
    keys: Sequence[str],
    settings: SplitSettings,
    chosen: Sequence[Split | None] | None = None,
    groups: Sequence[str] | None = None,
) -> list[Split | None]:
    """The split of every image, by the rules at the top of this module. Excluded images are left out before.

    Args:
        labels: the class of every image; either names or ids.
        given: the split that folders give to every image.
        keys: what the content of every image is recognised by; empty where it could not be read.
        settings: the fractions and the seed.
        chosen: the split that a person gives to every image.
        groups: the group of every image; empty for none.

    Returns:
        One split for every image, in the order of ``labels``.
    """
    none: list[Split | None] = [None] * len(labels)
    rows = zip(labels, given, keys, chosen or none, groups or [""] * len(labels), strict=True)
    images = [_Image(*row) for row in rows]
    assigned = none
    pool: list[_Unit] = []
    for members in _connected(images):
        unit = _Unit(members, images)
        for index in members:
            assigned[index] = unit.fixed(index)
        if unit.by_hand is None and unit.by_folder not in _ASIDE and Split.VALIDATION not in given:
            pool.append(unit)
    test = settings.test if not any(given) else 0.0
    for unit, split in _cut(pool, settings.validation, test, settings.seed):
        for index in unit.members if unit.groups else unit.drawn:
            if assigned[index] is not None:
                assigned[index] = split
    return assigned


def draw(seed: int, content: str) -> int:
    """The place of a content in the order in which splits are drawn: 63 bits, from 0."""
    return int.from_bytes(hashlib.blake2b(f"{seed}\0{content}".encode(), digest_size=16).digest()[:8], "big") >> 1


def draw_group(seed: int, name: str) -> int:
    """The place of a group in that order, whatever images it has."""
    return draw(seed, f"\0{name}")


def part_sizes(contents: int, validation: float, test: float) -> tuple[int, int]:
    """How many of the ``contents`` of one class go to validation and to the test."""
    in_test = max(math.floor(contents * test + 0.5), int(test > 0 and contents >= 4))
    in_validation = max(math.floor(contents * validation + 0.5), int(validation > 0 and contents >= 3))
    in_validation = min(in_validation, max(contents - 1, 0))
    return in_validation, min(in_test, max(contents - in_validation - 1, 0))


class _Image(NamedTuple):
    label: Label | None
    given: Split | None
    key: str
    chosen: Split | None
    group: str


class _Unit:
    """Images that are divided as one: of one content, or of connected groups and contents.

    Attributes:
        members: the images.
        groups: that any of them belongs to.
        by_hand: the strongest split that a person gives to one of them.
        by_folder: the strongest that folders give.
        drawn: the members that may be divided: labelled, readable.
    """

    def __init__(self, members: Sequence[int], images: Sequence[_Image]) -> None:
        self._images = images
        self.members = members
        self.groups = {images[index].group for index in members} - {""}
        self.by_hand = _strongest(images[index].chosen for index in members)
        self.by_folder = _strongest(images[index].given for index in members)
        self.drawn = [index for index in members if images[index].label is not None and images[index].key]

    def fixed(self, index: int) -> Split | None:
        """The split of an image before anything is divided."""
        own = self._images[index].chosen or self._images[index].given
        if own is None and index not in self.drawn:
            return None
        if self.groups:
            return self.by_hand or self.by_folder or Split.TRAIN
        return own or self.by_hand or (self.by_folder if self.by_folder in _ASIDE else Split.TRAIN)

    @property
    def label(self) -> Label | None:
        """The class that the unit is divided with; ``None`` for a content of two labels."""
        counts = Counter(label for index in self.drawn if (label := self._images[index].label) is not None)
        if not counts or (len(counts) > 1 and not self.groups):
            return None
        return min(counts, key=lambda label: (-counts[label], label))

    def draw(self, seed: int) -> int:
        """The place of the unit in the order in which splits are drawn."""
        if self.groups:
            return min(draw_group(seed, name) for name in self.groups)
        return draw(seed, self._images[self.members[0]].key)


def _strongest(splits: Iterable[Split | None]) -> Split | None:
    return max(splits, key=_STRENGTH.__getitem__)


def _connected(images: Sequence[_Image]) -> Iterator[list[int]]:
    """The images in parts that no content and no group connects."""
    by_name: dict[Hashable, list[int]] = defaultdict(list)
    for index, image in enumerate(images):
        for name in _names(image):
            by_name[name].append(index)
    reached = [False] * len(images)
    for start in range(len(images)):
        if reached[start]:
            continue
        reached[start] = True
        found = [start]
        for index in found:
            for name in _names(images[index]):
                for other in by_name.pop(name, ()):
                    if not reached[other]:
                        reached[other] = True
                        found.append(other)
        yield found


def _names(image: _Image) -> list[Hashable]:
    return [name for name in (("content", image.key), ("group", image.group)) if name[1]]


def _cut(pool: Iterable[_Unit], validation: float, test: float, seed: int) -> Iterator[tuple[_Unit, Split]]:
    """The units that leave training, and where they go."""
    by_class: dict[Label, list[_Unit]] = defaultdict(list)
    for unit in pool:
        if (label := unit.label) is not None:
            by_class[label].append(unit)
    for units in by_class.values():
        units.sort(key=lambda unit: unit.draw(seed))
        in_validation, in_test = part_sizes(len(units), validation, test)
        for unit in units[:in_test]:
            yield unit, Split.TEST
        for unit in units[in_test : in_test + in_validation]:
            yield unit, Split.VALIDATION
