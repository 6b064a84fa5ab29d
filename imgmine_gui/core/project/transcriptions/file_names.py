"""The text of an image in the name of its file, by a pattern in which ``{text}`` stands for it."""

import os

from imgmine_gui.core.project.path_patterns import PathPattern

_NAMED = "(?P<text>"


class NamePattern:
    """Finds texts in the paths of images.

    A plain pattern without a slash describes the name of the file, one with slashes the path below the source; both
    with or without the suffix. A regular expression has a group ``(?P<text>...)`` and is looked for in the path
    without the suffix.

    Args:
        text: the pattern as a person types it.

    Raises:
        UserError: the pattern cannot be understood.

    Example:
        >>> NamePattern("{text}-*").find("lower/018l-0.png")
        '018l'
    """

    def __init__(self, text: str) -> None:
        self._is_expression = _NAMED in text
        self._whole = "/" in text
        self._pattern = PathPattern(text, "text", self._is_expression, "{text}-*.png", "(?P<text>[a-z]+)-[0-9]+")

    def find(self, place: str) -> str:
        """The text of the image at ``place``, below its source with ``/`` between its parts; "" for none.

        Raises:
            UserError: the expression searches for too long.
        """
        path = place if self._whole or self._is_expression else place.rpartition("/")[2]
        stem = os.path.splitext(path)[0]
        return self._pattern.find(stem) or ("" if self._is_expression else self._pattern.find(path))
