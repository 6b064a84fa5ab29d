"""What a person notes of images: notes, flags, ratings, and that some are not to be used."""

import sqlite3
import unicodedata

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.changes import Rows, set_column
from imgmine_gui.core.text import N_

LONGEST_NOTE = 10_000
"""In characters."""
RATINGS = range(6)
"""From none to five stars."""
FLAGS = (-1, 0, 1)
"""Rejected, none, picked."""


def set_note(db: sqlite3.Connection, edit_id: int, images: Rows, note: str) -> None:
    """Write a note to images in place of the one that they have; "" takes it away.

    Raises:
        UserError: it is too long.
    """
    note = unicodedata.normalize("NFC", note).strip()
    if len(note) > LONGEST_NOTE:
        raise UserError(
            N_("A note can have {most} characters; this one has {count}."),
            N_("Shorten it."),
            most=LONGEST_NOTE,
            count=len(note),
        )
    set_column(db, edit_id, "images.note", images, note)


def set_flag(db: sqlite3.Connection, edit_id: int, images: Rows, flag: int) -> None:
    """Flag images as picked (1) or rejected (-1), or take the flag away (0).

    Raises:
        ValueError: it is none of ``FLAGS``.
    """
    if flag not in FLAGS:
        raise ValueError(f"not a flag. Received: flag={flag}, known: {FLAGS}")
    set_column(db, edit_id, "images.flag", images, flag)


def set_rating(db: sqlite3.Connection, edit_id: int, images: Rows, rating: int) -> None:
    """Give images one to five stars, or none (0).

    Raises:
        ValueError: it is none of ``RATINGS``.
    """
    if rating not in RATINGS:
        raise ValueError(f"not a rating. Received: rating={rating}, known: 0 to 5")
    set_column(db, edit_id, "images.rating", images, rating)


def set_excluded(db: sqlite3.Connection, edit_id: int, images: Rows, excluded: bool) -> None:
    """Leave images out of every split, or use them again."""
    set_column(db, edit_id, "images.excluded", images, int(excluded))
