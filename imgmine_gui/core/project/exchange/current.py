"""What the catalogue holds of images now, and what of a file's wishes is to be done to them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from imgmine_gui.core.project.exchange.options import Existing, ExistingShapes, ImportOptions
from imgmine_gui.core.project.exchange.staging import Wanted
from imgmine_gui.core.project.queries import location

_CHUNK = 500

_CURRENT = """
    SELECT images.id, sources.path, is_file, images.path, page, classes.name, split, split_given, split_set,
           group_name, note, text,
           (SELECT count(*) FROM shapes WHERE image_id = images.id AND shapes.removed = 0)
    FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
    WHERE images.id IN (SELECT value FROM json_each(?))
"""
_MORE = """
    SELECT image_id, name FROM more_labels JOIN classes ON classes.id = class_id
    WHERE more_labels.removed = 0 AND classes.removed = 0 AND image_id IN (SELECT value FROM json_each(?))
    ORDER BY more_labels.id
"""


@dataclass(frozen=True, slots=True)
class Current:
    """What the catalogue holds of an image.

    Attributes:
        place: of its file, absolute; of a later page ``FILE#page=N``.
        label: its class.
        more: its further classes.
        split: in use.
        split_given: by its folder.
        split_set: by a person or an import.
        group: "" for none.
        note: "" for none.
        text: what is written in it; "" for nothing that is known.
        shapes: how many.
    """

    place: bytes
    label: str | None
    more: tuple[str, ...]
    split: str | None
    split_given: str | None
    split_set: str | None
    group: str
    note: str
    text: str
    shapes: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done to an image; None leaves as it is.

    Attributes:
        image_id: of the catalogue.
        labels: its classes, the most important first; empty: none.
        split: set.
        group: "" for none.
        note: "" for none.
        text: "" for none.
        shapes: whether those that it has are taken away.
    """

    image_id: int
    labels: tuple[str, ...] | None
    split: str | None
    group: str | None
    note: str | None
    text: str | None
    shapes: bool


def with_current(db: sqlite3.Connection, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Current]]:
    """Each wish with what the catalogue holds now; images that are gone are left out."""
    wishes = iter(wanted)
    while chunk := list(islice(wishes, _CHUNK)):
        current = read_current(db, [wish.image_id for wish in chunk])
        for wish in chunk:
            if wish.image_id in current:
                yield wish, current[wish.image_id]


def read_current(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Current]:
    """What the catalogue holds of images, by their ids."""
    asked = [json.dumps(ids)]
    more: dict[int, list[str]] = defaultdict(list)
    for image_id, name in db.execute(_MORE, asked):
        more[image_id].append(name)
    return {
        image_id: Current(location(source, is_file, path, page), label, tuple(more[image_id]), *rest)
        for image_id, source, is_file, path, page, label, *rest in db.execute(_CURRENT, asked)
    }


def decide(wish: Wanted, current: Current, options: ImportOptions, several: bool) -> Decision:
    """What of a wish is done, by the options.

    Args:
        several: whether the project holds several labels an image.
    """
    keep = options.existing is Existing.KEEP
    labels = wish.labels if wish.labels or options.clear else None
    if labels is not None:
        labels = labels if several else labels[:1]
        there = (current.label, *current.more) if several else (current.label,)
        if (keep and current.label is not None) or _same(labels, there):
            labels = None
    split = wish.split
    if split == current.split_set or (keep and (current.split_set or current.split_given)):
        split = None
    group = _text(wish.group, current.group, options)
    note = _text(wish.note, current.note, options)
    text = _text(wish.text, current.text, options)
    replaced = options.shapes is ExistingShapes.REPLACE and wish.shapes is not None and current.shapes > 0
    return Decision(wish.image_id, labels, split, group, note, text, replaced)


def _same(labels: Sequence[str], there: Sequence[str | None]) -> bool:
    return (labels[0] if labels else None) == there[0] and set(labels[1:]) == set(there[1:])


def _text(wished: str | None, there: str, options: ImportOptions) -> str | None:
    if wished is None or wished == there or (not wished and not options.clear):
        return None
    return None if there and options.existing is Existing.KEEP else wished
