"""The numbers of one curve: points that only grow, their moving average, and the few of them that a screen shows."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BLOCK = 256
"""Points that the moving average takes at once."""


class Series:
    """Points (x, y) with rising x; appending is cheap, and the arrays are views, not copies.

    A y that is not finite is a gap.

    Attributes:
        version: another number after each change.
    """

    def __init__(self) -> None:
        self._points = np.empty((2, 64))
        self._count = 0
        self.version = 0
        self._average: MovingAverage | None = None
        self._averaged = np.empty(64)

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Array:
        """The x of all points."""
        return self._points[0, : self._count]

    @property
    def y(self) -> Array:
        """The y of all points, nan where there is a gap."""
        return self._points[1, : self._count]

    def append(self, x: float, y: float) -> None:
        """Add one point; points at or after ``x`` are forgotten, since a resumed run makes them again."""
        if self._count and x <= self._points[0, self._count - 1]:
            self._cut(x)
        self.extend(np.array([x]), np.array([y]))

    def extend(self, xs: Array, ys: Array) -> None:
        """Add points whose x rise and lie after all that are there."""
        end = self._count + len(xs)
        if end > self._points.shape[1]:
            grown = np.empty((2, max(2 * self._points.shape[1], end)))
            grown[:, : self._count] = self._points[:, : self._count]
            self._points = grown
        self._points[0, self._count : end] = xs
        self._points[1, self._count : end] = np.where(np.isfinite(ys), ys, np.nan)
        self._count = end
        self.version += 1

    def smoothed(self, span: float) -> Array:
        """The debiased moving average of y over about ``span`` points; ``y`` itself where ``span`` is 1 or less."""
        if span <= 1:
            return self.y
        if self._average is None or self._average.span != span:
            self._average = MovingAverage(span)
        done = self._average.count
        if len(self._averaged) < self._count:
            self._averaged = np.concatenate([self._averaged[:done], np.empty(2 * self._count - done)])
        self._averaged[done : self._count] = self._average.extend(self.y[done:])
        return self._averaged[: self._count]

    def nearest(self, x: float) -> int | None:
        """Index of the point whose x is nearest; None where there is no point."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.x, x))
        if right == 0:
            return 0
        if right == self._count:
            return self._count - 1
        return right if self.x[right] - x < x - self.x[right - 1] else right - 1

    def _cut(self, x: float) -> None:
        self._count = int(np.searchsorted(self.x, x))
        self._average = None


class MovingAverage:
    """The exponential moving average, debiased: y_t = sum_i d^(t-i) x_i / sum_i d^(t-i) with d = 1 - 2 / (span + 1).

    The division takes away the pull to zero of the first values (Kingma and Ba 2015, "Adam", section 3), and lets a
    gap count for nothing: the average goes on with the weight of what was there.

    Args:
        span: of how many points a plain mean would be as smooth.
    """

    def __init__(self, span: float) -> None:
        self.span = span
        self.count = 0
        self._decay = 1 - 2 / (span + 1)
        self._sums = np.zeros(2)
        powers = self._decay ** np.arange(BLOCK + 1)
        self._powers = powers[1:]
        lags = np.arange(BLOCK)[:, None] - np.arange(BLOCK)[None, :]
        self._weights = np.where(lags >= 0, powers[np.clip(lags, 0, None)], 0.0)

    def extend(self, values: Array) -> Array:
        """The averages at each of ``values``, which follow those of the calls before; nan until a value is known."""
        known = np.isfinite(values)
        parts = [
            self._block(np.stack([np.where(known, values, 0.0), known])[:, start : start + BLOCK])
            for start in range(0, len(values), BLOCK)
        ]
        self.count += len(values)
        return np.concatenate(parts) if parts else np.empty(0)

    def _block(self, block: Array) -> Array:
        """(2, n) values and whether they are known, n at most ``BLOCK``, to n averages."""
        size = block.shape[1]
        sums = block @ self._weights[:size, :size].T + self._sums[:, None] * self._powers[:size]
        self._sums = sums[:, -1].copy()
        averages: Array = np.divide(sums[0], sums[1], out=np.full(size, np.nan), where=sums[1] > 0)
        return averages


def thin_out(x: Array, y: Array, low: float, high: float, columns: int) -> tuple[Array, Array]:
    """The points between ``low`` and ``high`` and one beyond either end, so few that ``columns`` pixels can show them.

    Neighbours are taken together in groups of 1, 2, 4, ...; of each the lowest and the highest point are kept, so
    that no spike is lost, and groups begin at the same points when the curve grows, so that nothing flickers.

    Returns:
        At most about ``2 * columns`` points, with rising x.
    """
    first = max(int(np.searchsorted(x, low)) - 1, 0)
    last = min(int(np.searchsorted(x, high, side="right")) + 1, len(x))
    group = 1
    while (last - first) // group > max(columns, 1):
        group *= 2
    if group <= 2:
        return x[first:last], y[first:last]
    first -= first % group
    whole = first + (last - first) // group * group
    blocks = y[first:whole].reshape(-1, group)
    gaps = np.isnan(blocks)
    lowest = np.where(gaps, np.inf, blocks).argmin(axis=1)
    highest = np.where(gaps, -np.inf, blocks).argmax(axis=1)
    both = np.stack([np.minimum(lowest, highest), np.maximum(lowest, highest)], axis=1)
    kept = (both + first + group * np.arange(len(blocks))[:, None]).ravel()
    kept = np.concatenate([kept, np.arange(whole, last)])
    return x[kept], y[kept]
