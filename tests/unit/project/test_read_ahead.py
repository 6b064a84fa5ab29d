"""Threads that read ahead: the order of what they give, and when there is more than one of them."""

import threading
from collections.abc import Callable

import pytest

from imgmine_gui.core.project import read_ahead
from imgmine_gui.core.project.read_ahead import ReadAhead

PATIENCE = 60.0
"""Seconds after which a test that waits in vain has failed."""


def check() -> None:
    """Nobody cancels."""


def readers(do: Callable[[list[int]], None], pieces: list[list[int]]) -> set[int]:
    """The threads by which some pieces were worked on, whose results come in the order of the pieces."""
    seen: set[int] = set()

    def work(piece: list[int], _over: Callable[[], bool]) -> list[int]:
        seen.add(threading.get_ident())
        do(piece)
        return piece

    with ReadAhead(work, 2, 16) as ahead:
        assert list(ahead.results(pieces, check)) == pieces
    return seen


def test_one_thread_reads_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "_WAIT_SECONDS", PATIENCE)
    assert len(readers(lambda _: None, [list(range(10_000))] * 100)) == 1


def test_another_joins_where_an_item_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "_WAIT_SECONDS", PATIENCE)
    monkeypatch.setattr(read_ahead, "_TRIAL_SECONDS", 0.0)
    monkeypatch.setattr(read_ahead, "_BRIEF_SECONDS", 0.0)
    both = threading.Barrier(2, timeout=PATIENCE)

    def do(piece: list[int]) -> None:
        if piece != [0]:  # which tells that there should be two
            both.wait()

    assert len(readers(do, [[0], [1], [2]])) == 2


def test_another_joins_where_nothing_comes() -> None:
    both = threading.Barrier(2, timeout=PATIENCE)

    def do(_: list[int]) -> None:
        both.wait()

    assert len(readers(do, [[1], [2], [3], [4]])) == 2


def test_what_the_work_raises_comes_out_even_if_it_is_a_timeout() -> None:
    def fail(_: list[int]) -> None:
        raise TimeoutError("the drive")

    with pytest.raises(TimeoutError, match="the drive"):
        readers(fail, [[1]])
