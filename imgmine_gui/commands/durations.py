"""Durations as a person writes them: ``90``, ``90s``, ``5m``, ``1.5h``."""

import re

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|)\s*")


def parse_duration(text: str) -> float:
    """Seconds of ``text``.

    Raises:
        UserError: it is no duration.

    Example:
        >>> parse_duration("5m")
        300.0
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise UserError(N_("“{text}” is no length of time."), N_("Write it like 90s, 5m or 1.5h."), text=text)
    return float(found[1]) * _UNITS[found[2]]
