"""Patterns over paths that say which group an image belongs to; ``{group}`` stands for its name."""

from dataclasses import dataclass

from imgmine_gui.core.project.edits.groups import group_name
from imgmine_gui.core.project.path_patterns import PathPattern


@dataclass(frozen=True)
class GroupPattern:
    """A pattern as a person types it; see ``path_patterns``.

    Attributes:
        text: such as ``{group}/*``, ``{group}_*.png`` or ``patient(?P<group>[0-9]+)``.
        is_expression: whether it is a regular expression.
    """

    text: str
    is_expression: bool = False


class GroupFinder:
    """Finds groups in paths.

    Args:
        pattern: what to look for.

    Raises:
        UserError: the pattern cannot be understood.
    """

    def __init__(self, pattern: GroupPattern) -> None:
        example = "{group}/*" if pattern.is_expression or not pattern.text.strip() else "{group}_*.png"
        expression = "patient(?P<group>[0-9]+)"
        self._pattern = PathPattern(pattern.text, "group", pattern.is_expression, example, expression)

    def find(self, path: str) -> str:
        """The group of the image at ``path``, relative to its source with ``/`` between its parts; "" for none.

        Raises:
            UserError: the expression searches for too long.
        """
        return group_name(self._pattern.find(path))
