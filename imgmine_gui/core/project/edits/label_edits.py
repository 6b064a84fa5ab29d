"""Edits of labels."""

from collections.abc import Collection

from imgmine_gui.core.project.edits import classes, labels
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.recorder import Recorder
from imgmine_gui.core.text import N_


class LabelEdits(Recorder):
    """What a person does with labels; see ``Edits``."""

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

    def label_new(self, images: Rows, name: str) -> Done:
        """Make a class and give images this label, as one edit.

        Raises:
            UserError: the name cannot be used, or there is such a class.
        """
        titles = N_("label an image “{name}”, a new class"), N_("label {count} images “{name}”, a new class")
        with self.recording(*titles, name=classes.class_name(name)) as (db, edit):
            labels.add_label(db, edit.id, images, classes.add_class(db, edit.id, name))
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
