"""The fast search finds exactly what comparing all with all finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project.health import near
from imgmine_gui.core.project.health.near import FARTHEST, near_groups, near_pairs

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def all_pairs(hashes: np.ndarray, distance: int) -> set[tuple[int, int]]:
    values = hashes.tolist()
    return {
        (one, other)
        for one in range(len(values))
        for other in range(one + 1, len(values))
        if (values[one] ^ values[other]).bit_count() <= distance
    }


def groups_of(pairs: set[tuple[int, int]], count: int) -> list[list[int]]:
    """What is connected, by walking from each to its neighbours."""
    beside: dict[int, set[int]] = {number: set() for number in range(count)}
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    seen: set[int] = set()
    groups = []
    for start in range(count):
        if start in seen or not beside[start]:
            continue
        found, waiting = {start}, [start]
        while waiting:
            for other in beside[waiting.pop()] - found:
                found.add(other)
                waiting.append(other)
        seen |= found
        groups.append(sorted(found))
    return groups


def made(seed: int, count: int, flips: int, bits: int = 64) -> np.ndarray:
    """Hashes of which many are others with a few bits flipped; those above ``bits`` are the same in all."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**bits, count, dtype=np.uint64)
    for _ in range(count // 2):
        mask = sum(1 << int(bit) for bit in rng.choice(bits, rng.integers(0, min(flips, bits) + 1), replace=False))
        hashes[rng.integers(0, count)] = hashes[rng.integers(0, count)] ^ np.uint64(mask)
    return hashes


@pytest.fixture(params=["all with all", "by keys"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by keys":
        monkeypatch.setattr(near, "_FEW", 0)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("distance", range(FARTHEST + 1))
def test_groups_are_those_of_comparing_all(distance: int) -> None:
    for seed, bits in ((distance, 64), (distance + 100, 12)):
        hashes = made(seed, 150, max(distance, 2), bits)
        expected = groups_of(all_pairs(hashes, distance), len(hashes))
        assert [group.tolist() for group in near_groups(hashes, distance)] == expected


@unhurried
@given(
    seed=st.integers(0, 10_000), count=st.integers(2, 120), distance=st.integers(1, 12), keys=st.integers(1, 8),
    bits=st.sampled_from([8, 20, 64]),
)  # fmt: skip
def test_pairs_are_exact_however_many_keys_there_are(
    seed: int, count: int, distance: int, keys: int, bits: int
) -> None:
    hashes = np.unique(made(seed, count, distance + 1, bits))
    found = set()
    for key in near._plan(hashes, distance, keys) or near._plan(hashes, distance, 4):
        for one, other in near._compare_by_key(hashes, distance, key, lambda: None):
            found |= {tuple(sorted(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    assert found == all_pairs(hashes, distance)


def test_blocks_are_bounded_and_nothing_falls_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "_BLOCK", 50)
    monkeypatch.setattr(near, "_FEW", 0)
    hashes = np.unique(made(3, 400, 3, 10))
    lengths = []
    found = set()
    for one, other in near_pairs(hashes, 2):
        lengths.append(len(one))
        found |= {tuple(sorted(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    assert found == all_pairs(hashes, 2)
    assert max(lengths) <= 50 + len(hashes)


def test_equal_hashes_cost_nothing() -> None:
    hashes = np.repeat(np.array([5, 2**63, 9], np.uint64), 200_000)
    groups = near_groups(hashes, 2)
    assert [len(group) for group in groups] == [400_000, 200_000]  # 5 and 9 differ in two bits
    assert [len(group) for group in near_groups(hashes, 1)] == [200_000] * 3


def test_a_long_chain_is_one_group() -> None:
    steps = [0]
    for bit in range(64):
        steps.append(steps[-1] | 1 << bit)
    rng = np.random.default_rng(0)
    hashes = rng.permutation(np.array(steps, np.uint64))
    assert [len(group) for group in near_groups(hashes, 1)] == [65]


@pytest.mark.parametrize("hashes", [[], [7]])
def test_nothing_to_compare(hashes: list[int]) -> None:
    assert near_groups(np.array(hashes, np.uint64), 4) == []


@pytest.mark.parametrize("distance", [-1, FARTHEST + 1])
def test_a_distance_without_sense_is_refused(distance: int) -> None:
    with pytest.raises(ValueError, match="Received"):
        near_groups(np.arange(5, dtype=np.uint64), distance)


def test_it_can_be_ended() -> None:
    rounds = []

    def pause() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            raise Cancelled

    hashes = np.random.default_rng(0).integers(0, 2**64, 20_000, dtype=np.uint64)
    with pytest.raises(Cancelled):
        near_groups(hashes, 6, pause)
