"""Edits of classes."""

from collections.abc import Sequence

from imgmine_gui.core.project.edits import class_merging, classes
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.recorder import Recorder
from imgmine_gui.core.text import N_


class ClassEdits(Recorder):
    """What a person does with classes; see ``Edits``."""

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
