"""Where a person begins: a folder, a recent project, or a sample."""

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.samples import Sample
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import RecentProject
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.opening import Opening
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.theme import GAP, HALF, MARGIN, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.buttons import PrimaryButton
from imgmine_gui.gui.widgets.drop_zone import DropZone
from imgmine_gui.gui.widgets.mosaic import mosaic, project_pictures, sample_pictures
from imgmine_gui.gui.widgets.picture_card import PictureCard
from imgmine_gui.gui.widgets.section import Section

WIDTH = 1280
RECENT_SHOWN = 6
FORGET = N_("Remove from this list")
RECENT_PICTURE, RECENT_CELLS = QSize(96, 64), (3, 2)
SAMPLE_WIDTH, SAMPLE_HEIGHT = 600, 400
"""Of the picture of a sample; two samples share the height."""
SAMPLE_CELLS = {"classification": QSize(100, 100), "text_recognition": QSize(300, 40)}
"""The size of an image in the picture of a sample, by the task for which it is labelled."""


class StartPage(Page):
    """The page that a new window shows."""

    keys: ClassVar[tuple[tuple[str, str], ...]] = (("Del", FORGET),)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.opening = Opening(session, self)
        self.opening.page_wanted.connect(self.go_to)
        bind(self, "setAccessibleName", N_("Start"))
        self.recent = Section(N_("Recent projects"))
        self.samples = Section(N_("Samples"))
        self._sample_cards = [(sample, self._sample_card(sample)) for sample in session.samples()]
        self._recent_cards: list[tuple[RecentProject, PictureCard]] = []
        self._arrange()
        session.project_changed.connect(self._list_recent)
        theme().changed.connect(self._recolour)
        on_language_change(self, self._retranslate)
        self._recolour()
        self._list_recent()
        self._retranslate()
        QTimer.singleShot(0, self, self._draw_pictures)  # the window comes first

    def shown(self) -> None:
        """Projects may have come, been moved, or got their first thumbnails since."""
        self._list_recent()
        QTimer.singleShot(0, self, self._draw_recent)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(MARGIN)
        left.addLayout(self._head())
        left.addWidget(self._drop_zone())
        left.addWidget(self.recent)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.samples)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(2 * MARGIN)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addLayout(columns)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        centred = QHBoxLayout(holder)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(inner, 1000)
        centred.addStretch(1)
        scroll.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _head(self) -> QVBoxLayout:
        title = QLabel("ImgMine")
        title.setFont(font(FontSize.TITLE, bold=True))
        self._purpose = QLabel(wordWrap=True)
        self._purpose.setFont(font(FontSize.HEADING))
        bind(self._purpose, "setText", N_("Find out what is in your images, and see where the network looked."))
        column = QVBoxLayout()
        column.setSpacing(HALF)
        column.addWidget(title)
        column.addWidget(self._purpose)
        return column

    def _drop_zone(self) -> DropZone:
        zone = DropZone()
        self._sign = QLabel()
        words = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        bind(
            words, "setText", N_("Drop a folder of images anywhere on this window. Each of its sub-folders is a class.")
        )
        self.open_folder = PrimaryButton()
        bind(self.open_folder, "setText", N_("Open folder…"))
        self.open_folder.clicked.connect(self.opening.open_folder)
        new_project, self.open_project = QPushButton(), QPushButton()
        bind(new_project, "setText", N_("New project…"))
        new_project.clicked.connect(self.opening.new_project)
        bind(self.open_project, "setText", N_("Open project…"))
        self.open_project.clicked.connect(self.opening.open_project)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addStretch(1)
        for button in (self.open_folder, new_project, self.open_project):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(zone)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words)
        column.addLayout(buttons)
        return zone

    def _sample_picture(self) -> QSize:
        return QSize(SAMPLE_WIDTH, SAMPLE_HEIGHT // len(self._session.samples()))

    def _sample_card(self, sample: Sample) -> PictureCard:
        card = PictureCard(self._sample_picture(), beside=False)
        card.clicked.connect(partial(self.opening.open_sample, sample.name))
        self.samples.add(card)
        return card

    def _list_recent(self) -> None:
        """List the recent projects anew, if they are others than those that are listed."""
        recent = self._session.settings.recent_projects[:RECENT_SHOWN]
        if recent == [project for project, _ in self._recent_cards]:
            return
        for _, card in self._recent_cards:
            card.deleteLater()
        self._recent_cards = [(project, self._recent_card(project)) for project in recent]
        self._order_tabs()
        self._retranslate()
        QTimer.singleShot(0, self, self._draw_pictures)

    def _order_tabs(self) -> None:
        """Tab goes down the left column, then the right one: recent projects come and go."""
        stops: list[QWidget] = [self.open_project]
        for _, card in (*self._recent_cards, *self._sample_cards):
            stops += [card, *card.findChildren(QToolButton)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _recent_card(self, project: RecentProject) -> PictureCard:
        card = PictureCard(RECENT_PICTURE, beside=True)
        card.set_dimmed(not project.exists)
        card.clicked.connect(partial(self.opening.open_paths, [project.folder]))
        forget = QAction(card)
        forget.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        forget.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        bind(forget, "setText", FORGET)
        forget.triggered.connect(partial(self._forget, project.folder))
        card.addAction(forget)
        if not project.exists:
            card.set_corner(self._forget_button(project.folder))
        card.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.recent.add(card)
        return card

    def _forget_button(self, folder: Path) -> QToolButton:
        """A project that is gone is not only found out by who looks for its menu."""
        button = QToolButton(autoRaise=True)
        button.setIcon(icon("x", "text_muted"))
        button.setCursor(Qt.CursorShape.ArrowCursor)
        bind(button, "setToolTip", FORGET)
        bind(button, "setAccessibleName", FORGET)
        button.clicked.connect(partial(self._forget, folder))
        return button

    def _forget(self, folder: Path) -> None:
        self._session.settings.forget_project(folder)
        self._list_recent()

    def _retranslate(self) -> None:
        self.recent.setVisible(bool(self._recent_cards))
        self.samples.setVisible(bool(self._sample_cards))
        for sample, card in self._sample_cards:
            card.set_words(sample.title, sample.summary)
        for project, card in self._recent_cards:
            place = str(project.folder.parent)
            card.set_words(project.name, place if project.exists else tr("Not found: {folder}", folder=place))
            card.setToolTip(str(project.folder))

    def _draw_pictures(self) -> None:
        ratio = self.devicePixelRatioF()
        for sample, card in self._sample_cards:
            size, cell = self._sample_picture(), SAMPLE_CELLS[sample.task]
            columns, rows = size.width() // cell.width(), size.height() // cell.height()
            card.set_image(mosaic(sample_pictures(sample.folder, columns * rows), columns, rows, size, ratio))
        self._draw_recent()

    def _draw_recent(self) -> None:
        ratio = self.devicePixelRatioF()
        for project, card in self._recent_cards:
            pictures = project_pictures(project.folder, RECENT_CELLS[0] * RECENT_CELLS[1])
            if pictures:
                card.set_image(mosaic(pictures, *RECENT_CELLS, RECENT_PICTURE, ratio))

    def _recolour(self) -> None:
        self._sign.setPixmap(icon("folder-open", "accent").pixmap(QSize(40, 40), self.devicePixelRatioF()))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colours.text_muted)
        self._purpose.setPalette(palette)
