"""The table of classes; selecting one shows its images."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.data_classes import ClassesModel, ClassRole
from imgmine_gui.gui.theme import ICON_SIZE, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.data.class_delegate import PADDING, SWATCH, ClassDelegate
from imgmine_gui.gui.widgets.data.class_menu import ClassMenu
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.label_actions import LabelActions
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.data.sources_panel import READ_ONLY

ROW = 26
MOST_ROWS = 13
"""So many rows are seen at once; more of them scroll."""
NARROWEST = 38
ALL_COLUMN = 4


class ClassesPanel(QWidget):
    """The table, or what stands in its place while no image has a class.

    Args:
        filters: the table turns and follows its ``label``.
    """

    predict_wanted = Signal()
    """The images have no classes: they are to be predicted."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self._all_width = NARROWEST
        self._follows = False
        self._added = ""
        self.model = ClassesModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(ClassDelegate(self.table))
        self.hint = MutedLabel()
        bind(
            self.hint,
            "setText",
            N_(
                "These images do not lie in folders of classes, so they are unlabelled; one folder that holds all of "
                "them is no class. They cannot be trained on, but a trained network can predict them."
            ),
        )
        self.predict = QPushButton()
        bind(self.predict, "setText", N_("Predict them"))
        self.predict.clicked.connect(self.predict_wanted)
        self.add_button, self.more_button = QPushButton(icon("plus"), ""), QToolButton(autoRaise=True)
        self.name_field = QLineEdit()
        self._edits: LabelActions | None = None
        self.menu: ClassMenu | None = None
        self._buttons = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        for widget in (self.table, self.name_field, self._buttons, self.hint, self.predict):
            column.addWidget(widget)
        self._set_up_buttons()
        self._set_up_table()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        filters.changed.connect(self._follow)
        theme().changed.connect(self.table.viewport().update)
        on_language_change(self, self._retranslate)
        self.show_classes([], 0)

    def show_classes(self, classes: list[ClassCounts], unlabelled: int, transcribed: int = 0) -> None:
        """Show these.

        Args:
            unlabelled: how many images have none.
            transcribed: of how many it is known what is written in them: those can be trained on without a class.
        """
        with QSignalBlocker(self.table.selectionModel()):
            keys = {one.id: self._edits.key_of_class(one.id) for one in classes} if self._edits is not None else {}
            self.model.show(classes, keys)
        self.table.setVisible(bool(classes))
        self.hint.setVisible(not classes and unlabelled > 0 and not transcribed)
        self.predict.setVisible(not classes and unlabelled > 0)
        rows = min(self.model.rowCount(), MOST_ROWS)
        self.table.setFixedHeight(rows * ROW + self.table.horizontalHeader().sizeHint().height() + 2)
        self._fit_columns()
        self._follow()
        self._show_added()

    def use(self, actions: LabelActions) -> None:
        """Let the classes be changed through ``actions``."""
        self._edits = actions
        self.menu = menu = ClassMenu(self, actions, self.begin_rename, self.begin_add)
        self.model.renamed.connect(
            lambda number, name: actions.of_classes(lambda edits: edits.rename_class(number, name))
        )
        self.model.reordered.connect(self._reorder)
        self.table.customContextMenuRequested.connect(
            lambda place: menu.open(self.table.viewport().mapToGlobal(place), self._class_at(self.table.indexAt(place)))
        )
        self.more_button.clicked.connect(
            lambda: menu.open(
                self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()),
                self._class_at(self.table.currentIndex()),
            )
        )
        for keys, do in (
            ("Del", menu.delete),
            ("Alt+Up", lambda one: menu.move(one, -1)),
            ("Alt+Down", lambda one: menu.move(one, 1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda do=do: self._do(do))
        self._buttons.show()

    def set_read_only(self, read_only: bool) -> None:
        """Offer no changes in a project that can only be read."""
        self._buttons.setEnabled(not read_only)
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(
            triggers.NoEditTriggers if read_only else triggers.EditKeyPressed | triggers.DoubleClicked
        )
        self.table.setDragEnabled(not read_only)
        if read_only:
            bind(self.add_button, "setToolTip", READ_ONLY)
            bind(self.more_button, "setToolTip", READ_ONLY)

    def begin_rename(self, one: ClassCounts) -> None:
        """Let the person type another name in the table."""
        index = self.model.index(self.model.row_of(one.name), 0)
        self.table.scrollTo(index)
        self.table.edit(index)

    def begin_add(self) -> None:
        """Let the person type the name of a new class."""
        self.name_field.clear()
        self.name_field.show()
        self.name_field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field for a new class: Esc gives it up; going elsewhere takes what was typed."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.name_field.clear()
            self.name_field.hide()
            self.table.setFocus()
            return True
        if event.type() == QEvent.Type.FocusOut and self.name_field.isVisible():
            self._add()
        return super().eventFilter(watched, event)

    def _add(self) -> None:
        name = self.name_field.text().strip()
        self.name_field.clear()  # hiding it is going elsewhere, too
        self.name_field.hide()
        if name and self._edits is not None:
            self._added = name
            self._edits.of_classes(lambda edits: edits.add_class(name))

    def _show_added(self) -> None:
        """A class that was just added stands at the end, which a long table does not show."""
        row = self.model.row_of(self._added)
        if self._added and row < len(self.model.classes):
            self._added = ""
            self.table.scrollTo(self.model.index(row, 0))

    def _do(self, do: Callable[[ClassCounts], object]) -> None:
        one = self._class_at(self.table.currentIndex())
        if one is not None:
            do(one)

    def _class_at(self, index: QModelIndex) -> ClassCounts | None:
        classes = self.model.classes
        return classes[index.row()] if index.isValid() and index.row() < len(classes) else None

    def _reorder(self, ids: list[int]) -> None:
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        if self.menu is not None:
            self.menu.set_order(ids)

    def _set_up_buttons(self) -> None:
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.add_button, 1)
        row.addWidget(self.more_button)
        bind(self.add_button, "setText", N_("Add class"))
        self.add_button.clicked.connect(self.begin_add)
        self.more_button.setIcon(icon("dots-three"))
        self.more_button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        bind(self.more_button, "setToolTip", N_("Rename, merge, delete, colour, key of the class"))
        bind(self.more_button, "setAccessibleName", N_("Rename, merge, delete, colour, key of the class"))
        bind(self.name_field, "setPlaceholderText", N_("Name of the new class"))
        bind(self.name_field, "setAccessibleName", N_("Name of the new class"))
        self.name_field.returnPressed.connect(self._add)
        self.name_field.installEventFilter(self)
        self.name_field.hide()
        self._buttons.hide()

    def _set_up_table(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setDragEnabled(True)
        table.setAcceptDrops(True)
        table.setDropIndicatorShown(True)
        table.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        table.setDragDropOverwriteMode(False)
        bind(table, "setAccessibleName", N_("Classes"))
        bind(header, "setAccessibleName", N_("Columns of the classes"))

    def _fit_columns(self) -> None:
        """Numbers get the room they need, the names the rest."""
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        last = self.model.rowCount() - 1
        metrics = QFontMetrics(font(FontSize.BODY, bold=True, tabular=True))
        for column in range(1, self.model.columnCount()):
            words = self.model.index(last, column).data() or ""
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(NARROWEST, metrics.horizontalAdvance(words) + 2 * PADDING + 2))
        self._make_room()

    def _make_room(self) -> None:
        """Where the names do not fit, the sums give way: they are the least of what the table says."""
        metrics, header = self.table.fontMetrics(), self.table.horizontalHeader()
        longest = max((metrics.horizontalAdvance(one.name) for one in self.model.classes), default=0)
        splits = sum(header.sectionSize(column) for column in range(1, ALL_COLUMN))
        room = self.table.viewport().width() - splits - header.sectionSize(ALL_COLUMN)
        if header.isSectionHidden(ALL_COLUMN):
            room = self.table.viewport().width() - splits - self._all_width
        else:
            self._all_width = header.sectionSize(ALL_COLUMN)
        key = metrics.horizontalAdvance("0") + PADDING if any(map(self.model.key_of, self.model.classes)) else 0
        self.table.setColumnHidden(ALL_COLUMN, longest + key + SWATCH + 3 * PADDING > room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower column has less room."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._make_room)

    def _on_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and not self._follows:
            self._filters.set(label=index.data(ClassRole))

    def _follow(self) -> None:
        """Select the row of the class that is shown."""
        selection = self.table.selectionModel()
        if not self.model.rowCount():
            return
        label = self._filters.query.label
        row = self.model.row_of(label)
        wanted = self.model.index(row, 0)
        if selection.currentIndex().row() != row or not selection.isRowSelected(row):
            # The row of the sums is the last: to show it would scroll a long table to its end.
            self.table.setAutoScroll(label is not None)
            self._follows = True
            selection.setCurrentIndex(
                wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )
            self._follows = False
            self.table.setAutoScroll(True)

    def _retranslate(self) -> None:
        self._fit_columns()
        self.table.viewport().update()
        self.table.horizontalHeader().viewport().update()
