"""Reads the catalogue beside the window, so that no click waits for the drive."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from imgmine_gui.app.telling import tell
from imgmine_gui.core.errors import Cancelled


@cache
def _threads() -> ThreadPoolExecutor:
    """Three: a page of rows need not wait for a count over everything and a list of everything."""
    return ThreadPoolExecutor(max_workers=3, thread_name_prefix="catalogue")


class CatalogueReader(QObject):
    """Answers questions in a background thread; of several about one subject only the newest is answered.

    Lives in the thread of the window, where the answers arrive.
    """

    failed = Signal(object)
    """The exception that a question ended with, for the notifier."""

    _answered = Signal(object, int, object, object)
    _broken = Signal(object, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, int] = {}
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._broken.connect(self._on_broken, Qt.ConnectionType.QueuedConnection)

    def ask(self, subject: str, question: Callable[[], Any], answer: Callable[[Any], object]) -> None:
        """Call ``answer(question())``: the question in a background thread, the answer in this one.

        Args:
            subject: an earlier question with the same subject is not answered any more.
        """
        number = self._numbers[subject] = self._numbers.get(subject, 0) + 1
        _threads().submit(self._work, subject, number, question, answer)

    def forget(self) -> None:
        """Answer nothing of what was asked so far."""
        for subject in self._numbers:
            self._numbers[subject] += 1

    def _work(self, subject: str, number: int, question: Callable[[], Any], answer: Callable[[Any], object]) -> None:
        if self._numbers.get(subject) != number:
            return
        try:
            found = question()
        except Cancelled:
            return  # the project was closed meanwhile
        except Exception as error:
            tell(self._broken, subject, number, error)
        else:
            tell(self._answered, subject, number, found, answer)

    def _deliver(self, subject: str, number: int, found: object, answer: Callable[[Any], object]) -> None:
        if self._numbers.get(subject) == number:
            answer(found)

    def _on_broken(self, subject: str, number: int, error: BaseException) -> None:
        if self._numbers.get(subject) == number:
            self.failed.emit(error)
