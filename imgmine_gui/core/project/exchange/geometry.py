"""Shapes as a file states them, brought to the pixels of the oriented image that the catalogue knows.

Coordinates are kept in pixels of the image as it is seen: turned as its EXIF orientation says. That is what labelme,
Label Studio, CVAT and newer versions of labelImg write too. Where a file states a size with width and height changed
over, its coordinates are of the pixels as they are stored, and are turned; of an image that stands on its head nobody
can tell, so it is taken as seen. Where the stated size has the same proportions as the image, but is another one, the
shapes are scaled; where it has not, they are of another image and left out. Shapes are clipped to the image.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from imgmine_gui.core.project.exchange.description import Point, Points, Shape, ShapeKind

POINTS_LIMIT = 100_000
"""The most points of one shape."""

_PROPORTION = 0.02
"""By so much the proportions of an image may change when it is scaled to whole pixels, relative."""

_DECIMALS = 3
_FEWEST = {ShapeKind.BOX: 2, ShapeKind.POLYGON: 3, ShapeKind.LINE: 2, ShapeKind.POINT: 1}

Transform = Callable[[Point], Point]


def as_it_is(point: Point) -> Point:
    """The transform of a file whose shapes are in pixels of the image."""
    return point


def transform_between(
    stated: Point | None, relative: bool, actual: tuple[int, int], orientation: Callable[[], int]
) -> Transform | None:
    """How a point of a file becomes one of the image; ``None`` if the shapes are of another image.

    Args:
        stated: width and height as the file has them; None where it has none: then they are those of the image.
        relative: whether they are a mere unit.
        actual: width and height of the image, oriented, in pixels; both above 0.
        orientation: gives the EXIF orientation of the image; asked only where it matters.
    """
    width, height = actual
    if stated is None or stated == actual:
        return as_it_is
    if not all(math.isfinite(side) and side > 0 for side in stated):
        return None
    across, down = width / stated[0], height / stated[1]
    if relative or abs(across / down - 1) <= _PROPORTION:
        return lambda point: (point[0] * across, point[1] * down)
    turned = orientation()
    if turned >= 5 and abs((height / stated[0]) / (width / stated[1]) - 1) <= _PROPORTION:
        across, down = height / stated[0], width / stated[1]
        return lambda point: oriented((point[0] * across, point[1] * down), (height, width), turned)
    return None


def oriented(point: Point, stored: Point, orientation: int) -> Point:
    """Where a point of the stored pixels is seen.

    Args:
        point: in the image as it is stored.
        stored: its width and height.
        orientation: 1 to 8, as EXIF 2.3 defines it.
    """
    x, y = point
    right, down = stored[0] - x, stored[1] - y
    return {
        1: (x, y),
        2: (right, y),
        3: (right, down),
        4: (x, down),
        5: (y, x),
        6: (down, x),
        7: (down, right),
        8: (y, right),
    }[orientation]


def fitted(shape: Shape, transform: Transform, size: tuple[int, int]) -> Shape | None:
    """``shape`` in pixels of an image, clipped to it; ``None`` if nothing of it is left, or it is none."""
    if not _FEWEST[shape.kind] <= len(shape.points) <= POINTS_LIMIT:
        return None
    if not all(math.isfinite(value) for point in shape.points for value in point):
        return None
    points = tuple(map(transform, shape.points))
    clipped = _CLIP[shape.kind](points, size)
    if clipped is None:
        return None
    return Shape(shape.kind, tuple(map(_rounded, clipped)), shape.label, shape.attributes)


def bounds(points: Points) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the smallest box around ``points``."""
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def area(points: Points) -> float:
    """The area of a polygon, by the trapezoid formula."""
    following = (*points[1:], points[0])
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(points, following, strict=True))) / 2


def _rounded(point: Point) -> Point:
    return round(point[0], _DECIMALS), round(point[1], _DECIMALS)


def _clip_box(points: Points, size: tuple[int, int]) -> Points | None:
    left, top, right, bottom = bounds(points)
    left, right = max(left, 0.0), min(right, float(size[0]))
    top, bottom = max(top, 0.0), min(bottom, float(size[1]))
    return ((left, top), (right, bottom)) if right > left and bottom > top else None


def _clip_polygon(points: Points, size: tuple[int, int]) -> Points | None:
    """Sutherland and Hodgman, Reentrant Polygon Clipping, Communications of the ACM 17 (1974)."""
    left, top, right, bottom = bounds(points)
    if left < 0 or top < 0 or right > size[0] or bottom > size[1]:
        for axis, limit, sign in ((0, 0.0, 1), (0, float(size[0]), -1), (1, 0.0, 1), (1, float(size[1]), -1)):
            points = tuple(_cut(points, axis, limit, sign))
            if len(points) < _FEWEST[ShapeKind.POLYGON]:
                return None
    return points if area(points) > 0 else None


def _cut(points: Points, axis: int, limit: float, sign: int) -> Iterator[Point]:
    """What of a polygon lies on the side of ``limit`` where values are greater (``sign`` 1) or less (-1)."""
    before = points[-1]
    for point in points:
        inside, was_inside = ((end[axis] - limit) * sign >= 0 for end in (point, before))
        if inside != was_inside:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            yield (limit, other) if axis == 0 else (other, limit)
        if inside:
            yield point
        before = point


def _clip_line(points: Points, size: tuple[int, int]) -> Points | None:
    """The points outside are moved to the edge; a line that has none inside is left out."""
    if not any(_inside(point, size) for point in points):
        return None
    return _moved_inside(points, size)


def _clip_point(points: Points, size: tuple[int, int]) -> Points | None:
    """A point less than a pixel outside is moved to the edge."""
    x, y = points[0]
    if not (-1 < x < size[0] + 1 and -1 < y < size[1] + 1):
        return None
    return _moved_inside(points[:1], size)


def _inside(point: Point, size: tuple[int, int]) -> bool:
    return 0 <= point[0] <= size[0] and 0 <= point[1] <= size[1]


def _moved_inside(points: Sequence[Point], size: tuple[int, int]) -> Points:
    return tuple((min(max(x, 0.0), float(size[0])), min(max(y, 0.0), float(size[1]))) for x, y in points)


_CLIP: dict[ShapeKind, Callable[[Points, tuple[int, int]], Points | None]] = {
    ShapeKind.BOX: _clip_box,
    ShapeKind.POLYGON: _clip_polygon,
    ShapeKind.LINE: _clip_line,
    ShapeKind.POINT: _clip_point,
}
