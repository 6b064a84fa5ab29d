"""The images that a training, an evaluation or a prediction works on."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.checks import EXAMPLES, ClassCounts, DataCheck, DataFacts, Shared, check_data
from imgmine_gui.core.project.layout import Split, class_order


@dataclass(frozen=True, slots=True)
class DataItem:
    """One readable image.

    Attributes:
        path: absolute, of a later page ``FILE#page=N``; bytes that are no UTF-8 as ``os.fsdecode`` gives them.
        label: its class.
        split: what it is used for.
        key: of the content.
        text: what is written in it, one line in the Unicode form that was chosen, else NFC; None if that is not known.
    """

    path: str
    label: str | None
    split: Split | None
    key: str
    text: str | None = None


@dataclass(frozen=True)
class DataItems:
    """All readable images of a folder or of a project.

    Attributes:
        items: in the order of sources and paths.
        classes: of all labelled images, in the order of ``class_order``.
    """

    items: tuple[DataItem, ...]
    classes: tuple[str, ...]

    @classmethod
    def of_items(cls, items: Iterable[DataItem]) -> "DataItems":
        """The items with the classes that occur among them."""
        kept = tuple(items)
        return cls(kept, tuple(class_order({item.label for item in kept if item.label is not None})))

    def of(self, split: Split) -> tuple[DataItem, ...]:
        """The images of one split."""
        return tuple(item for item in self.items if item.split is split)

    def checks(self, unreadable: int = 0) -> list[DataCheck]:
        """What is wrong with the images; ``unreadable`` is how many more could not be read."""
        unlabelled = sum(item.label is None for item in self.items)
        splits = _shared((item, item.split) for item in self.items)
        labels = _shared((item, item.label) for item in self.items)
        return check_data(DataFacts(self._counts(), unlabelled, unreadable, splits, labels))

    def _counts(self) -> list[ClassCounts]:
        counts: dict[tuple[str | None, Split | None], int] = defaultdict(int)
        for item in self.items:
            counts[item.label, item.split] += 1
        return [
            ClassCounts(
                0, name, colour, *(counts[name, split] for split in (Split.TRAIN, Split.VALIDATION, Split.TEST))
            )
            for colour, name in enumerate(self.classes)
        ]


def _shared(pairs: Iterable[tuple[DataItem, str | None]]) -> Shared:
    """The contents that occur with two different values."""
    values: dict[str, set[str]] = defaultdict(set)
    paths: dict[str, str] = {}
    for item, value in pairs:
        paths.setdefault(item.key, item.path)
        if value is not None:
            values[item.key].add(value)
    several = [key for key, found in values.items() if len(found) > 1]
    return Shared(len(several), tuple(printable(os.path.basename(paths[key])) for key in several[:EXAMPLES]))
