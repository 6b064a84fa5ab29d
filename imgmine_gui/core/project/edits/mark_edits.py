"""Edits of notes, flags, ratings, and of which images are used."""

from imgmine_gui.core.project.edits import marks
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.recorder import Recorder
from imgmine_gui.core.text import N_


class MarkEdits(Recorder):
    """What a person notes of images; see ``Edits``."""

    def set_note(self, images: Rows, note: str) -> Done:
        """Write a note to images in place of the one that they have; "" takes it away.

        Raises:
            UserError: it is too long.
        """
        with self.recording(N_("change the note of an image"), N_("change the notes of {count} images")) as (db, edit):
            marks.set_note(db, edit.id, images, note)
        return edit.done

    def set_flag(self, images: Rows, flag: int) -> Done:
        """Flag images as picked (1) or rejected (-1), or take the flag away (0).

        Raises:
            ValueError: it is another number.
        """
        none = N_("take the flag from an image"), N_("take the flags from {count} images")
        titles = {
            -1: (N_("reject an image"), N_("reject {count} images")),
            1: (N_("pick an image"), N_("pick {count} images")),
        }
        with self.recording(*titles.get(flag, none)) as (db, edit):
            marks.set_flag(db, edit.id, images, flag)
        return edit.done

    def set_rating(self, images: Rows, rating: int) -> Done:
        """Give images one to five stars, or none (0).

        Raises:
            ValueError: it is another number.
        """
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
