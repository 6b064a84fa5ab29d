"""Which hashes are close to each other: exactly, and fast enough for a million.

Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, Fast Search in Hamming Space with Multi-Index Hashing, CVPR
2012): the bits are dealt out to a few keys. Of two hashes within a distance, at least one key must be the same or
nearly so, and only such pairs are compared. How many keys there are is chosen by what the hashes at hand would cost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

BITS = 64
FARTHEST = 16
"""The largest distance that can be asked for; farther hashes have nothing in common."""

_FEW = 3000
_BLOCK = 2**21
_LONGEST_KEY = 22


def near_groups(hashes: Hashes, distance: int, pause: Callable[[], None] = lambda: None) -> list[Indices]:
    """Groups of hashes in which each is within a distance of another of the group.

    Args:
        hashes: uint64 (n,).
        distance: in how many bits two may differ, 0 to ``FARTHEST``.
        pause: called many times a second; may raise to end the search.

    Returns:
        The indices of the members of each group of two or more, ascending; groups in the order of their first members.
    """
    unique, inverse = np.unique(np.asarray(hashes, np.uint64), return_inverse=True)
    parent = np.arange(len(unique))
    for one, other in near_pairs(unique, distance, pause):
        _join(parent, one, other)
        pause()
    roots = _roots(parent, np.arange(len(unique)))[inverse]
    order = np.argsort(roots, kind="stable")
    starts = np.flatnonzero(np.diff(roots[order], prepend=-1))
    groups = [group for group in np.split(order, starts[1:]) if len(group) > 1]
    return sorted(groups, key=lambda group: int(group[0]))


def near_pairs(
    hashes: Hashes, distance: int, pause: Callable[[], None] = lambda: None
) -> Iterator[tuple[Indices, Indices]]:
    """All pairs of different positions whose hashes are within a distance, in blocks; a pair may come twice.

    Args:
        hashes: uint64 (n,), all different: equal ones would have too many pairs.
        distance: 0 to ``FARTHEST``.
        pause: as for ``near_groups``.

    Raises:
        ValueError: the distance is not within its bounds.
    """
    if not 0 <= distance <= FARTHEST:
        raise ValueError(f"the distance must be 0 to {FARTHEST}. Received: distance={distance}")
    if distance == 0 or len(hashes) < 2:
        return
    if len(hashes) <= _FEW:
        yield from _compare_all(hashes, distance)
        return
    for key in min((_plan(hashes, distance, count) for count in range(1, 9)), key=_cost):
        yield from _compare_by_key(hashes, distance, key, pause)


@dataclass(frozen=True)
class _Key:
    """Some bits of every hash, as a number.

    Attributes:
        values: int64 (n,), of ``bits`` bits.
        radius: in how many bits the keys of two hashes may differ for the two to be compared.
    """

    values: Indices
    bits: int
    radius: int

    @property
    def neighbours(self) -> int:
        """How many keys are within the radius of one."""
        return sum(comb(self.bits, flips) for flips in range(self.radius + 1))


def _plan(hashes: Hashes, distance: int, count: int) -> list[_Key]:
    """``count`` keys with radii such that two hashes within the distance are near by at least one of them.

    If the keys differed by radius + 1 bits or more in the first ``extra + 1``, and by radius or more in the others,
    the hashes would differ by more than the distance.
    """
    radius, extra = divmod(distance, count)
    keys = []
    for number in range(count):
        # Dealt out one by one, because neighbouring coefficients of real images depend on each other.
        places = range(number, BITS, count)
        reach = radius if number <= extra else radius - 1
        if reach < 0:
            continue
        if len(places) > _LONGEST_KEY:
            return []
        values = np.zeros(len(hashes), np.uint64)
        for place, bit in enumerate(places):
            values |= ((hashes >> np.uint64(bit)) & np.uint64(1)) << np.uint64(place)
        keys.append(_Key(values.astype(np.int64), len(places), reach))
    return keys


def _cost(keys: list[_Key]) -> float:
    """About how many nanoseconds the search takes: to look up each neighbour, and to compare what is found there."""
    if not keys:
        return float("inf")
    total = 0.0
    for key in keys:
        counts = np.bincount(key.values)
        counts = counts[counts > 0].astype(np.float64)
        total += key.neighbours * (len(counts) * 10.0 + float(counts @ (counts - 1)) / 2 * 15.0 + 20_000)
    return total


def _compare_by_key(
    hashes: Hashes, distance: int, key: _Key, pause: Callable[[], None]
) -> Iterator[tuple[Indices, Indices]]:
    order = np.argsort(key.values, kind="stable")
    hashes = hashes[order]
    present, starts, counts = np.unique(key.values[order], return_index=True, return_counts=True)
    place = np.full(2**key.bits, -1, np.int32)
    place[present] = np.arange(len(present))
    for flips in range(key.radius + 1):
        for bits in combinations(range(key.bits), flips):
            pause()
            mask = sum(1 << bit for bit in bits)
            # Each two keys once: from the one in which the first of the flipped bits is not set.
            left = np.flatnonzero(present & (1 << bits[0]) == 0) if bits else np.flatnonzero(counts > 1)
            right = place[present[left] ^ mask]
            left, right = left[right >= 0], right[right >= 0]
            for one, other in _products(starts[left], counts[left], starts[right], counts[right], pause):
                near = np.bitwise_count(hashes[one] ^ hashes[other]) <= distance
                if not bits:
                    near &= one < other
                if near.any():
                    yield order[one[near]], order[other[near]]


def _products(
    starts: Indices, counts: Indices, other_starts: Indices, other_counts: Indices, pause: Callable[[], None]
) -> Iterator[tuple[Indices, Indices]]:
    """All pairs of a position of a range with one of the other range beside it, in blocks of bounded length."""
    # Each position of the first ranges stands alone, so that no single range makes a block too long.
    ones = _expand(starts, counts)
    lows, lengths = np.repeat(other_starts, counts), np.repeat(other_counts, counts)
    ends = np.cumsum(lengths)
    begin = 0
    while begin < len(ones):
        done = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _BLOCK)))
        part = slice(begin, end)
        yield np.repeat(ones[part], lengths[part]), _expand(lows[part], lengths[part])
        pause()
        begin = end


def _expand(starts: Indices, counts: Indices) -> Indices:
    """The positions of all ranges, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    positions: Indices = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return positions


def _compare_all(hashes: Hashes, distance: int) -> Iterator[tuple[Indices, Indices]]:
    rows = max(1, _BLOCK // len(hashes))
    for top in range(0, len(hashes), rows):
        near = np.bitwise_count(hashes[top : top + rows, None] ^ hashes[None, top:]) <= distance
        one, other = np.nonzero(near)
        upper = one < other
        yield one[upper] + top, other[upper] + top


def _join(parent: Indices, one: Indices, other: Indices) -> None:
    """Put the groups of each pair together; ``parent`` leads from every member to the first of its group."""
    while len(one):
        one, other = _roots(parent, one), _roots(parent, other)
        apart = one != other
        one, other = one[apart], other[apart]
        # Several pairs may want the same root to follow different others: it follows the lowest, and the rest is seen
        # to in the next round.
        np.minimum.at(parent, np.maximum(one, other), np.minimum(one, other))


def _roots(parent: Indices, members: Indices) -> Indices:
    roots: Indices = parent[members]
    while True:
        above: Indices = parent[roots]
        if np.array_equal(above, roots):
            parent[members] = roots
            return roots
        roots = above
