"""The list of findings, each with how many images it has; selecting one shows them."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.health.health import Findings
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import DASH, count
from imgmine_gui.gui.theme import HALF, ICON_SIZE, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.health.kinds import LOOKS, SECTIONS, UNMEASURED

ROW, HEADING = 34, 40
RADIUS = 4.0
KindRole = int(Qt.ItemDataRole.UserRole) + 1
CountRole = int(Qt.ItemDataRole.UserRole) + 2

Index = QModelIndex | QPersistentModelIndex
_STATES = QStyle.StateFlag


class FindingModel(QAbstractListModel):
    """Headings, and below each its findings."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[FindingKind | str] = []
        for heading, kinds in SECTIONS:
            self.rows += [heading, *kinds]
        self.counts: dict[FindingKind, int] = {}

    def show(self, findings: Findings | None, measured: bool = True) -> None:
        """Show how many images these have.

        Args:
            findings: ``None`` while they are not known.
            measured: whether any image is measured: before that, nothing found means nothing.
        """
        counts = {kind: len(one.ids) for kind, one in (findings or {}).items()}
        self.counts = {kind: number for kind, number in counts.items() if number or measured or kind in UNMEASURED}
        self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def row_of(self, kind: FindingKind) -> int:
        """Where a finding stands."""
        return self.rows.index(kind)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Headings and findings."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return chosen if isinstance(self.rows[index.row()], FindingKind) else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the delegate paints, and what a screen reader says."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if not isinstance(row, FindingKind):
            return tr(row) if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        number = self.counts.get(row)
        said = {
            int(Qt.ItemDataRole.DisplayRole): tr(row.words),
            KindRole: row,
            CountRole: number,
            int(Qt.ItemDataRole.ToolTipRole): tr(LOOKS[row].sentence),
        }
        if role == Qt.ItemDataRole.AccessibleTextRole:
            images = "" if number is None else ntr("{images} image", "{images} images", number, images=count(number))
            return tr("{title}: {description}", title=tr(row.words), description=images or tr("not known yet"))
        return said.get(role)


class FindingList(QListView):
    """One finding is always chosen."""

    chosen = Signal(object)
    """Another ``FindingKind`` is to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings = FindingModel()
        self.setModel(self.findings)
        self.setItemDelegate(FindingDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        bind(self, "setAccessibleName", N_("Findings"))
        self.selectionModel().currentChanged.connect(self._on_current)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self.choose(FindingKind.NEAR)

    @property
    def kind(self) -> FindingKind:
        """The finding that is chosen."""
        return FindingKind(self.currentIndex().data(KindRole))  # which Qt has made a plain string

    def choose(self, kind: FindingKind) -> None:
        """Choose a finding, without telling."""
        with QSignalBlocker(self.selectionModel()):
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self.findings.index(self.findings.row_of(kind)), flag)
        self.viewport().update()

    def retranslate(self) -> None:
        """Paint in the present language."""
        self.viewport().update()

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.data(KindRole) is not None:
            self.chosen.emit(self.kind)

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme().colours.window)
        self.setPalette(palette)


class FindingDelegate(QStyledItemDelegate):
    """An icon, the name, and at the right the number; what was not found is quiet."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings have air above them."""
        return QSize(0, ROW if index.data(KindRole) is not None else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        kind, colours = index.data(KindRole), theme().colours
        rect: QRect = option.rect.adjusted(SPACING, 0, -SPACING, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if kind is None:
            painter.setFont(font(FontSize.SMALL, bold=True))
            painter.setPen(colours.text_muted)
            painter.drawText(rect.adjusted(SPACING, SPACING, 0, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
            painter.restore()
            return
        _paint_ground(painter, rect, option.state)
        number = index.data(CountRole)
        role = "text" if number else "text_disabled" if number == 0 else "text_muted"
        inner = rect.adjusted(SPACING, 0, -SPACING, 0)
        glyph = QRect(inner.left(), inner.center().y() - ICON_SIZE // 2 + 1, ICON_SIZE, ICON_SIZE)
        icon(LOOKS[kind].icon, role).paint(painter, glyph)
        words = font(tabular=True)
        painter.setFont(words)
        painter.setPen(getattr(colours, "text_muted" if role == "text_disabled" else role))
        said = DASH if number is None else count(number)
        width = QFontMetrics(words).horizontalAdvance(said)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)
        room = inner.adjusted(ICON_SIZE + SPACING, 0, -width - SPACING, 0)
        fitted = QFontMetrics(words).elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fitted)
        painter.restore()


def _paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    colours, plate = theme().colours, rect.adjusted(0, 1, 0, -1)
    painter.setPen(colours.accent if state & _STATES.State_HasFocus else Qt.PenStyle.NoPen)
    if state & _STATES.State_Selected:
        painter.setBrush(colours.accent_soft)
    elif state & _STATES.State_MouseOver:
        painter.setBrush(colours.raised)
    else:
        return
    painter.drawRoundedRect(plate.adjusted(HALF // 2, 0, -HALF // 2, 0), RADIUS, RADIUS)
