"""What stands above the images of a finding: what it means, its thresholds, and what can be done with its images."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.image_columns import SPLIT_NAMES
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.health.kinds import LOOKS
from imgmine_gui.gui.widgets.option_form import OptionForm

READ_ONLY = N_("The project is open for reading only, so nothing in it can be changed.")
REST_MS = 300
"""After the last turn of a threshold, before the images are sought anew."""
FORM_WIDTH = 400
FORM_NARROWEST = 230
"""Or a title would break into single characters."""


class FindingHead(QWidget):
    """Title, sentence, thresholds and buttons; the buttons say how many images they mean."""

    thresholds_changed = Signal(object)
    """Other ``HealthThresholds`` are wanted."""
    exclude_wanted = Signal(object)
    """The images of these ids are to be left out."""
    split_wanted = Signal(object, object)
    """The images of these ids are to be in a ``Split``; ``None``: as folders and settings say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = FindingKind.NEAR
        self._meant: Sequence[int] = ()
        self._spare: Sequence[int] = ()
        self._all = False
        self._read_only = False
        self.title = QLabel()
        self.title.setFont(font(FontSize.HEADING, bold=True))
        self.sentence = MutedLabel()
        self.form = OptionForm(HealthThresholds)
        self.exclude_spare = QPushButton(icon("copy-simple"), "")
        self.exclude = QPushButton(icon("prohibit"), "")
        self.move_to = QPushButton(icon("git-fork"), "")
        self.exclude_spare.clicked.connect(lambda: self.exclude_wanted.emit(self._spare))
        self.exclude.clicked.connect(lambda: self.exclude_wanted.emit(self._meant))
        self._add_splits()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._tell_thresholds)
        self.form.changed.connect(self._rest.start)
        self._arrange()
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_thresholds(self, thresholds: HealthThresholds) -> None:
        """Show these; nothing is told."""
        self.form.set_options(thresholds)
        self._rest.stop()

    def show_kind(self, kind: FindingKind) -> None:
        """Show what a finding means."""
        self.kind = kind
        for name, row in self.form.rows.items():
            row.setVisible(name in LOOKS[kind].thresholds)
        self.form.setVisible(bool(LOOKS[kind].thresholds))
        self.retranslate()

    def show_meant(self, meant: Sequence[int], spare: Sequence[int], everything: bool, read_only: bool) -> None:
        """Say what the buttons would do.

        Args:
            meant: ids of the images that are selected, or of all where none is.
            spare: of duplicates: those of the groups of these that are not the best.
            everything: whether none is selected.
            read_only: whether nothing can be changed.
        """
        self._meant, self._spare, self._all, self._read_only = meant, spare, everything, read_only
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the present language."""
        self.title.setText(tr(self.kind.words))
        self.sentence.setText(tr(LOOKS[self.kind].sentence))
        number, spare = len(self._meant), len(self._spare)
        copies = ntr("Exclude {copies} copy", "Exclude {copies} copies", spare, copies=count(spare))
        self.exclude_spare.setText(copies)
        self.exclude_spare.setVisible(LOOKS[self.kind].grouped and spare > 0)
        self.exclude.setVisible(number > 0)
        if self._all and number > 1:
            self.exclude.setText(tr("Exclude all {images}", images=count(number)))
            self.move_to.setText(tr("Use all {images} for", images=count(number)))
        else:
            self.exclude.setText(ntr("Exclude {images} image", "Exclude {images} images", number, images=count(number)))
            self.move_to.setText(ntr("Use {images} image for", "Use {images} images for", number, images=count(number)))
        self._enable(self.exclude_spare, N_("Leave out all but the best of each group; no file is deleted."))
        self._enable(self.exclude, N_("Leave these images out of every split; no file is deleted."))
        self._enable(self.move_to, N_("Put these images into one split."))
        self.move_to.setVisible(number > 0 and self.kind is not FindingKind.UNREADABLE)

    def _enable(self, button: QPushButton, text: str) -> None:
        button.setEnabled(not self._read_only)
        bind(button, "setToolTip", READ_ONLY if self._read_only else text)

    def _tell_thresholds(self) -> None:
        if not self.form.problems():
            self.thresholds_changed.emit(self.form.options())

    def _add_splits(self) -> None:
        menu = Menu(N_("Split"), self)
        splits: list[Split | None] = [*Split, None]
        for split in splits:
            text = N_("As folders and settings say") if split is None else SPLIT_NAMES[split]
            menu.entry(text, partial(self._ask_split, split))
        self.move_to.setMenu(menu)

    def _ask_split(self, split: Split | None) -> None:
        self.split_wanted.emit(self._meant, split)

    def _arrange(self) -> None:
        self.form.setMinimumWidth(FORM_NARROWEST)
        self.form.setMaximumWidth(FORM_WIDTH)
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        bind(self, "setAccessibleName", N_("Finding"))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.exclude_spare, self.exclude, self.move_to):
            buttons.addWidget(button)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        above = QHBoxLayout()
        above.setSpacing(GAP)
        above.addLayout(words, 3)
        above.addWidget(self.form, 2, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, GAP, GAP, SPACING)
        column.setSpacing(SPACING)
        column.addLayout(above)
        column.addLayout(buttons)
