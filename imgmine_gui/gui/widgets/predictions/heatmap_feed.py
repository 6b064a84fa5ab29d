"""Heatmaps for the image at hand: the newest wish wins, and what was made is kept."""

import json
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.explain.explain_file import FileHeatmap

KEPT_BYTES = 64 * 2**20
PATIENCE_MS = 250
"""A heatmap that is nearly done is waited for and kept; a slow one is cancelled for the next image."""


@dataclass(frozen=True)
class HeatmapWish:
    """All that a heatmap depends on.

    Attributes:
        stamp: of the model's file.
        target: index of the class; None: the predicted one.
        options: of the method, as JSON.
    """

    model: str
    stamp: int
    path: str
    method: str
    target: int | None
    options: str = "{}"


class HeatmapFeed(QObject):
    """Asks the engine for heatmaps, one at a time."""

    ready = Signal(object)
    """The ``FileHeatmap`` that was wished for last."""
    failed = Signal(object)
    """The error of the wish at hand; the notifier has been told already."""
    busy_changed = Signal(object)
    """The ``Job`` that is waited for now, or None."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: OrderedDict[HeatmapWish, FileHeatmap] = OrderedDict()
        self._bytes = 0
        self._wish: HeatmapWish | None = None
        self._at_hand: HeatmapWish | None = None
        self._job: Job | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._give_up_outdated)

    def ask(self, wish: HeatmapWish) -> None:
        """Wish for a heatmap; ``ready`` comes at once where it is kept."""
        self._wish = wish
        kept = self._kept.get(wish)
        if kept is not None:
            self._kept.move_to_end(wish)
            self._give_up_outdated()
            self.ready.emit(kept)
        elif self._job is None:
            self._start(wish)
        elif self._at_hand != wish:
            self._patience.start()

    def drop(self) -> None:
        """Nothing is wished for any more."""
        self._wish = None
        self._give_up_outdated()

    def _start(self, wish: HeatmapWish) -> None:
        self._at_hand = wish
        job = self._session.explain(wish.model, wish.path, wish.method, wish.target, json.loads(wish.options))
        self._job = job
        job.succeeded.connect(self._on_made)
        job.failed.connect(self._on_failed)
        job.finished.connect(self._on_finished)
        self.busy_changed.emit(job)

    def _give_up_outdated(self) -> None:
        if self._job is not None and self._at_hand is not None and self._at_hand != self._wish:
            self._job.cancel()
            self._at_hand = None  # wished for again meanwhile, it must be made anew

    def _on_made(self, heatmap: FileHeatmap) -> None:
        wish = self._at_hand
        if wish is None:
            return
        self._kept[wish] = heatmap
        self._bytes += heatmap.values.nbytes
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].values.nbytes
        if wish == self._wish:
            self.ready.emit(heatmap)

    def _on_failed(self, error: Exception) -> None:
        if self._at_hand is not None and self._at_hand == self._wish:
            self._wish = None
            self.failed.emit(error)

    def _on_finished(self) -> None:
        done, self._job, self._at_hand = self._at_hand, None, None
        self._patience.stop()
        if self._wish is not None and self._wish != done and self._wish not in self._kept:
            self._start(self._wish)
        else:
            self.busy_changed.emit(None)
