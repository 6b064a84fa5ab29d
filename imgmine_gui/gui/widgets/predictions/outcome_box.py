"""The choice between all, right, wrong and unreadable images, which two filter bars offer."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.predictions_rows import Outcome

OUTCOMES = {
    Outcome.ALL: N_("All"),
    Outcome.RIGHT: N_("Right"),
    Outcome.WRONG: N_("Wrong"),
    Outcome.UNREADABLE: N_("Unreadable"),
}


class OutcomeBox(QComboBox):
    """Which outcomes are shown; right and wrong can be chosen where they can be told.

    Args:
        unknown: said where they cannot, marked with ``N_``.
    """

    def __init__(self, unknown: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unknown = unknown
        self._judged = True
        bind(self, "setAccessibleName", N_("Show right or wrong predictions"))

    @property
    def outcome(self) -> Outcome:
        """What is chosen."""
        return Outcome(self.currentData())

    def set_judged(self, judged: bool) -> None:
        """Whether right and wrong can be told; where not, they cannot be chosen."""
        self._judged = judged
        bind(self, "setToolTip", "" if judged else self._unknown)
        if not judged and self.outcome in (Outcome.RIGHT, Outcome.WRONG):
            self.setCurrentIndex(0)
        self._enable()

    def retranslate(self) -> None:
        """Say the outcomes in the present language."""
        fill(self, [(tr(words), value) for value, words in OUTCOMES.items()])
        self._enable()

    def _enable(self) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, outcome in enumerate(OUTCOMES):
            model.item(row).setEnabled(self._judged or outcome not in (Outcome.RIGHT, Outcome.WRONG))


def fill(box: QComboBox, entries: Iterable[tuple[str, object]]) -> None:
    """Fill ``box`` anew with texts and their values; the same place stays chosen, and nothing is told."""
    chosen = box.currentIndex()
    with QSignalBlocker(box):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, chosen))
