"""A bulk edit that is cancelled while it is being written: nothing of it has happened."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app import labelling
from imgmine_gui.app.job import Job
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project import database
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import until
from tests.gui.data.test_labelling import labels, written

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_cancel_takes_back_what_was_written_so_far(
    flowers: DataPage, qtbot: QtBot, stack: QUndoStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "MANY", 1)
    before, begun = labels(flowers), threading.Event()
    jobs: list[Job] = []
    flowers._session.job_started.connect(jobs.append)

    def work(edits: Edits) -> object:
        with edits.recording("label everything") as (db, _edit):
            db.execute("UPDATE images SET class_id = NULL, class_set = 1")
            begun.set()
            db.execute(ENDLESS).fetchone()
        return None

    flowers.labelling.apply(work, count=2)
    until(qtbot, begun.is_set)
    assert flowers.labelling.is_busy
    jobs[0].cancel()
    until(qtbot, lambda: jobs[0].is_over)
    written(qtbot, flowers)
    assert jobs[0].state == "cancelled"
    assert labels(flowers) == before
    assert not stack.canUndo()


def test_a_cancelled_undo_can_be_undone_later(
    flowers: DataPage, qtbot: QtBot, stack: QUndoStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = labels(flowers)
    flowers.labelling.apply(lambda edits: edits.label(list(flowers.gallery.images.ids), None), count=40)
    written(qtbot, flowers)
    changed = labels(flowers)
    assert changed != before
    until(qtbot, stack.canUndo)
    monkeypatch.setattr(labelling, "MANY", 1)
    flowers._session.job_started.connect(lambda job: job.cancel())  # seen as a job: it is of many images
    stack.undo()
    written(qtbot, flowers)
    assert labels(flowers) == changed
    until(qtbot, stack.canUndo)


@pytest.mark.parametrize("turn", [Edits.undo, Edits.redo])
def test_undoing_is_given_up_too(
    flowers: DataPage, qtbot: QtBot, turn: Callable[[Edits], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert flowers._session.project is not None
    edits = flowers._session.project.catalogue.edits
    edits.label(list(flowers.gallery.images.ids), None)
    if turn is Edits.redo:
        edits.undo()
    before = labels(flowers)
    monkeypatch.setattr(database, "STEPS", 10)
    asked: list[None] = []

    def wanted() -> bool:
        asked.append(None)
        return len(asked) > 5

    with edits.giving_up(wanted), pytest.raises(Cancelled):
        turn(edits)
    assert labels(flowers) == before
    turn(edits)  # not given up any more
    assert labels(flowers) != before
