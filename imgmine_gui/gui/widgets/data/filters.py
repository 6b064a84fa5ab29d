"""Which images the page of data shows; the table of classes, the filter bar and the checks all turn this one knob."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.core.project.queries import ImageQuery


class Filters(QObject):
    """The conditions that are set now."""

    changed = Signal()
    """``query`` is another one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.query = ImageQuery()

    @property
    def readable(self) -> ImageQuery:
        """The same, without what could not be read: that is a list of its own."""
        return replace(self.query, problems=False)

    @property
    def are_set(self) -> bool:
        """Whether anything is left out."""
        return self.query != ImageQuery()

    def set(self, **conditions: Any) -> None:
        """Change some conditions (fields of ``ImageQuery``) and keep the others."""
        query = replace(self.query, **conditions)
        if query != self.query:
            self.query = query
            self.changed.emit()

    def show_only(self, **conditions: Any) -> None:
        """Set these conditions and drop all others."""
        self.set(**{**_NOTHING, **conditions})

    def clear(self) -> None:
        """Show all images."""
        self.show_only()


_NOTHING: dict[str, Any] = {
    "source_id": None,
    "label": None,
    "split": None,
    "unlabelled": None,
    "problems": None,
    "shared": None,
    "text": "",
}
