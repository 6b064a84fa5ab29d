"""Numbers, sizes, times and shares as a person reads them: with units, at most three significant digits."""

import math

from PySide6.QtCore import QLocale

from imgmine_gui.core.text import tr

MINUS = "−"
DASH = "–"
"""Stands for a value that is not known."""


def number(value: float | None) -> str:
    """``value`` with three significant digits: 0.912, 12.3, 1,230; very small ones as 1.5e−5.

    Returns:
        ``DASH`` for ``None`` and for what is not a number.
    """
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value != 0 and abs(value) < 0.001:
        return f"{value:.2g}".replace("e-0", "e-").replace("-", MINUS)
    decimals = max(0, 2 - math.floor(math.log10(abs(value)))) if value != 0 else 0
    rounded = float(f"{value:.3g}")
    text = f"{rounded:,.{min(decimals, 5)}f}" if decimals else f"{rounded:,.0f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def reading(value: float | None) -> str:
    """``value`` as ``number`` has it, its last zeros kept: 2.00 beside 1.81, so that nothing jumps while it changes."""
    text = number(value)
    if value is None or not 0.001 <= abs(value) < 100:
        return text
    digits = text.lstrip(f"{MINUS}0.").replace(".", "")
    missing = "0" * max(0, 3 - len(digits))
    return text + missing if "." in text or not missing else f"{text}.{missing}"


def count(value: int) -> str:
    """A count in full, its thousands grouped: 12,345."""
    return QLocale(QLocale.Language.English).toString(value)


def percentage(share: float | None) -> str:
    """A share between 0 and 1 as 91.2 %: always one decimal, so that a column of them lines up.

    A share just below one is never rounded up to 100 %: it would claim that nothing is missing.
    """
    if share is None or math.isnan(share):
        return DASH
    percent = round(share * 100, 1)
    if percent == 100 and share < 1:
        percent = 99.9
    return tr("{percent} %", percent="100" if percent == 100 else f"{percent:.1f}")


def whole_percentage(share: float) -> str:
    """A share between 0 and 1 as 91 %, where room is short; below one it is never 100 %."""
    return tr("{percent} %", percent=min(round(share * 100), 100 if share == 1 else 99))


def size_in_bytes(size: int) -> str:
    """A size of memory or of a file: 812 B, 1.45 MB; a kilobyte has 1,000 bytes."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 999.5:
            return f"{number(value)} {unit}"
        value /= 1000
    return f"{number(value)} TB"


def time_left(seconds: float | None) -> str:
    """How long something will still take, in whole seconds: an estimate has no tenths, and its unit must not jump."""
    whole = seconds if seconds is None or not math.isfinite(seconds) else max(1, math.ceil(seconds))
    return tr("{time} left", time=duration(whole))


def duration(seconds: float | None) -> str:
    """A stretch of time in its two largest units: 12 s, 3 min 20 s, 1 h 5 min."""
    if seconds is None or not math.isfinite(seconds):
        return DASH
    if 0 < seconds < 0.95:
        return tr("{milliseconds} ms", milliseconds=number(seconds * 1000))
    if seconds < 9.95:
        return tr("{seconds} s", seconds=f"{seconds:.1f}".removesuffix(".0"))
    whole = round(seconds)
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    hours, minutes = divmod(round(whole / 60), 60)
    return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
