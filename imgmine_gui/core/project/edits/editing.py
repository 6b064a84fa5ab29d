"""All that a person may change in a catalogue by hand; each call is one edit, in one transaction, with one undo."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from imgmine_gui.core.project.database import Database
from imgmine_gui.core.project.edits import (
    class_merging,
    classes,
    groups,
    history,
    labels,
    marks,
    sources_by_hand,
    splits_by_hand,
)
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.history import Done, Edit, Recording
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.text import N_


class Edits:
    """The edits of a catalogue, and their history.

    Every method that changes something returns what it changed when that is on the drive. Images are given by their
    ids, or as a SELECT of them (``Sql``).

    Every method raises ``UserError`` where the drive is full, fails or cannot be written to (the old state stands),
    where a class or source that it names was removed meanwhile, and what else it says; and ``Cancelled`` once the
    catalogue is closed.

    Args:
        database: of the catalogue.
        divide: assigns the splits anew, in the transaction that it is given.
    """

    def __init__(self, database: Database, divide: Callable[[sqlite3.Connection], None]) -> None:
        self._database = database
        self._divide = divide

    # History

    def undo(self) -> Done:
        """Take back the newest edit that stands; where there is none, nothing.

        Raises:
            UserError: what scans brought since does not allow it; nothing was changed.
        """
        return self._turn(history.undo)

    def redo(self) -> Done:
        """Make the oldest edit that is undone again; where there is none, nothing.

        Raises:
            UserError: what scans brought since does not allow it; nothing was changed.
        """
        return self._turn(history.redo)

    def next_undo(self) -> Edit | None:
        """The edit that ``undo`` would take back."""
        with self._database.reading() as db:
            return history.next_undo(db)

    def next_redo(self) -> Edit | None:
        """The edit that ``redo`` would make again."""
        with self._database.reading() as db:
            return history.next_redo(db)

    def history(self) -> list[Edit]:
        """All edits that are remembered, newest first."""
        with self._database.reading() as db:
            return history.select_edits(db)

    @contextmanager
    def recording(
        self, title: str, several: str = "", /, **values: Any
    ) -> Iterator[tuple[sqlite3.Connection, Recording]]:
        """An edit of several steps, as an import is one; see ``history.record``.

        Yields:
            The connection, and the edit: its ``id`` for the functions of this package, ``done`` after the block.
        """
        with self._database.writing() as db:
            with history.record(db, title, several, **values) as edit:
                yield db, edit
            if edit.done.splits:
                self._divide(db)

    # Labels

    def label(self, images: Rows, class_id: int | None) -> Done:
        """Give images this label and no other, or none at all."""
        if class_id is None:
            titles = N_("take the label from an image"), N_("take the labels from {count} images")
        else:
            titles = N_("label an image “{name}”"), N_("label {count} images “{name}”")
        with self.recording(*titles, name=self._name(class_id)) as (db, edit):
            labels.set_label(db, edit.id, images, class_id)
        return edit.done

    def add_label(self, images: Rows, class_id: int) -> Done:
        """Give images a label beside those that they have; in a project with one label an image, in its place."""
        titles = N_("add the label “{name}” to an image"), N_("add the label “{name}” to {count} images")
        with self.recording(*titles, name=self._name(class_id)) as (db, edit):
            labels.add_label(db, edit.id, images, class_id)
        return edit.done

    def remove_label(self, images: Rows, class_id: int) -> Done:
        """Take one label from the images that have it; where it was the first, the next takes its place."""
        titles = N_("take the label “{name}” from an image"), N_("take the label “{name}” from {count} images")
        with self.recording(*titles, name=self._name(class_id)) as (db, edit):
            labels.remove_label(db, edit.id, images, class_id)
        return edit.done

    def reset_label(self, images: Rows) -> Done:
        """Give images the label that their folders say, and no other."""
        titles = N_("give an image the label of its folder"), N_("give {count} images the labels of their folders")
        with self.recording(*titles) as (db, edit):
            labels.reset_label(db, edit.id, images)
        return edit.done

    def labels_of(self, images: Collection[int]) -> dict[int, tuple[int, ...]]:
        """The ids of the classes of images, the first label first; those without a label are left out."""
        with self._database.reading() as db:
            return labels.select_labels(db, images)

    def several_labels(self) -> bool:
        """Whether an image may have several labels in this project."""
        with self._database.reading() as db:
            return labels.several_labels(db)

    def set_several_labels(self, several: bool) -> Done:
        """Let images have several labels, or one only; further labels that there are stay for when they may again."""
        title = N_("allow several labels an image") if several else N_("allow one label an image")
        with self.recording(title) as (db, edit):
            labels.set_several_labels(db, edit.id, several)
        return edit.done

    # Classes

    def add_class(self, name: str, colour: int | None = None) -> int:
        """Make a class, last in the order.

        Args:
            name: of the class.
            colour: index into the palette of class colours; the first free one where none is given.

        Returns:
            Its id.

        Raises:
            UserError: the name cannot be used, or there is such a class.
        """
        with self.recording(N_("add the class “{name}”"), name=classes.class_name(name)) as (db, edit):
            return classes.add_class(db, edit.id, name, colour)

    def label_new(self, images: Rows, name: str) -> Done:
        """Make a class and give images this label, as one edit.

        Raises:
            UserError: the name cannot be used, or there is such a class.
        """
        titles = N_("label an image “{name}”, a new class"), N_("label {count} images “{name}”, a new class")
        with self.recording(*titles, name=classes.class_name(name)) as (db, edit):
            labels.add_label(db, edit.id, images, classes.add_class(db, edit.id, name))
        return edit.done

    def rename_class(self, class_id: int, name: str) -> Done:
        """Give a class another name. Its folders keep theirs, and still stand for it.

        Raises:
            UserError: the name cannot be used, or there is another class of this name.
        """
        names = {"before": self._name(class_id), "name": classes.class_name(name)}
        with self.recording(N_("rename the class “{before}” to “{name}”"), **names) as (db, edit):
            edit.followed = class_merging.rename_class(db, edit.id, class_id, name)
        return edit.done

    def merge_class(self, class_id: int, into: int) -> Done:
        """Give all that has one class another, and delete the one.

        Raises:
            ValueError: both are the same.
        """
        names = {"name": self._name(class_id), "other": self._name(into)}
        with self.recording(N_("merge the class “{name}” into “{other}”"), **names) as (db, edit):
            edit.followed = class_merging.merge_class(db, edit.id, class_id, into)
        return edit.done

    def delete_class(self, class_id: int) -> Done:
        """Take a class away. Images that had no other label are unlabelled then; shapes have no class."""
        with self.recording(N_("delete the class “{name}”"), name=self._name(class_id)) as (db, edit):
            edit.followed = class_merging.delete_class(db, edit.id, class_id)
        return edit.done

    def set_class_colour(self, class_id: int, colour: int) -> Done:
        """Give a class another colour: an index into the palette of class colours, from 0."""
        with self.recording(N_("change the colour of “{name}”"), name=self._name(class_id)) as (db, edit):
            classes.set_colour(db, edit.id, class_id, colour)
        return edit.done

    def set_class_order(self, class_ids: Sequence[int]) -> Done:
        """Put classes into this order; those that are not named follow in the order in which they are."""
        with self.recording(N_("change the order of the classes")) as (db, edit):
            classes.set_order(db, edit.id, class_ids)
        return edit.done

    def set_shortcut(self, class_id: int, key: str) -> Done:
        """Let a key, one of "1234567890", stand for a class, and no longer for another; "" for none.

        Raises:
            ValueError: it is another key.
        """
        with self.recording(N_("change the key for “{name}”"), name=self._name(class_id)) as (db, edit):
            classes.set_shortcut(db, edit.id, class_id, key)
        return edit.done

    # Marks

    def set_note(self, images: Rows, note: str) -> Done:
        """Write a note to images in place of the one that they have; "" takes it away.

        Raises:
            UserError: it is too long.
        """
        with self.recording(N_("change the note of an image"), N_("change the notes of {count} images")) as (db, edit):
            marks.set_note(db, edit.id, images, note)
        return edit.done

    def set_flag(self, images: Rows, flag: int) -> Done:
        """Flag images as picked (1) or rejected (-1), or take the flag away (0)."""
        titles = {
            -1: (N_("reject an image"), N_("reject {count} images")),
            0: (N_("take the flag from an image"), N_("take the flags from {count} images")),
            1: (N_("pick an image"), N_("pick {count} images")),
        }
        with self.recording(*titles[flag]) as (db, edit):
            marks.set_flag(db, edit.id, images, flag)
        return edit.done

    def set_rating(self, images: Rows, rating: int) -> Done:
        """Give images one to five stars, or none (0)."""
        with self.recording(N_("rate an image"), N_("rate {count} images")) as (db, edit):
            marks.set_rating(db, edit.id, images, rating)
        return edit.done

    def set_excluded(self, images: Rows, excluded: bool) -> Done:
        """Leave images out of every split, or use them again."""
        if excluded:
            titles = N_("exclude an image"), N_("exclude {count} images")
        else:
            titles = N_("use an image again"), N_("use {count} images again")
        with self.recording(*titles) as (db, edit):
            marks.set_excluded(db, edit.id, images, excluded)
        return edit.done

    # Splits and groups

    def set_split(self, images: Rows, split: Split | None) -> Done:
        """Put images into a split, or (``None``) where folders and settings put them."""
        titles: Mapping[Split | None, tuple[str, str]] = {
            None: (N_("let an image be divided by itself"), N_("let {count} images be divided by themselves")),
            Split.TRAIN: (N_("use an image for training"), N_("use {count} images for training")),
            Split.VALIDATION: (N_("use an image for validation"), N_("use {count} images for validation")),
            Split.TEST: (N_("use an image for the test"), N_("use {count} images for the test")),
        }
        with self.recording(*titles[split]) as (db, edit):
            splits_by_hand.set_split(db, edit.id, images, split)
        return edit.done

    def set_split_settings(self, settings: SplitSettings) -> Done:
        """Divide the images that no folder and no person divides by other settings."""
        with self.recording(N_("change the split")) as (db, edit):
            splits_by_hand.set_split_settings(db, edit.id, settings)
        return edit.done

    def set_group(self, images: Rows, name: str) -> Done:
        """Put images into a group; "" takes them out of theirs.

        Raises:
            UserError: the name is too long.
        """
        if groups.group_name(name):
            titles = N_("put an image into the group “{name}”"), N_("put {count} images into the group “{name}”")
        else:
            titles = N_("take an image out of its group"), N_("take {count} images out of their groups")
        with self.recording(*titles, name=name) as (db, edit):
            groups.set_group(db, edit.id, images, name)
        return edit.done

    def set_groups(self, found: Iterable[tuple[int, str]]) -> Done:
        """Put each image, by its id, into a group of its own; images that are not named keep theirs.

        Raises:
            UserError: a name is too long.
        """
        with self.recording(N_("put an image into a group"), N_("put {count} images into groups")) as (db, edit):
            groups.set_groups(db, edit.id, found)
        return edit.done

    # Sources

    def remove_source(self, source_id: int) -> Done:
        """Take a source out of the project; the files stay where they are, and undo brings it back with its labels."""
        with self.recording(N_("remove the source “{name}”"), name=self._source_name(source_id)) as (db, edit):
            sources_by_hand.remove_source(db, edit.id, source_id)
        return edit.done

    def _turn(self, turn: Callable[[sqlite3.Connection], Done]) -> Done:
        with self._database.writing() as db:
            done = turn(db)
            if done.splits:
                self._divide(db)
            return done

    def _name(self, class_id: int | None) -> str:
        """The name of a class, for the title of an edit; that it was removed is said by the edit itself."""
        with self._database.reading() as db:
            row = db.execute("SELECT name FROM classes WHERE id = ?", [class_id]).fetchone()
        return "" if row is None else str(row[0])

    def _source_name(self, source_id: int) -> str:
        with self._database.reading() as db:
            return sources_by_hand.source_name(db, source_id)
