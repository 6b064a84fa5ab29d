"""What was made of classes by hand, so that scans hold to it: new names, merged and deleted ones, and empty ones.

A folder names a class for good: ``images.class_given`` is the class that was made for the folder's name, whatever a
person calls it later. What that class stands for now follows from this book (``classes_in_use``): a class that was
merged into another hands its images on, one that was deleted gives none. Where a person has given the name of a folder
to another class, the class that is made for the folder only stands in: it is not in use itself, as long as the other
is called so.

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
        gone: the class that another was merged into, or ``None`` where it was deleted.
        renamed: how classes were called first that are called otherwise now.
        kept: classes that are there without images too.
    """

    folders: Mapping[str, int] = field(default_factory=dict)
    gone: Mapping[int, int | None] = field(default_factory=dict)
    renamed: Mapping[int, str] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()

    def called(self, class_id: int, before: str, name: str) -> "ClassBook":
        """A class gets another name; the folders of those that it had still mean it."""
        made_as = self.renamed.get(class_id, before)
        folders = {before: class_id, **self.folders}
        if folders.get(name) == class_id:
            del folders[name]
        renamed = {key: value for key, value in self.renamed.items() if key != class_id}
        if name != made_as:
            renamed[class_id] = made_as
        return replace(self, folders=folders, renamed=renamed)

    def without(self, class_id: int, name: str, into: int | None) -> "ClassBook":
        """A class goes; its folders mean the one that it was merged into, or none."""
        kept = self.kept - {class_id}
        if into is not None and class_id in self.kept:
            kept |= {into}
        folders = {name: class_id, **self.folders}
        return replace(self, folders=folders, gone={**self.gone, class_id: into}, kept=kept)

    def keeping(self, class_ids: Iterable[int]) -> "ClassBook":
        """These classes are there without images too."""
        return replace(self, kept=self.kept | frozenset(class_ids))

    @property
    def class_ids(self) -> frozenset[int]:
        """All classes that the book refers to, and that must not be deleted therefore."""
        into = (class_id for class_id in self.gone.values() if class_id is not None)
        return frozenset({*self.folders.values(), *self.gone, *into, *self.renamed, *self.kept})


def read_book(db: sqlite3.Connection) -> ClassBook:
    """The book as it stands."""
    text = read_setting(db, "class_book")
    if text is None:
        return ClassBook()
    book = json.loads(text)
    gone = {int(key): value for key, value in book["gone"].items()}
    renamed = {int(key): value for key, value in book["renamed"].items()}
    return ClassBook(book["folders"], gone, renamed, frozenset(book["kept"]))


def write_book(db: sqlite3.Connection, edit_id: int, book: ClassBook) -> None:
    """Write the book as part of an edit."""
    values = {
        "folders": dict(book.folders),
        "gone": dict(book.gone),
        "renamed": dict(book.renamed),
        "kept": sorted(book.kept),
    }
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
    """What each class that folders give (or ``None``) stands for: itself, another, or none."""
    book = read_book(db)
    rows = db.execute("SELECT id, name, removed FROM classes").fetchall()
    names = {number: name for number, name, _ in rows}
    in_use = {name: number for number, name, removed in rows if not removed}

    def target(class_id: int) -> int | None:
        passed = set()
        while in_use.get(names[class_id]) != class_id:
            passed.add(class_id)
            name = names[class_id]
            following = book.gone[class_id] if class_id in book.gone else book.folders.get(name, in_use.get(name))
            if following is None or following in passed:
                return None
            class_id = following
        return class_id

    return {None: None, **{class_id: target(class_id) for class_id in names}}


def ensure_folder_classes(db: sqlite3.Connection, labels: Iterable[str]) -> dict[str, int]:
    """The class that was made for each folder's name, for ``images.class_given``; what is new is made.

    New classes get the first free colours and the last positions. ``classes_in_use`` says what each stands for.
    """
    book = read_book(db)
    rows = db.execute("SELECT id, name, colour, position, removed FROM classes ORDER BY removed DESC, id").fetchall()
    first_names = {number: book.renamed.get(number, name) for number, name, *_ in rows}
    made = {name: number for number, name in first_names.items()}
    made.update({name: number for name, number in book.folders.items() if first_names[number] == name})
    taken = {name for _, name, _, _, removed in rows if not removed} | set(book.folders)
    colours = free_colours({colour for _, _, colour, _, removed in rows if not removed})
    position = max((position for *_, position, removed in rows if not removed), default=-1)
    found: dict[str, int] = {}
    for label in class_order(set(labels)):
        if label not in made:
            position += 1
            found[label] = insert_class(db, label, next(colours), position, removed=label in taken)
        else:
            found[label] = made[label]
            if label not in taken:  # its making was undone
                db.execute("UPDATE classes SET removed = 0 WHERE id = ?", [found[label]])
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
