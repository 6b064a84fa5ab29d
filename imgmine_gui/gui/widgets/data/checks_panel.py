"""What a person should know of the images before training, each finding with a way to the images it is about."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.text import N_, join_sentences, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, ICON_SIZE, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.muted import MutedLabel

MOST = 8
"""So many findings are listed; the rest are counted."""
LOOKS = {
    "blocks": ("prohibit", "bad", N_("Training is not possible")),
    "warns": ("warning", "warning", N_("Warning")),
    "informs": ("info", "good", N_("Good to know")),
}
_FILTERS: dict[str, Callable[[DataCheck], dict[str, Any]]] = {
    "unreadable": lambda check: {"problems": True},
    "unlabelled": lambda check: {"unlabelled": True},
    "no_class": lambda check: {"unlabelled": True},
    "class_too_small": lambda check: {"label": check.values["name"]},
    "few_images": lambda check: {"label": check.values["name"]},
    "imbalance": lambda check: {"label": check.values["smallest"]},
    "across_splits": lambda check: {"shared": "split"},
    "two_labels": lambda check: {"shared": "label"},
    "similar_names": lambda check: {"label": check.values["first"]},
}
"""For the code of a finding, which images it is about."""


class ChecksPanel(QWidget):
    """The findings, the worst first.

    Args:
        filters: turned by the button of a finding.
    """

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self._checks: list[DataCheck] | None = None
        self.rows: list[CheckRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        self.more = MutedLabel(FontSize.SMALL)
        self._column.addWidget(self.more)
        on_language_change(self, self.retranslate)

    def show_checks(self, checks: list[DataCheck]) -> None:
        """Show these; the rows are made anew only where they are others."""
        if checks != self._checks:
            self._checks = checks
            self.retranslate()

    def retranslate(self) -> None:
        """Say the findings in the present language."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        checks = self._checks or []
        self.rows = [self._row(check) for check in checks[:MOST]]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
        rest = len(checks) - len(self.rows)
        if not checks:
            self.more.setText(tr(N_("Nothing stands in the way.")))
        else:
            self.more.setText(ntr("{count} more finding", "{count} more findings", rest))
        self.more.setVisible(rest > 0 or not checks)

    def _row(self, check: DataCheck) -> "CheckRow":
        row = CheckRow(check)
        conditions = _FILTERS.get(check.code)
        if conditions is None:
            row.show_images.hide()
        else:
            row.show_images.clicked.connect(partial(self._show, conditions(check)))
        return row

    def _show(self, conditions: dict[str, Any], _checked: bool = False) -> None:
        self._filters.show_only(**conditions)


class CheckRow(QWidget):
    """One finding: a sign, what was found, what to do, and a button that shows the images."""

    def __init__(self, check: DataCheck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = check
        self._picture, self._role, name = LOOKS[check.severity]
        self._sign = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self._sign.setToolTip(tr(name))
        self.message = QLabel(check.message, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.remedy = MutedLabel(FontSize.SMALL)
        self.remedy.setText(check.remedy)
        self.show_images = QPushButton(flat=False)
        self.show_images.setFont(font(FontSize.SMALL))
        bind(self.show_images, "setText", N_("Show images"))
        self.show_images.setAccessibleDescription(check.message)
        self.setAccessibleName(
            tr("{title}: {description}", title=tr(name), description=join_sentences(check.message, check.remedy))
        )
        words = QVBoxLayout()
        words.setSpacing(HALF)
        for widget in (self.message, self.remedy):
            words.addWidget(widget)
        words.addWidget(self.show_images, alignment=Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        theme().changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        drawn = icon(self._picture, self._role).pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF())
        self._sign.setPixmap(drawn)
