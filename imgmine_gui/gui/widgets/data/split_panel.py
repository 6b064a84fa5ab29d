"""How the images are divided: what folders say, and the fractions and the seed for what they leave open."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from imgmine_gui.core.project.catalogue import Totals
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import SPACING
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.data.sources_panel import READ_ONLY
from imgmine_gui.gui.widgets.data.split_bar import SplitBar

SETTLE_MS = 500
"""After the last click on an arrow, before the images are divided anew."""
LARGEST_PERCENT = 45
LARGEST_SEED = 2**31 - 1

_RECOGNISED = {
    frozenset({Split.TRAIN, Split.VALIDATION, Split.TEST}): N_(
        "Train, validation and test were recognised from folder names."
    ),
    frozenset({Split.TRAIN, Split.VALIDATION}): N_(
        "Train and validation were recognised from folder names; there is no test folder."
    ),
    frozenset({Split.VALIDATION, Split.TEST}): N_(
        "Validation and test were recognised from folder names; everything else is for training."
    ),
    frozenset({Split.TRAIN, Split.TEST}): N_(
        "Train and test were recognised from folder names. The validation part is cut from train."
    ),
    frozenset({Split.TRAIN}): N_("Train was recognised from a folder name. The validation part is cut from it."),
    frozenset({Split.VALIDATION}): N_("Validation was recognised from a folder name; everything else is for training."),
    frozenset({Split.TEST}): N_(
        "Test was recognised from a folder name. The validation part is cut from everything else."
    ),
    frozenset(): N_("Every class is divided in these parts; the same image is never in two of them."),
}


class SplitPanel(QWidget):
    """A line of words, a bar, and the fields that matter."""

    edited = Signal(object)
    """The person wants these ``SplitSettings``."""
    groups_wanted = Signal()
    """The person wants to group images by their paths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = SplitSettings()
        self._given: frozenset[Split] = frozenset()
        self.words = MutedLabel()
        self.bar = SplitBar()
        self.validation = self._field(LARGEST_PERCENT, " %", "validation")
        self.test = self._field(LARGEST_PERCENT, " %", "test")
        self.seed = self._field(LARGEST_SEED, "", "seed")
        self.groups = QPushButton()
        bind(self.groups, "setText", N_("Group by path…"))
        self.groups.clicked.connect(self.groups_wanted)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.apply)
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(SPACING // 2)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field, title in (
            (self.validation, N_("Validation part")),
            (self.test, N_("Test part")),
            (self.seed, N_("Seed of the split")),
        ):
            self._form.addRow(" ", field)
            bind(self._form.labelForField(field), "setText", title)
            bind(field, "setAccessibleName", title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addLayout(self._form)
        column.addWidget(self.groups)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_split(self, settings: SplitSettings, given: frozenset[Split], totals: Totals, read_only: bool) -> None:
        """Show how the images are divided; does not change what a person is just typing.

        Args:
            given: the splits that folders name.
        """
        self._given = given
        self.bar.show_parts(totals.train, totals.validation, totals.test)
        if not self._settle.isActive():
            self._settings = settings
            for field, value in (
                (self.validation, round(settings.validation * 100)),
                (self.test, round(settings.test * 100)),
                (self.seed, settings.seed),
            ):
                field.blockSignals(True)
                field.setValue(value)
                field.blockSignals(False)
        cut = Split.VALIDATION not in given
        for field, shown in ((self.validation, cut), (self.test, not given), (self.seed, cut)):
            self._form.setRowVisible(field, shown)
            field.setEnabled(not read_only)
            if read_only:
                bind(field, "setToolTip", READ_ONLY)
        about = N_("Keep the images of one patient, plant or page in one split")
        self.groups.setEnabled(not read_only)
        bind(self.groups, "setToolTip", READ_ONLY if read_only else about)
        self.retranslate()

    def retranslate(self) -> None:
        """Say how the images are divided, in the present language."""
        self.words.setText(tr(_RECOGNISED[self._given]))

    def apply(self) -> None:
        """Ask for what the fields say, where that is something else than what holds."""
        self._settle.stop()
        wanted = SplitSettings(
            validation=self._fraction(self.validation, self._settings.validation),
            test=self._fraction(self.test, self._settings.test),
            seed=self.seed.value(),
        )
        if wanted != self._settings:
            self._settings = wanted
            self.edited.emit(wanted)

    def _field(self, largest: int, suffix: str, name: str) -> QSpinBox:
        field = QSpinBox()
        field.setRange(0, largest)
        field.setSuffix(suffix)
        field.setKeyboardTracking(False)
        field.valueChanged.connect(self._on_changed)
        field.editingFinished.connect(self.apply)
        bind(field, "setToolTip", SplitSettings.model_fields[name].description or "")
        return field

    def _on_changed(self) -> None:
        self._settle.start()

    @staticmethod
    def _fraction(field: QSpinBox, before: float) -> float:
        """What the field says; a fraction that is not a whole percent stays as it was until the field is changed."""
        return before if field.value() == round(before * 100) else field.value() / 100
