"""What a person does to the selected images by key, menu or panel; each is one edit, made and saved at once."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.labelling import Labelling, Work
from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.core.project.gallery import images_meant
from imgmine_gui.core.project.layout import Split

DIGITS = "1234567890"

MOST_ASKED = 1_000
"""Of more images than this a label is not taken away by key."""
Edit = Callable[[Edits, Rows], object]


class LabelActions(QObject):
    """Edits exactly the images that are selected at the moment of the call.

    What takes ``goes_on`` may lead on to the next image afterwards. That is for keys: who clicks beside an image wants
    to do more to it, and the next click would be another's.

    Args:
        labelling: makes the edits.
        chosen: the ids of the images that are shown as selected.
    """

    nothing_selected = Signal()
    """The person wants to change images, and none is selected."""
    labelled_one = Signal()
    """A single image was given a label, a flag or a rating by key: the next one may be looked at."""

    def __init__(
        self, labelling: Labelling, chosen: Callable[[], Sequence[int]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._labelling = labelling
        self._chosen = chosen
        self.classes: list[ClassCounts] = []
        """Those of the project, in their order."""
        self.several_labels = False
        """Whether an image may have several labels in this project."""

    @property
    def chosen(self) -> Sequence[int]:
        """The ids of the images that are selected now."""
        return self._chosen()

    def class_of_key(self, digit: str) -> ClassCounts | None:
        """The class that a digit stands for: the one it was given to, or else the one in its place in the order."""
        for one in self.classes:
            if one.shortcut == digit:
                return one
        place = DIGITS.index(digit)
        free = self.classes[place] if place < len(self.classes) else None
        return free if free is not None and not free.shortcut else None

    def key_of_class(self, class_id: int) -> str:
        """The digit that stands for a class; "" for none."""
        return next(
            (digit for digit in DIGITS if (one := self.class_of_key(digit)) is not None and one.id == class_id), ""
        )

    def label(self, class_id: int, ids: Sequence[int] | None = None, goes_on: bool = False) -> None:
        """Give the images this label; where they may have several, beside the others."""
        if self.several_labels:
            self._edit(lambda edits, rows: edits.add_label(rows, class_id), ids)
        else:
            self._edit(lambda edits, rows: edits.label(rows, class_id), ids, goes_on)

    def press(self, class_id: int) -> None:
        """Label by key: where images may have several labels, one that all of them have is taken away."""
        meant = self._chosen()
        if not self.several_labels or len(meant) > MOST_ASKED:
            self.label(class_id, goes_on=True)
            return

        def turn(edits: Edits, rows: Rows) -> object:
            known = edits.labels_of(meant)
            if all(class_id in known.get(number, ()) for number in meant):
                return edits.remove_label(rows, class_id)
            return edits.add_label(rows, class_id)

        self._edit(turn, meant)

    def label_new(self, name: str, ids: Sequence[int] | None = None, goes_on: bool = False) -> None:
        """Make a class, and give the images this label."""
        self._edit(lambda edits, rows: edits.label_new(rows, name), ids, goes_on and not self.several_labels)

    def remove_label(self, class_id: int, ids: Sequence[int] | None = None) -> None:
        """Take one label from the images."""
        self._edit(lambda edits, rows: edits.remove_label(rows, class_id), ids)

    def remove_labels(self) -> None:
        """Take all labels from the images."""
        self._edit(lambda edits, rows: edits.label(rows, None))

    def reset_labels(self) -> None:
        """Give the images the label of their folder."""
        self._edit(lambda edits, rows: edits.reset_label(rows))

    def set_flag(self, flag: int, goes_on: bool = False) -> None:
        """Pick (1), reject (-1), or take the flag away (0)."""
        self._edit(lambda edits, rows: edits.set_flag(rows, flag), goes_on=goes_on)

    def set_rating(self, rating: int, goes_on: bool = False) -> None:
        """Give none to five stars."""
        self._edit(lambda edits, rows: edits.set_rating(rows, rating), goes_on=goes_on)

    def set_split(self, split: Split | None) -> None:
        """Put the images into a split; ``None``: as folders and settings divide them."""
        self._edit(lambda edits, rows: edits.set_split(rows, split))

    def set_excluded(self, excluded: bool) -> None:
        """Leave the images out, or use them again."""
        self._edit(lambda edits, rows: edits.set_excluded(rows, excluded))

    def set_note(self, note: str, ids: Sequence[int]) -> None:
        """Write a note to images."""
        self._edit(lambda edits, rows: edits.set_note(rows, note), ids)

    def set_group(self, group: str, ids: Sequence[int]) -> None:
        """Put images into a group."""
        self._edit(lambda edits, rows: edits.set_group(rows, group), ids)

    def of_classes(self, work: Work) -> None:
        """Edit the classes themselves."""
        self._labelling.apply(work, sum(one.used for one in self.classes))

    def _edit(self, edit: Edit, ids: Sequence[int] | None = None, goes_on: bool = False) -> None:
        meant = self._chosen() if ids is None else ids
        if not meant:
            self.nothing_selected.emit()
            return
        made = self._labelling.apply(lambda edits: edit(edits, images_meant(meant)), len(meant))
        if made and goes_on and len(meant) == 1:
            self.labelled_one.emit()
