"""Values out of files of others: what they should be, or nothing."""

import math
from collections.abc import Sequence
from typing import Any

from imgmine_gui.core.project.exchange.description import Points


def number_of(value: Any) -> float | None:
    """A finite number, also one that is written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def numbers_of(value: Any) -> tuple[float, ...] | None:
    """A list of finite numbers; None for anything else."""
    if not isinstance(value, list | tuple):
        return None
    numbers = [number for one in value if (number := number_of(one)) is not None]
    return tuple(numbers) if len(numbers) == len(value) else None


def pairs(numbers: Sequence[float] | None) -> Points:
    """``x1, y1, x2, y2, ...`` as points; none where they do not come in pairs."""
    if not numbers or len(numbers) % 2:
        return ()
    return tuple(zip(numbers[0::2], numbers[1::2], strict=True))


def points_of(value: Any) -> Points:
    """``[[x1, y1], [x2, y2], ...]`` as points; none where one of them is none."""
    if not isinstance(value, list | tuple):
        return ()
    points = [numbers_of(one) for one in value]
    return tuple((point[0], point[1]) for point in points if point) if all(map(_is_point, points)) else ()


def text_of(value: Any) -> str | None:
    """A text, or a number as one; None for anything else."""
    if isinstance(value, bool):
        return None
    return str(value) if isinstance(value, str | int | float) else None


def texts_of(value: Any) -> tuple[str, ...] | None:
    """A list of texts; None for anything else."""
    if not isinstance(value, list | tuple):
        return None
    return tuple(text for one in value if (text := text_of(one)) is not None)


def _is_point(numbers: Sequence[float] | None) -> bool:
    return numbers is not None and len(numbers) == 2
