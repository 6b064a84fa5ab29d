"""The sources of the project, with what can be done with them."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.data_sources import CountsRole, SourceRole, SourcesModel
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, FontSize, font, icon, theme

MOST_ROWS = 4
"""So many sources are seen at once; more of them scroll."""
READ_ONLY = N_("The project is open for reading only, so nothing in it can be changed.")


class SourcesPanel(QWidget):
    """The list of sources above its buttons."""

    add_wanted = Signal()
    """A folder is to be added."""
    rescan_wanted = Signal(object)
    """A ``Source`` is to be scanned again."""
    find_wanted = Signal(object)
    """The person wants to say where a ``Source`` is now."""
    remove_wanted = Signal(object)
    """A ``Source`` is to be taken out of the project."""
    menu_opens = Signal()
    """The menu of ``source`` is about to be seen: ``menu_entries`` must be right now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SourcesModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(SourceDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        bind(self.list, "setAccessibleName", N_("Sources"))
        self.add_button = QPushButton(icon("folder-plus"), "")
        bind(self.add_button, "setText", N_("Add folder…"))
        self.add_button.clicked.connect(self.add_wanted)
        self.rescan = self._action(N_("Scan again"), "arrows-clockwise", "F5", lambda: self._ask(self.rescan_wanted))
        self.find_folder = self._action(N_("Find folder…"), "folder-open", "", lambda: self._ask(self.find_wanted))
        self.remove = self._action(
            N_("Remove from the project"), "trash", "Delete", lambda: self._ask(self.remove_wanted)
        )
        self.menu_entries = [self.rescan, self.find_folder, self.remove]
        self._arrange()
        self.list.selectionModel().selectionChanged.connect(self._refresh)
        self._read_only = False
        self._refresh()

    @property
    def source(self) -> Source | None:
        """The selected source; the only one where there is just one."""
        found = self.list.currentIndex().data(SourceRole)
        if found is None and self.model.rowCount() == 1:
            found = self.model.sources[0]
        return found if isinstance(found, Source) else None

    def show_sources(self, sources: list[Source], scanning: frozenset[str], read_only: bool) -> None:
        """Show these.

        Args:
            scanning: the paths of those that a job reads now.
            read_only: whether nothing can be changed.
        """
        self.model.show(sources, scanning)
        row = self.list.sizeHintForRow(0) if sources else 0
        self.list.setFixedHeight(max(1, min(len(sources), MOST_ROWS) * row))
        self._read_only = read_only
        self._refresh()

    def _action(self, text: str, picture: str, key: str, slot: object) -> QAction:
        action = QAction(icon(picture), "", self)
        bind(action, "setText", text)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.list.addAction(action)
        return action

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(HALF)
        buttons.addWidget(self.add_button, 1)
        for action, name in (
            (self.rescan, N_("Scan again")),
            (self.find_folder, N_("Find folder…")),
            (self.remove, N_("Remove")),
        ):
            button = QToolButton(autoRaise=True)
            button.setDefaultAction(action)
            button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            bind(button, "setAccessibleName", name)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.list)
        column.addLayout(buttons)

    def _ask(self, signal: object) -> None:
        if self.source is not None:
            signal.emit(self.source)  # type: ignore[attr-defined] # a bound signal

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_opens.emit()
        menu.addActions(self.menu_entries)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _refresh(self) -> None:
        self.add_button.setEnabled(not self._read_only)
        bind(
            self.add_button,
            "setToolTip",
            READ_ONLY if self._read_only else N_("Folders can also be dropped anywhere on this page"),
        )
        reason = READ_ONLY if self._read_only else "" if self.source else N_("Select a source first")
        names = (
            (self.rescan, N_("Scan again (F5)")),
            (self.find_folder, N_("The folder was moved: say where it is now")),
            (self.remove, N_("Remove from the project (Del)")),
        )
        for action, name in names:
            action.setEnabled(not reason)
            bind(action, "setToolTip", reason or name)


class SourceDelegate(QStyledItemDelegate):
    """Draws a source on two lines: its name, and what is in it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines of text with room around them."""
        return QSize(120, 2 * option.fontMetrics.height() + GAP)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """An icon, the name, the counts below."""
        source: Source = index.data(SourceRole)
        colours = theme().colours
        self.initStyleOption(option, index)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(
            option.rect, colours.accent_soft if selected else option.palette.color(QPalette.ColorRole.Base)
        )
        box = option.rect.adjusted(SPACING, SPACING, -SPACING, -SPACING)
        picture = "image" if source.is_file else "folder"
        role = "text_muted" if source.online else "warning"
        icon(picture if source.online else "warning", role).paint(
            painter, box.left(), box.top(), ICON_SIZE, ICON_SIZE, Qt.AlignmentFlag.AlignCenter
        )
        box.setLeft(box.left() + ICON_SIZE + SPACING)
        line = option.fontMetrics.height()
        painter.setFont(font(FontSize.BODY, bold=True))
        painter.setPen(colours.text)
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box.left(), box.top(), box.width(), line, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(font(FontSize.SMALL, tabular=True))
        painter.setPen(colours.text_muted if source.online else colours.warning)
        words = painter.fontMetrics().elidedText(index.data(CountsRole), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box.left(), box.top() + line, box.width(), line, Qt.AlignmentFlag.AlignVCenter, words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(colours.accent)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        painter.restore()
