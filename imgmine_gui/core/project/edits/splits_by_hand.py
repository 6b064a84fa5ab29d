"""Splits that a person gives; they win over those of folders and over the division by settings."""

import sqlite3

from imgmine_gui.core.project.edits.changes import Rows, set_column, set_setting
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings


def set_split(db: sqlite3.Connection, edit_id: int, images: Rows, split: Split | None) -> None:
    """Put images into a split, or (``None``) where folders and settings put them."""
    set_column(db, edit_id, "images.split_set", images, None if split is None else split.value)


def set_split_settings(db: sqlite3.Connection, edit_id: int, settings: SplitSettings) -> None:
    """Divide the images that no folder and no person divides by other settings."""
    set_setting(db, edit_id, "split", settings.model_dump_json())
