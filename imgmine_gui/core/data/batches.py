"""Batches in a stated order, read ahead by a thread while the network works."""

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.pixel_store import PixelStore

AHEAD = 3
"""Batches that are ready before they are asked for."""


class Source(Protocol):
    """Where a training reads its images from: their pixels, or kept features in their place."""

    @property
    def skipped(self) -> int:
        """How many images turned out to be unreadable so far."""

    def read(self, indices: npt.NDArray[np.intp]) -> tuple[Any, npt.NDArray[np.intp]]:
        """What there is of some images, and the indices (n,) of those that are readable, in their order.

        An array (n, ...); of lines such an array and their widths (n,).
        """


@dataclass(frozen=True)
class Batch:
    """Some images.

    Attributes:
        step: 0-based number of the batch in its order.
        inputs: what the network reads: uint8 (n, height, width, channels), and of lines int32 (n,), their widths in
            pixels; where features are read, float16 (n, *feature_shape).
        indices: (n,) which images these are; unreadable ones are not among them.
    """

    step: int
    inputs: tuple[npt.NDArray[Any], ...]
    indices: npt.NDArray[np.intp]


def epoch_order(count: int, seed: int, epoch: int) -> npt.NDArray[np.intp]:
    """A permutation of 0..count-1 that depends on seed and epoch alone."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def batches(
    store: Source, order: npt.NDArray[np.intp], batch_size: int, first_step: int = 0
) -> Generator[Batch, None, None]:
    """The batches of ``order`` from number ``first_step`` on; a batch without a readable image is left out.

    The reading thread ends when the iterator is closed or exhausted; what it raises is raised here.
    """
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(AHEAD)
    closed = threading.Event()

    def read() -> None:
        outcome: BaseException | None = None
        try:
            for step in range(first_step, -(-len(order) // batch_size)):
                found, indices = store.read(order[step * batch_size : (step + 1) * batch_size])
                if len(indices) and not _put(ready, Batch(step, inputs_of(found), indices), closed):
                    return
        except BaseException as error:
            outcome = error
        _put(ready, outcome, closed)

    thread = threading.Thread(target=read, name="batches", daemon=True)
    thread.start()
    try:
        while (entry := ready.get()) is not None:
            if isinstance(entry, BaseException):
                raise entry
            yield entry
    finally:
        closed.set()
        while not ready.empty():
            ready.get_nowait()
        thread.join()


def inputs_of(found: Any) -> tuple[npt.NDArray[Any], ...]:
    """What a ``Source`` read, as the inputs of a ``Batch``."""
    return found if isinstance(found, tuple) else (found,)


def _put(
    ready: "queue.Queue[Batch | BaseException | None]", entry: Batch | BaseException | None, closed: threading.Event
) -> bool:
    """Hand over ``entry`` unless nobody wants it any more."""
    while not closed.is_set():
        try:
            ready.put(entry, timeout=0.1)
            return True
        except queue.Full:
            continue
    return False


def channel_statistics(
    store: PixelStore, indices: npt.NDArray[np.intp], most: int = 1000
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and variance of each channel, 0..255, over at most ``most`` images spread evenly over ``indices``."""
    chosen = indices[np.linspace(0, len(indices) - 1, min(len(indices), most)).astype(np.intp)]
    sums, squares, pixels = 0.0, 0.0, 0
    for start in range(0, len(chosen), 64):
        values = store.read(chosen[start : start + 64])[0].astype(np.float64)
        sums = sums + values.sum(axis=(0, 1, 2))
        squares = squares + (values**2).sum(axis=(0, 1, 2))
        pixels += values[..., 0].size
    mean = np.asarray(sums) / max(pixels, 1)
    variance = np.maximum(np.asarray(squares) / max(pixels, 1) - mean**2, 1e-3)
    return tuple(mean.tolist()), tuple(variance.tolist())
