"""How much goes through a network in one step: enough to keep it busy, little enough to bound memory and waiting."""

from collections.abc import Iterator

PIXELS_AT_ONCE = 16 * 224 * 224
MOST_AT_ONCE = 128
GRADIENT_SHARE = 2
"""A step with gradients keeps every activation, so it takes this many times fewer images."""


def images_at_once(height: int, width: int, *, gradients: bool = False) -> int:
    """The number of images of ``height`` x ``width`` pixels that go through in one step."""
    pixels = PIXELS_AT_ONCE // (GRADIENT_SHARE if gradients else 1)
    return min(max(pixels // (height * width), 1), MOST_AT_ONCE)


def slices(count: int, size: int) -> Iterator[slice]:
    """Cut ``count`` things into runs of at most ``size``."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
