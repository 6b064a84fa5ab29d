"""Python's collection of cyclic garbage, in the thread of the window alone.

Left to itself it runs in whichever thread allocates next, and deletes windows and timers of Qt there: Qt ends the
program at that.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500


class Collector(QObject):
    """Switches the automatic collection off, and collects by the same thresholds from time to time."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def collect_due() -> None:
    """Collect the oldest generation whose threshold is passed, and the younger ones with it."""
    due = [
        generation
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > threshold
    ]
    if 0 in due:
        gc.collect(max(due))
