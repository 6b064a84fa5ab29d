"""The question that is asked before a running training would end."""

from enum import StrEnum

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMessageBox, QWidget

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import icon

PICTURE = 40


class Leaving(StrEnum):
    """What is to become of the training."""

    STAY = "stay"
    """Keep training: do not close."""
    KEEP = "keep"
    """Stop, and keep what was learned."""
    DISCARD = "discard"


ANSWERS = {
    QMessageBox.ButtonRole.RejectRole: Leaving.STAY,
    QMessageBox.ButtonRole.AcceptRole: Leaving.KEEP,
    QMessageBox.ButtonRole.DestructiveRole: Leaving.DISCARD,
}
TEXTS = {
    QMessageBox.ButtonRole.RejectRole: N_("Keep training"),
    QMessageBox.ButtonRole.AcceptRole: N_("Stop and keep"),
    QMessageBox.ButtonRole.DestructiveRole: N_("Discard"),
}


def may_leave_project(session: Session, widget: QWidget) -> bool:
    """Whether the open project may be closed: asks while a training runs, and cancels it where the person says so.

    A training that is to be kept is stopped by the session when it closes the project.
    """
    job = session.training_job
    if job is None or job.is_over:
        return True
    answer = ask_leaving(widget, job)
    if answer is Leaving.DISCARD and not job.is_over:
        job.cancel()
    return answer is not Leaving.STAY


def ask_leaving(widget: QWidget, job: Job) -> Leaving:
    """Ask, in one dialog, what is to become of the running training ``job``.

    A training that ends by itself takes the question with it: what it learned is kept, and the person may leave. Where
    it failed, the person stays, to read why.
    """
    box = leaving_question(widget)
    job.finished.connect(box.accept)
    box.exec()
    pressed = box.clickedButton()
    answer = Leaving.STAY if pressed is None else ANSWERS.get(box.buttonRole(pressed), Leaving.STAY)
    box.deleteLater()
    if pressed is None and job.is_over:
        return Leaving.STAY if job.state is JobState.FAILED else Leaving.KEEP
    return answer


def leaving_question(widget: QWidget) -> QMessageBox:
    """The dialog of ``ask_leaving``, not shown yet."""
    box = QMessageBox(widget.window())
    box.setIconPixmap(icon("chart-line", "accent").pixmap(QSize(PICTURE, PICTURE), widget.devicePixelRatioF()))
    bind(box, "setWindowTitle", N_("A training is running"))
    bind(box, "setText", N_("A training is running. What should become of it?"))
    bind(box, "setInformativeText", N_("What was learned so far can be kept, and trained further later."))
    for role, text in TEXTS.items():
        button = box.addButton("", role)
        bind(button, "setText", text)
        if ANSWERS[role] is Leaving.STAY:
            box.setDefaultButton(button)
            box.setEscapeButton(button)
    return box
