"""Edits of the texts of images."""

from collections.abc import Iterable

from imgmine_gui.core.project.edits import texts
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.recorder import Recorder
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.text import N_


class TextEdits(Recorder):
    """What a person says of the texts of images; see ``Edits``."""

    def set_text(self, images: Rows, text: str) -> Done:
        """Say what is written in images, in place of what was known; "" for nothing that can be read.

        Raises:
            UserError: it is too long, has several lines, or holds what cannot be written.
        """
        with self.recording(N_("change the text of an image"), N_("change the texts of {count} images")) as (db, edit):
            texts.set_text(db, edit.id, images, text)
        return edit.done

    def set_texts(self, each: Iterable[tuple[int, str]]) -> Done:
        """Say of each image, by its id, what is written in it, as one edit.

        Raises:
            UserError: a text is too long, has several lines, or holds what cannot be written.
        """
        with self.recording(N_("change the text of an image"), N_("change the texts of {count} images")) as (db, edit):
            texts.set_texts(db, edit.id, each)
        return edit.done

    def reset_text(self, images: Rows) -> Done:
        """Let the texts of images be again what tables and text files say."""
        titles = N_("give an image the text of its file"), N_("give {count} images the texts of their files")
        with self.recording(*titles) as (db, edit):
            texts.reset_text(db, edit.id, images)
        return edit.done

    def set_transcription_options(self, options: TranscriptionOptions | None) -> Done:
        """Say how transcriptions are read: the form counts at once, all else when a source is scanned next.

        Args:
            options: with them, columns called label, files ``NAME.txt`` and, with a pattern, the names of files give
                texts too; with None only what can mean nothing else.
        """
        with self.recording(N_("change how transcriptions are read")) as (db, edit):
            texts.set_options(db, edit.id, options)
        return edit.done
