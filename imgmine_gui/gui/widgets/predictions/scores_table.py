"""The scores of each class as a table that is as high as its rows."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from imgmine_gui.core.evaluation.classification import ClassScore
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.predictions_scores import ScoresModel


class ScoresTable(QTableView):
    """Shows what ``set_scores`` is given; nothing in it can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scores = ScoresModel(self)
        self.setModel(self.scores)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        bind(self, "setAccessibleName", N_("Scores of each class"))

    def set_scores(self, scores: tuple[ClassScore, ...]) -> None:
        """Show these, a row a class."""
        self.scores.set_scores(scores)
