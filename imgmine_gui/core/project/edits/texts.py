"""The texts of images, as a person types or imports them."""

import sqlite3
from collections.abc import Iterable

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.changes import Rows, Sql, set_column, set_columns, set_each, set_setting
from imgmine_gui.core.project.edits.derived import follow_texts
from imgmine_gui.core.project.transcriptions.catalogued import SETTING
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.project.transcriptions.wording import Unusable, line_text
from imgmine_gui.core.text import N_


def set_text(db: sqlite3.Connection, edit_id: int, images: Rows, text: str) -> None:
    """Say what is written in images; "" for nothing that can be read.

    Raises:
        UserError: it is too long, has several lines, or holds what cannot be written.
    """
    set_columns(db, edit_id, "images", images, {"text_set": 1, "text": checked(text)})
    follow_texts(db, edit_id)


def set_texts(db: sqlite3.Connection, edit_id: int, texts: Iterable[tuple[int, str]]) -> None:
    """Say of each image, by its id, what is written in it.

    Raises:
        UserError: as above.
    """
    set_each(db, edit_id, "images.text", ((image_id, checked(text)) for image_id, text in texts))
    set_column(db, edit_id, "images.text_set", Sql("SELECT id FROM staged_values"), 1)
    follow_texts(db, edit_id)


def reset_text(db: sqlite3.Connection, edit_id: int, images: Rows) -> None:
    """Let the texts of images be again what tables and text files say."""
    set_columns(db, edit_id, "images", images, {"text_set": 0, "text": Sql("text_given")})
    follow_texts(db, edit_id)


def set_options(db: sqlite3.Connection, edit_id: int, options: TranscriptionOptions | None) -> None:
    """Say how transcriptions are read by the next scan of each source, and in which Unicode form they are learned."""
    set_setting(db, edit_id, SETTING, None if options is None else options.model_dump_json())


def checked(text: str) -> str:
    """``text`` as it is stored.

    Raises:
        UserError: it is too long, has several lines, or holds what cannot be written.
    """
    line = line_text(text) if text.strip() else ""
    if isinstance(line, Unusable):
        raise UserError(line.message, N_("Correct the text, then try again."), **line.values)
    return line
