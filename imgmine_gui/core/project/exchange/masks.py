"""Masks as other programs write them, and the polygons around them.

Run lengths are COCO's: of a mask read down its columns, beginning with zeros; as a list of numbers, or packed into a
text (``rleToString`` of pycocotools). The polygons run along the borders of pixels, so that they hold exactly its
pixels: one for each part whose pixels touch along their sides. A hole is joined to the outline by a cut without width.
"""

import base64
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgmine_gui.core.project.exchange.description import Points

Mask = NDArray[np.bool_]
Corner = tuple[int, int]

PIXELS_LIMIT = 100_000_000
"""The most pixels of a mask."""
STEPS_LIMIT = 200_000
"""The longest outline of a mask, in sides of pixels."""

_PACKED_START = 48
_STEPS: tuple[Corner, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Right, down, left, up: each is a turn to the right from the one before."""


def mask_of_runs(segmentation: Mapping[str, Any]) -> Mask | None:
    """The mask of a segmentation by run lengths, bool (height, width); ``None`` if it is none.

    Args:
        segmentation: ``size`` as height and width, and ``counts``.
    """
    size, counts = segmentation.get("size"), segmentation.get("counts")
    if not isinstance(size, list) or len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
        return None
    height, width = size
    runs = _unpacked(counts) if isinstance(counts, str) else counts
    if height * width > PIXELS_LIMIT or not isinstance(runs, list):
        return None
    if not all(type(run) is int and 0 <= run <= height * width for run in runs) or sum(runs) != height * width:
        return None
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(width, height).T


def mask_of_png(text: str, size: tuple[int, int]) -> Mask | None:
    """The mask in a PNG in Base64, bool (height, width): what is not black; ``None`` if it is none of this size.

    Args:
        text: the file.
        size: width and height that it has.
    """
    if size[0] * size[1] > PIXELS_LIMIT:
        return None
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=("PNG",)) as image:
            return np.asarray(image.convert("L")) > 0 if image.size == size else None
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):
        return None


def polygons_of_mask(mask: Mask) -> list[Points] | None:
    """The polygons around a mask, in pixels from its upper left corner; ``None`` if their outline is too long.

    Args:
        mask: bool (height, width).
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return []
    top, left = int(rows[0]), int(columns[0])
    ways = _sides(mask[top : rows[-1] + 1, left : columns[-1] + 1])
    if sum(map(len, ways.values())) > STEPS_LIMIT:
        return None
    rings = _rings(ways)
    outlines = [ring for ring in rings if _doubled_area(ring) > 0]
    holes = sorted((ring for ring in rings if _doubled_area(ring) < 0), key=min)
    _join(outlines, holes)
    return [tuple((float(x + left), float(y + top)) for x, y in _without_straight(ring)) for ring in outlines]


def _unpacked(text: str) -> list[int] | None:
    """Five bits a character, and from the third on the difference to the run before the last."""
    runs: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - _PACKED_START
        if not 0 <= bits < 64 or shift > 60:
            return None
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            if bits & 0x10:
                value -= 1 << shift
            runs.append(value + runs[-2] if len(runs) > 2 else value)
            value = shift = 0
    return runs if not shift else None


def _sides(mask: Mask) -> dict[Corner, list[Corner]]:
    """The sides of pixels between the mask and what is around it, by the corner where each begins: its direction.

    The mask is at the right of each of them.
    """
    around = np.pad(mask, 1)
    found: dict[Corner, list[Corner]] = {}
    for step, inside, outside in (
        ((1, 0), around[1:, 1:], around[:-1, 1:]),
        ((-1, 0), around[:-1, :-1], around[1:, :-1]),
        ((0, 1), around[1:, :-1], around[1:, 1:]),
        ((0, -1), around[:-1, 1:], around[:-1, :-1]),
    ):
        places = np.argwhere(inside & ~outside)
        for y, x in places.tolist():
            found.setdefault((x, y), []).append(step)
    return found


def _rings(ways: dict[Corner, list[Corner]]) -> list[list[Corner]]:
    """Closed ways along the sides, with a corner at each pixel; where two meet, each turns to its own pixel."""
    left = {(corner, step) for corner, steps in ways.items() for step in steps}
    rings: list[list[Corner]] = []
    while left:
        ring: list[Corner] = []
        side = next(iter(left))
        while side in left:
            left.remove(side)
            (x, y), (right, down) = side
            ring.append((x, y))
            corner = x + right, y + down
            at = _STEPS.index((right, down))
            turns = (_STEPS[(at + turn) % 4] for turn in (1, 0, 3))
            side = corner, next(step for step in turns if step in ways[corner])
        rings.append(ring)
    return rings


def _join(outlines: list[list[Corner]], holes: list[list[Corner]]) -> None:
    """Cut from each hole's leftmost corner to the left, where another outline, or a hole that is joined, is met."""
    owners = {corner: ring for ring in outlines for corner in ring}
    for hole in holes:
        x, y = first = min(hole)
        met = x - 1, y
        while met not in owners:
            met = met[0] - 1, y
        ring, at = owners[met], hole.index(first)
        place = ring.index(met)
        ring[place : place + 1] = [met, *hole[at:], *hole[:at], first, met]
        owners |= dict.fromkeys(hole, ring)


def _doubled_area(ring: list[Corner]) -> int:
    return sum(x * below - right * y for (x, y), (right, below) in zip(ring, [*ring[1:], ring[0]], strict=True))


def _without_straight(ring: list[Corner]) -> list[Corner]:
    """Only the corners where the way turns."""
    kept = []
    for before, corner, after in zip([ring[-1], *ring[:-1]], ring, [*ring[1:], ring[0]], strict=True):
        to, on = (corner[0] - before[0], corner[1] - before[1]), (after[0] - corner[0], after[1] - corner[1])
        if to[0] * on[1] != to[1] * on[0] or to[0] * on[0] + to[1] * on[1] < 0:
            kept.append(corner)
    return kept
