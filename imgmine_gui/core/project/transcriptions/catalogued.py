"""The transcriptions of a project, as its catalogue holds them."""

import json
import sqlite3
from typing import Any

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.edits.changes import read_setting
from imgmine_gui.core.project.exchange.description import Problem, ProblemKind
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.transcriptions.found import NOTHING_FOUND, Transcription, Transcriptions, Untranscribed
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions

SETTING = "transcriptions"
"""The name of the options in the settings of a catalogue."""


def read_options(db: sqlite3.Connection) -> TranscriptionOptions | None:
    """How the person wants transcriptions to be read; None if nothing was said of them."""
    value = read_setting(db, SETTING)
    return None if value is None else TranscriptionOptions.model_validate_json(value)


def select_transcriptions(db: sqlite3.Connection) -> Transcriptions:
    """The texts of all readable images that are used, and why others have none; places are below their sources."""
    rows = db.execute(
        """
        SELECT path, page, text, text_problem, coalesce(split_told, split_given) FROM images
        WHERE state = 0 AND problem = '' AND excluded = 0 ORDER BY source_id, path, page
        """
    )
    texts: dict[bytes, Transcription] = {}
    without: list[Untranscribed] = []
    for path, page, text, problem, split in rows:
        place = with_page(path, page + 1)
        if text:
            texts[place] = Transcription(text, Split(split) if split else None)
        else:
            message, values = json.loads(problem) if problem else NOTHING_FOUND
            without.append(Untranscribed(shown(place), message, values))
    form = (read_options(db) or TranscriptionOptions()).normalisation
    return Transcriptions(texts, tuple(without), tuple(_problems(db)), normalisation=form)


def _problems(db: sqlite3.Connection) -> list[Problem]:
    """What is wrong with the files of transcriptions of all sources."""
    found: list[Problem] = []
    for (value,) in db.execute("SELECT text_problems FROM sources WHERE removed = 0 ORDER BY id"):
        found.extend(Problem(ProblemKind(kind), *rest) for kind, *rest in json.loads(value))
    return found


def stored_problems(found: Transcriptions) -> str:
    """The problems of files as ``sources.text_problems`` holds them."""
    problems: list[list[Any]] = [
        [one.kind, one.message, dict(one.values), one.file, one.line] for one in found.problems
    ]
    return json.dumps(problems, default=str)
