"""One quiet line in the status bar: what watching a source brought."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from imgmine_gui.app.session_data import CatchUpJob
from imgmine_gui.app.watching import Watching
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.text import N_, join_phrases, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Applied
    from imgmine_gui.core.project.watches import WatchedSource

PATIENCE_MS = 2_000
"""A scan that is over sooner is not spoken of: nothing flashes."""
SHOWN_MS = 12_000
"""So long one reads what came of it."""


class WatchLine(QLabel):
    """Says that a source is looked at again where that takes long, and afterwards what was new in it.

    Args:
        watching: what it is about.
    """

    def __init__(self, watching: Watching, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: CatchUpJob | None = None
        self._news: tuple[WatchedSource, Applied] | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.retranslate)
        self._shown = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._shown.timeout.connect(self._forget)
        watching.began.connect(self._on_began)
        watching.caught_up.connect(self._on_caught_up)
        bind(self, "setAccessibleName", N_("Watched folders"))
        on_language_change(self, self.retranslate)

    def retranslate(self) -> None:
        """Say it in the present language."""
        text = ""
        if self._job is not None and not self._patience.isActive():
            text = self._job.title
        elif self._news is not None:
            source, applied = self._news
            name = printable(Path(source.path).name or source.path)
            text = tr("{title}: {description}", title=name, description=news_in_words(applied))
        self.setText(text)

    def _on_began(self, job: CatchUpJob) -> None:
        self._job = job
        job.finished.connect(self._on_finished)
        self._patience.start()

    def _on_finished(self) -> None:
        self._job = None
        self._patience.stop()
        self.retranslate()

    def _on_caught_up(self, source: "WatchedSource", applied: "Applied") -> None:
        if news_in_words(applied):
            self._news = source, applied
            self._shown.start()
        self.retranslate()

    def _forget(self) -> None:
        self._news = None
        self.retranslate()


def news_in_words(applied: "Applied") -> str:
    """What a scan brought: "12 images new, 1 missing"; empty where nothing."""
    found = (
        ("{images} image new", "{images} images new", applied.added),
        ("{images} image changed", "{images} images changed", applied.changed),
        ("{images} image moved", "{images} images moved", applied.moved),
        ("{images} image missing", "{images} images missing", applied.missing),
    )
    return join_phrases([ntr(one, several, number, images=count(number)) for one, several, number in found if number])
