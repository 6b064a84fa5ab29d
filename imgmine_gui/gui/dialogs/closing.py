"""The question that is asked before a running training would end."""

from enum import StrEnum

from PySide6.QtWidgets import QMessageBox, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import tr


class Leaving(StrEnum):
    """What is to become of the training."""

    STAY = "stay"
    """Keep training: do not close."""
    KEEP = "keep"
    """Stop, and keep what was learned."""
    DISCARD = "discard"


def may_leave_project(session: Session, widget: QWidget) -> bool:
    """Whether the open project may be closed: asks while a training runs, and cancels it where the person says so.

    A training that is to be kept is stopped by the session when it closes the project.
    """
    job = session.training_job
    if job is None or job.is_over:
        return True
    answer = ask_leaving(widget)
    if answer is Leaving.DISCARD and not job.is_over:
        job.cancel()
    return answer is not Leaving.STAY


def ask_leaving(widget: QWidget) -> Leaving:
    """Ask, in one dialog, what is to become of the running training."""
    box = QMessageBox(widget.window())
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(tr("A training is running"))
    box.setText(tr("A training is running. What should become of it?"))
    box.setInformativeText(tr("What was learned so far can be kept, and trained further later."))
    stay = box.addButton(tr("Keep training"), QMessageBox.ButtonRole.RejectRole)
    keep = box.addButton(tr("Stop and keep"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    if box.clickedButton() is keep:
        return Leaving.KEEP
    return Leaving.DISCARD if box.clickedButton() is discard else Leaving.STAY
