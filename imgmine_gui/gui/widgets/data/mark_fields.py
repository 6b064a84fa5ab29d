"""What is noted of the selected images, to be seen and changed: labels, split, stars, flag, group, note."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.project.gallery import Common
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.class_colours import class_icon
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.image_columns import FLAG_NAMES, SPLIT_NAMES
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, icon
from imgmine_gui.gui.widgets.data.label_actions import LabelActions
from imgmine_gui.gui.widgets.data.label_chip import LabelChip
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.data.star_row import StarRow

MOST_LABELS = 6
"""So many labels of a selection are listed."""
NOTE_LINES = 3
_SPLITS: tuple[Split | None, ...] = (None, *Split)
_FLAG_ICONS = {1: "check-circle", 0: "circle", -1: "x-circle"}


class MarkFields(QWidget):
    """Shows what the selected images have in common; what differs is shown as "several".

    Args:
        actions: changes the selected images.
    """

    label_wanted = Signal()
    """The person wants to choose a class for the selected images."""

    def __init__(self, actions: LabelActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edits = actions
        self._common: Common | None = None
        self._ids: Sequence[int] = ()
        self._split_now: Split | None = None
        self.chips: list[LabelChip] = []
        self.add_label = QPushButton(icon("tag"), "")
        self.split = QComboBox()
        self.stars = StarRow()
        self.flags = {flag: self._flag(flag) for flag in _FLAG_ICONS}
        self.excluded = QCheckBox()
        self.group, self.note = QLineEdit(), QPlainTextEdit()
        self._labels = QVBoxLayout()
        self._arrange()
        self._connect()
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_common(self, common: Common | None, ids: Sequence[int], split: Split | None = None) -> None:
        """Show this of these images, or nothing at all.

        Args:
            split: that a single image is in now.
        """
        same = list(ids) == list(self._ids) if len(ids) < MOST_LABELS else ids is self._ids
        if not same:
            self.write_words()
        self._common, self._ids, self._split_now = common, ids, split
        self.setVisible(common is not None and common.count > 0)
        if common is not None:
            self._fill(common, same)

    def retranslate(self) -> None:
        """Name the splits and what differs in the present language."""
        with QSignalBlocker(self.split):
            self.split.clear()
            for split in _SPLITS:
                self.split.addItem(tr(SPLIT_NAMES[split]) if split else self._automatic())
        self.split.setPlaceholderText(tr(N_("Several")))
        if self._common is not None:
            self._fill(self._common, False)

    def _automatic(self) -> str:
        now = self._split_now
        by_hand = self._common is not None and self._common.split
        if now is None or by_hand:
            return tr(N_("Automatic"))
        return tr(N_("Automatic: {split}"), split=tr(SPLIT_NAMES[now]))

    def _fill(self, common: Common, same: bool) -> None:
        self._show_labels(common)
        with QSignalBlocker(self.split):
            self.split.setItemText(0, self._automatic())
            place = -1 if common.split is None else _SPLITS.index(Split(common.split) if common.split else None)
            self.split.setCurrentIndex(place)
        self.stars.show_rating(common.rating)
        for flag, button in self.flags.items():
            button.setChecked(flag == common.flag)
        states = {None: Qt.CheckState.PartiallyChecked, True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
        with QSignalBlocker(self.excluded):
            self.excluded.setCheckState(states[common.excluded])
        several = tr(N_("Several"))
        if not (same and self.group.hasFocus()):
            self.group.setText(common.group or "")
            self.group.setModified(False)
            self.group.setPlaceholderText(several if common.group is None else tr(N_("None")))
        if not (same and self.note.hasFocus()):
            self.note.setPlainText(common.note or "")
            self.note.document().setModified(False)
            self.note.setPlaceholderText(several if common.note is None else tr(N_("Write a note")))

    def _show_labels(self, common: Common) -> None:
        while (item := self._labels.takeAt(0)) is not None:
            widget = item.widget()
            assert widget is not None
            widget.hide()
            widget.deleteLater()
        known = {one.id: one for one in self._edits.classes}
        found = sorted(common.labels.items(), key=lambda pair: -pair[1])
        self.chips = []
        for class_id, number in found[:MOST_LABELS]:
            one = known.get(class_id)
            if one is not None:
                of = common.count if number < common.count else None
                chip = LabelChip(class_icon(one.colour), one.name, number, of)
                chip.remove.clicked.connect(lambda _=False, which=class_id: self._edits.remove_label(which, self._ids))
                self._labels.addWidget(chip)
                self.chips.append(chip)
        if not found:
            self._labels.addWidget(LabelChip(icon("tag", "text_muted"), tr(N_("No class")), 0, None, removable=False))
        elif len(found) > MOST_LABELS:
            rest = MutedLabel(FontSize.SMALL)
            left = len(found) - MOST_LABELS
            rest.setText(ntr("{number} more class", "{number} more classes", left, number=count(left)))
            self._labels.addWidget(rest)
        more = self._edits.several_labels and bool(self.chips)
        bind(self.add_label, "setText", N_("Add a label…") if more or not self.chips else N_("Change the label…"))

    def _connect(self) -> None:
        self.add_label.clicked.connect(self.label_wanted)
        self.split.activated.connect(lambda place: self._edits.set_split(_SPLITS[place]))
        self.stars.chosen.connect(self._edits.set_rating)
        self.excluded.clicked.connect(lambda: self._edits.set_excluded(self.excluded.isChecked()))
        self.group.editingFinished.connect(self.write_words)
        self.note.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A note is saved when the person goes elsewhere."""
        if event.type() == QEvent.Type.FocusOut:
            self.write_words()
        return super().eventFilter(watched, event)

    def write_words(self) -> None:
        """Save what was typed, for the images that it was typed for."""
        if self._common is None or not self._ids:
            return
        if self.group.isModified():
            self.group.setModified(False)
            self._edits.set_group(self.group.text(), self._ids)
        if self.note.document().isModified():
            self.note.document().setModified(False)
            self._edits.set_note(self.note.toPlainText(), self._ids)

    def _flag(self, flag: int) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setCheckable(True)
        button.setIcon(icon(_FLAG_ICONS[flag]))
        button.setIconSize(QSize(18, 18))
        bind(button, "setToolTip", FLAG_NAMES[flag])
        bind(button, "setAccessibleName", FLAG_NAMES[flag])
        button.clicked.connect(lambda _checked=False: self._edits.set_flag(flag))
        return button

    def _arrange(self) -> None:
        self._labels.setSpacing(HALF)
        flags = QHBoxLayout()
        flags.setSpacing(HALF)
        for button in self.flags.values():
            flags.addWidget(button)
        flags.addStretch(1)
        bind(self.excluded, "setText", N_("Leave out"))
        bind(self.excluded, "setToolTip", N_("An image that is left out is in no split; its file stays where it is"))
        self.note.setFixedHeight(self.note.fontMetrics().lineSpacing() * NOTE_LINES + 2 * SPACING)
        self.note.setTabChangesFocus(True)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GAP)
        form.setVerticalSpacing(HALF)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for title, field in (
            (N_("Split"), self.split),
            (N_("Rating"), self.stars),
            (N_("Flag"), flags),
            ("", self.excluded),
            (N_("Group"), self.group),
            (N_("Note"), self.note),
        ):
            heading = MutedLabel()
            heading.setWordWrap(False)
            bind(heading, "setText", title)
            if isinstance(field, QWidget) and title:
                bind(field, "setAccessibleName", title)
            form.addRow(heading, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(self._labels)
        column.addWidget(self.add_label)
        column.addLayout(form)
