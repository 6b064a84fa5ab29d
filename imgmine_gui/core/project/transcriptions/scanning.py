"""Find the transcriptions of a source of a project while it is scanned."""

import json
import os
from pathlib import Path

from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.database import connect, translated_errors
from imgmine_gui.core.project.records import FileRecord
from imgmine_gui.core.project.spool import Spool
from imgmine_gui.core.project.transcriptions.catalogued import read_options, stored_problems
from imgmine_gui.core.project.transcriptions.finding import find_transcriptions, has_sure_texts
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions


def note_texts(root: bytes, catalogue: Path, spool: Spool, context: JobContext) -> None:
    """Note in the spool what files say of the texts of the images that the scan found.

    Where the person has said nothing of transcriptions, only what can mean nothing else is taken for one: columns
    called text or transcription, and files ``NAME.gt.txt``. A source without any is not looked at further.

    Args:
        root: of the source, absolute: a folder, or an image.
        catalogue: the database of the project, which is only read.
        spool: of the scan, which is otherwise complete.
        context: of the job.

    Raises:
        UserError: the catalogue cannot be read, the drive is full, or the pattern of the options takes too long.
        Cancelled: the person cancelled.
    """
    with translated_errors(catalogue):
        db = connect(catalogue, read_only=True)
        try:
            options = read_options(db)
        finally:
            db.close()
    data = Path(os.fsdecode(root))
    if options is None and not has_sure_texts(data, spool.other_files((b".csv", b".tsv", b".tab", b".txt"))):
        return
    records = spool.result().records
    found = find_transcriptions(data, records, options or TranscriptionOptions(), context, sure=options is None)
    spool.add_texts(row for one in records if (row := _row(one, found)) is not None)
    spool.add_note("text_problems", stored_problems(found))


def _row(record: FileRecord, found: Transcriptions) -> tuple[bytes, int, str, str | None, str] | None:
    """What the spool holds of an image of which files say something."""
    text = found.texts.get(record.place)
    if text is not None:
        return record.path, record.page, text.text, text.split, ""
    reason = found.reasons.get(record.place)
    return None if reason is None else (record.path, record.page, "", None, json.dumps(reason, default=str))
