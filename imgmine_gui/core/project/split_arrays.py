"""The rules of ``splits`` for a million images at once, as operations on arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings, part_sizes

Numbers = NDArray[np.int64]
Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]

CODES = {None: 0, Split.TRAIN: 1, Split.VALIDATION: 2, Split.TEST: 3}
"""Splits as numbers; the greater is the stronger where several are given to one group."""

_TRAIN, _VALIDATION, _TEST = CODES[Split.TRAIN], CODES[Split.VALIDATION], CODES[Split.TEST]
_LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SplitColumns:
    """What of n images their splits follow from.

    Attributes:
        labels: int64 (n,): ids of classes; 0 for none.
        given: int8 (n,): by folders; one of ``CODES``.
        chosen: int8 (n,): by a person; one of ``CODES``.
        contents: int64 (n,): of ``splits.draw``, by which contents are told apart too; -1 for an unreadable image.
        groups: int64 (n,): numbers from 0; -1 for none.
        group_draws: int64: of ``splits.draw_group``, by the numbers of the groups.
    """

    labels: Numbers
    given: Codes
    chosen: Codes
    contents: Numbers
    groups: Numbers
    group_draws: Numbers


def assign_codes(columns: SplitColumns, settings: SplitSettings) -> Codes:
    """The split of every image, as ``splits.assign_splits`` has it.

    Returns:
        int8 (n,): of ``CODES``.
    """
    if not len(columns.labels):
        return np.zeros(0, np.int8)
    units = _Units(columns)
    unit = units.of_image
    own = np.where(columns.chosen > 0, columns.chosen, columns.given)
    drawn = (columns.labels > 0) & (columns.contents >= 0)
    resolved = np.where(units.by_hand > 0, units.by_hand, units.by_folder)
    aside = np.where((units.by_hand > 0) | (units.by_folder >= _VALIDATION), resolved, 0)
    in_group = units.grouped[unit]
    follows = np.where(in_group, resolved[unit], aside[unit])
    assigned = np.where(in_group | (own == 0), np.maximum(follows, _TRAIN), own)
    assigned[(own == 0) & ~drawn] = 0
    if not (columns.given == _VALIDATION).any():
        test = settings.test if not columns.given.any() else 0.0
        pool = drawn & (aside == 0)[unit]
        cut = _cut(units, pool, columns, settings.validation, test)
        moved = (cut[unit] > 0) & (assigned > 0) & (in_group | drawn)
        assigned[moved] = cut[unit[moved]]
    return assigned.astype(np.int8)


def shared_contents(contents: Numbers, values: Numbers | Codes) -> Mask:
    """The images whose content has two different values other than 0; bool (n,)."""
    found = np.zeros(len(contents), np.bool_)
    order = np.argsort(contents, kind="stable")
    same = contents[order][1:] == contents[order][:-1]
    copies = order[np.append(same, False) | np.insert(same, 0, False)] if len(order) else order
    content, number = np.unique(contents[copies], return_inverse=True)
    lowest = np.full(len(content), _LARGEST)
    highest = np.zeros(len(content), np.int64)
    given = values[copies] != 0
    np.minimum.at(lowest, number[given], values[copies][given])
    np.maximum.at(highest, number[given], values[copies][given])
    found[copies] = (lowest < highest)[number]
    return found


class _Units:
    """What is divided as one.

    Attributes:
        of_image: int64 (n,): the unit of every image, from 0.
        grouped: bool (units,): whether it holds an image of a group.
        by_hand: int8 (units,): the strongest split that a person gives in it.
        by_folder: int8 (units,): the strongest that folders give.
        draws: int64 (units,): its place in the order in which splits are drawn.
    """

    def __init__(self, columns: SplitColumns) -> None:
        self.of_image = _connected(columns)
        count = int(self.of_image.max()) + 1
        in_group = columns.groups >= 0
        self.grouped = np.zeros(count, np.bool_)
        self.grouped[self.of_image[in_group]] = True
        self.by_hand = _highest(count, self.of_image, columns.chosen)
        self.by_folder = _highest(count, self.of_image, columns.given)
        self.draws = np.full(count, _LARGEST)
        draws = np.where(self.grouped[self.of_image], _LARGEST, columns.contents)
        draws[in_group] = columns.group_draws[columns.groups[in_group]]
        np.minimum.at(self.draws, self.of_image, draws)


def _connected(columns: SplitColumns) -> Numbers:
    """The number of the part of every image: parts are what no content and no group connects."""
    node = np.unique(columns.contents, return_inverse=True)[1].astype(np.int64)
    unread = columns.contents < 0
    node[unread] = len(node) + np.arange(int(unread.sum()))
    in_group = columns.groups >= 0
    if not in_group.any():
        return np.unique(node, return_inverse=True)[1].astype(np.int64)
    part = np.arange(2 * len(node))
    at, group = node[in_group], columns.groups[in_group]
    while True:
        lowest = np.full(len(columns.group_draws), _LARGEST)
        np.minimum.at(lowest, group, part[at])
        lower = part.copy()
        np.minimum.at(lower, at, lowest[group])
        lower = lower[lower]  # what has been found to be one part goes on together: long chains end soon
        if np.array_equal(lower, part):
            return np.unique(part[node], return_inverse=True)[1].astype(np.int64)
        part = lower


def _highest(count: int, unit: Numbers, codes: Codes) -> Codes:
    found = np.zeros(count, np.int8)
    given = codes > 0
    np.maximum.at(found, unit[given], codes[given])
    return found


def _cut(units: _Units, pool: Mask, columns: SplitColumns, validation: float, test: float) -> Codes:
    """The units that leave training, by their new splits; 0 for the others."""
    cut = np.zeros(len(units.draws), np.int8)
    labels = _labels(units, pool, columns.labels)
    drawn = np.flatnonzero(labels)
    order = drawn[np.lexsort((units.draws[drawn], labels[drawn]))]
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        in_validation, in_test = part_sizes(len(members), validation, test)
        cut[members[:in_test]] = _TEST
        cut[members[in_test : in_test + in_validation]] = _VALIDATION
    return cut


def _labels(units: _Units, pool: Mask, labels: Numbers) -> Numbers:
    """The class that each unit is divided with; 0 for one that stays in training."""
    unit, label = units.of_image[pool], labels[pool]
    lowest = np.full(len(units.draws), _LARGEST)
    np.minimum.at(lowest, unit, label)
    highest = np.zeros(len(units.draws), np.int64)
    np.maximum.at(highest, unit, label)
    found = np.where(lowest == highest, highest, 0)
    mixed = (lowest < highest) & units.grouped
    several = mixed[unit]
    if several.any():
        pairs, counts = np.unique(np.stack((unit[several], label[several])), axis=1, return_counts=True)
        order = np.lexsort((pairs[1], -counts, pairs[0]))
        first = order[np.flatnonzero(np.diff(pairs[0][order], prepend=-1))]
        found[pairs[0][first]] = pairs[1][first]
    return found
