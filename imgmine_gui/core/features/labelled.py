"""The images that a quick check judges: labelled, outside the test, with what keeps some of them together."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.features.cache import FOLDER
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.items import is_project_path, load_items, open_catalogue
from imgmine_gui.core.project.layout import Split, class_order
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.source_places import require_there
from imgmine_gui.core.project.splits import SplitSettings


@dataclass(frozen=True)
class LabelledImages:
    """Images outside the test, all with a label.

    Attributes:
        items: the images.
        groups: (n,) the group that each belongs to, "" for none.
        caches: folders for features; the first that can be written is taken.
    """

    items: tuple[DataItem, ...]
    groups: tuple[str, ...]
    caches: tuple[Path, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that occur."""
        return tuple(class_order({item.label or "" for item in self.items}))


def labelled_in_catalogue(catalogue: Catalogue, caches: tuple[Path, ...]) -> LabelledImages:
    """What a project trains on and validates by, after a look whether its sources are there.

    Raises:
        UserError: a source is not there.
    """
    require_there(Lookout(), catalogue.places.all())
    rows = [
        row
        for split in (Split.TRAIN, Split.VALIDATION)
        for row in catalogue.page(ImageQuery(split=split, unlabelled=False, problems=False), None, -1)
    ]
    items = (DataItem(row.path, row.label, row.split, row.key) for row in rows)
    return LabelledImages(tuple(items), tuple(row.group for row in rows), caches)


def labelled_in(data: Path, cache_folder: Path, context: JobContext) -> LabelledImages:
    """The labelled images of a folder or of a project.

    Args:
        cache_folder: keeps the features of what is in no project, or in one that can only be read.

    Raises:
        UserError: there is no image, or the project cannot be read.
        Cancelled: the person cancelled.
    """
    own = cache_folder / FOLDER
    data = data.absolute()
    if is_project_path(data):
        with closing(open_catalogue(data, context)) as catalogue:
            return labelled_in_catalogue(catalogue, (data / "cache" / FOLDER, own))
    items = _outside_test(load_items(data, SplitSettings(), context)[0].items)
    return LabelledImages(items, ("",) * len(items), (own,))


def connected(keys: Sequence[str], groups: Sequence[str]) -> list[str]:
    """For each image a name that it shares with all that equal contents or groups connect it to.

    Args:
        keys: (n,) of the contents.
        groups: (n,) "" for none.
    """
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while (next_ := above.setdefault(name, name)) != name:
            above[name] = name = above[next_]
        return name

    for key, group in zip(keys, groups, strict=True):
        if group:
            above[top(f"content {key}")] = top(f"group {group}")
    return [top(f"content {key}") for key in keys]


def _outside_test(items: Iterable[DataItem]) -> tuple[DataItem, ...]:
    return tuple(item for item in items if item.label is not None and item.split is not Split.TEST)
