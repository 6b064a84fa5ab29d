"""What was made of classes by hand, so that scans hold to it: new names, merged and deleted ones, and empty ones.

A folder names a class for good: ``images.class_given`` is the class that was made for the folder's name, whatever a
person calls it later. Whether its images have that class follows from this book: a class that was merged into another
hands them on, one that was deleted gives none.

The book is the setting ``class_book``. Only edits write it, so that undoing one restores the book before it exactly.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from imgmine_gui.core.project.edits.changes import read_setting, set_setting
from imgmine_gui.core.project.layout import class_order


@dataclass(frozen=True)
class ClassBook:
    """What was made of classes by hand.

    Attributes:
        folders: the class that a folder's name means, where that is not simply the class of this name.
        merged: the class that another was merged into.
        kept: classes that are there without images too.
    """

    folders: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()

    def retired(self, name: str, class_id: int) -> "ClassBook":
        """The folders of ``name`` still mean this class, though it is no longer called so."""
        return self if name in self.folders else replace(self, folders={**self.folders, name: class_id})

    def named(self, name: str, class_id: int) -> "ClassBook":
        """The class is called ``name``: its folders need no entry."""
        if self.folders.get(name) != class_id:
            return self
        return replace(self, folders={key: value for key, value in self.folders.items() if key != name})

    def handed_on(self, class_id: int, to: int) -> "ClassBook":
        """The images of a class are those of another."""
        return replace(self, merged={**self.merged, class_id: to})

    def keeping(self, class_ids: Iterable[int]) -> "ClassBook":
        """These classes are there without images too."""
        return replace(self, kept=self.kept | frozenset(class_ids))

    def without(self, class_id: int) -> "ClassBook":
        """The class is no longer there without images."""
        return replace(self, kept=self.kept - {class_id})

    @property
    def class_ids(self) -> frozenset[int]:
        """All classes that the book refers to, and that must not be deleted therefore."""
        return frozenset({*self.folders.values(), *self.merged, *self.merged.values(), *self.kept})


def read_book(db: sqlite3.Connection) -> ClassBook:
    """The book as it stands."""
    text = read_setting(db, "class_book")
    if text is None:
        return ClassBook()
    book = json.loads(text)
    merged = {int(key): value for key, value in book["merged"].items()}
    return ClassBook(book["folders"], merged, frozenset(book["kept"]))


def write_book(db: sqlite3.Connection, edit_id: int, book: ClassBook) -> None:
    """Write the book as part of an edit."""
    values = {"folders": dict(book.folders), "merged": dict(book.merged), "kept": sorted(book.kept)}
    text = json.dumps(values, sort_keys=True) if any(values.values()) else None
    set_setting(db, edit_id, "class_book", text)


def stage_classes(db: sqlite3.Connection) -> None:
    """Fill the temporary table ``given_classes (id, target)``: what a class that folders give stands for now.

    The class of an image that was not labelled by hand is
    ``(SELECT target FROM given_classes WHERE id = class_given)``; see ``GIVEN_CLASS``.
    """
    db.execute("CREATE TEMP TABLE IF NOT EXISTS given_classes (id INTEGER PRIMARY KEY, target INTEGER)")
    db.execute("DELETE FROM given_classes")
    pairs = ((given, target) for given, target in classes_in_use(db).items() if given is not None)
    db.executemany("INSERT INTO given_classes VALUES (?, ?)", pairs)


GIVEN_CLASS = "(SELECT target FROM given_classes WHERE id = class_given)"
"""SQL for the class that an image has unless a person says otherwise, after ``stage_classes``."""


def classes_in_use(db: sqlite3.Connection) -> dict[int | None, int | None]:
    """What each class that folders give (or ``None``) stands for: itself, the one it was merged into, or none."""
    book = read_book(db)
    removed = dict(db.execute("SELECT id, removed FROM classes").fetchall())
    return {None: None, **{class_id: _target(class_id, book, removed) for class_id in removed}}


def ensure_folder_classes(db: sqlite3.Connection, labels: Iterable[str]) -> dict[str, int]:
    """The class of each folder's name, for ``images.class_given``; what is new is made.

    New classes get the first free colours and the last positions. A class of the same name whose making was undone is
    taken into use again. ``classes_in_use`` says what each stands for.
    """
    folders = read_book(db).folders
    rows = db.execute("SELECT id, name, colour, position, removed FROM classes ORDER BY removed DESC, id").fetchall()
    by_name = {name: (number, removed) for number, name, _, _, removed in rows}
    in_use = [(colour, position) for *_, colour, position, removed in rows if not removed]
    colours = free_colours({colour for colour, _ in in_use})
    position = max((position for _, position in in_use), default=-1)
    found: dict[str, int] = {}
    for label in class_order(set(labels)):
        if label in folders:
            found[label] = folders[label]
        elif label in by_name:
            found[label], removed = by_name[label]
            if removed:
                db.execute("UPDATE classes SET removed = 0 WHERE id = ?", [found[label]])
        else:
            position += 1
            found[label] = insert_class(db, label, next(colours), position)
    return found


def insert_class(db: sqlite3.Connection, name: str, colour: int, position: int, removed: bool = False) -> int:
    """Make a row for a class; its id."""
    row = db.execute(
        "INSERT INTO classes (name, colour, position, removed) VALUES (?, ?, ?, ?) RETURNING id",
        [name, colour, position, int(removed)],
    ).fetchone()
    return int(row[0])


def free_colours(taken: Collection[int]) -> Iterator[int]:
    """The colours of the palette that no class has, one after the other."""
    return (number for number in count() if number not in taken)


def _target(class_id: int, book: ClassBook, removed: Mapping[int, int]) -> int | None:
    """The class in use that a class stands for."""
    while removed[class_id]:
        if class_id not in book.merged:
            return None
        class_id = book.merged[class_id]
    return class_id
