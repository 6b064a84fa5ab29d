"""How the heatmap is made and drawn: method, class, opacity, colours."""

from enum import StrEnum
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QSlider, QVBoxLayout, QWidget

from imgmine_gui.app.settings import Settings
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.images.colormaps import COLORMAP_TITLES, COLORMAPS, DEFAULT_COLORMAP
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN
from imgmine_gui.gui.theme import SPACING
from imgmine_gui.gui.widgets.predictions.colour_scale import ColourScale
from imgmine_gui.gui.widgets.predictions.method_options import MethodOptions
from imgmine_gui.gui.widgets.predictions.model_facts import ModelFacts

OPACITY_STEP = 10


class Target(StrEnum):
    """Which class the heatmap is for, other than a named one."""

    PREDICTED = "predicted"
    TRUE = "true"


class HeatmapPanel(QWidget):
    """The controls of the heatmap; what is drawn is remembered in the settings."""

    wish_changed = Signal()
    """Another heatmap is wanted: the method, its options or the target changed, or it was switched on."""
    drawing_changed = Signal()
    """It is to be drawn differently: switched on or off, opacity, colours."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._facts: ModelFacts | None = None
        self.on = QCheckBox()
        self.on.setChecked(True)
        bind(self.on, "setText", N_("Show the heatmap"))
        bind(self.on, "setToolTip", N_("H switches it on and off; hold Space to hide it for a moment"))
        self.method_box = QComboBox()
        self.target_box = QComboBox()
        self.colormap_box = QComboBox()
        for box in (self.method_box, self.target_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(OPACITY_STEP)
        self.slider.setValue(round(100 * settings.heatmap_opacity))
        bind(self.slider, "setToolTip", N_("[ makes the heatmap weaker, ] stronger"))
        self.scale = ColourScale()
        self.method_options = MethodOptions(settings)
        self._arrange()
        self._connect()
        self._fill_colormaps()
        self._fill_targets()

    @property
    def method(self) -> str:
        """The name of the explainer; empty while there is no model."""
        return self.method_box.currentData() or ""

    @property
    def options(self) -> dict[str, Any]:
        """What differs from the defaults of the explainer's options, as JSON types."""
        return self.method_options.values()

    @property
    def opacity(self) -> float:
        """0 to 1."""
        return self.slider.value() / 100

    @property
    def colormap(self) -> str:
        """A key of ``COLORMAPS``."""
        return self.colormap_box.currentData() or DEFAULT_COLORMAP

    @property
    def is_on(self) -> bool:
        """Whether a heatmap is wanted."""
        return self.on.isChecked()

    def target_for(self, true: int) -> int | None:
        """The class to explain in an image whose true class is ``true``; None: the predicted one."""
        chosen = self.target_box.currentData()
        if chosen in (Target.PREDICTED, None) or not EXPLAINERS[self.method].class_specific:
            return None
        if chosen == Target.TRUE:
            return None if true == UNKNOWN else true
        return int(chosen)

    def set_model(self, facts: ModelFacts | None) -> None:
        """Offer what is defined on this model; the method of before is kept where it is."""
        self._facts = facts
        self.retranslate()

    def set_method(self, name: str) -> None:
        """Choose a method."""
        self.method_box.setCurrentIndex(self.method_box.findData(name))

    def toggle(self) -> None:
        """Switch the heatmap on or off."""
        self.on.toggle()

    def strengthen(self, steps: int) -> None:
        """Make the heatmap stronger, or with negative ``steps`` weaker."""
        self.slider.setValue(self.slider.value() + steps * OPACITY_STEP)

    def retranslate(self) -> None:
        """Fill the boxes anew, with the same things chosen."""
        self._fill_methods()
        self._fill_targets()
        self._fill_colormaps()

    def _arrange(self) -> None:
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(SPACING)
        rows.setVerticalSpacing(SPACING)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in (
            (N_("Method"), self.method_box),
            (N_("Class"), self.target_box),
            (N_("Opacity"), self.slider),
            (N_("Colours"), self.colormap_box),
            ("", self.scale),
        ):
            rows.addRow(" ", widget)
            if text:
                bind(rows.labelForField(widget), "setText", text)
                bind(widget, "setAccessibleName", text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.on)
        column.addLayout(rows)
        column.addWidget(self.method_options)

    def _connect(self) -> None:
        self.on.toggled.connect(self._on_switched)
        self.method_box.currentIndexChanged.connect(self._on_method)
        self.method_options.changed.connect(self.wish_changed)
        self.target_box.currentIndexChanged.connect(self.wish_changed)
        self.slider.valueChanged.connect(self._on_drawing)
        self.colormap_box.currentIndexChanged.connect(self._on_drawing)
        on_language_change(self, self.retranslate)

    def _fill_methods(self) -> None:
        facts = self._facts
        with QSignalBlocker(self.method_box):
            self.method_box.clear()
            for number, name in enumerate(facts.methods if facts else ()):
                kind = EXPLAINERS[name]
                self.method_box.addItem(tr(kind.title), name)
                words = f"{tr(kind.summary)}\n{kind.paper}"
                self.method_box.setItemData(number, words, Qt.ItemDataRole.ToolTipRole)
            if facts is not None:
                wanted = self._settings.method
                self.set_method(wanted if wanted in facts.methods else facts.default_method)
        self._explain_method()

    def _fill_targets(self) -> None:
        chosen = self.target_box.currentData()
        with QSignalBlocker(self.target_box):
            self.target_box.clear()
            self.target_box.addItem(tr("Predicted class"), Target.PREDICTED)
            self.target_box.addItem(tr("True class"), Target.TRUE)
            for number, name in enumerate(self._facts.classes if self._facts else ()):
                self.target_box.addItem(name, number)
            self.target_box.setCurrentIndex(max(0, self.target_box.findData(chosen)))

    def _fill_colormaps(self) -> None:
        wanted = self._settings.colormap
        with QSignalBlocker(self.colormap_box):
            self.colormap_box.clear()
            for name in COLORMAPS:
                self.colormap_box.addItem(tr(COLORMAP_TITLES[name]), name)
            found = self.colormap_box.findData(wanted if wanted in COLORMAPS else DEFAULT_COLORMAP)
            self.colormap_box.setCurrentIndex(found)
        self.scale.set_colormap(self.colormap)

    def _explain_method(self) -> None:
        name = self.method
        self.method_options.set_method(name)
        specific = not name or EXPLAINERS[name].class_specific
        self.target_box.setEnabled(specific)
        bind(self.target_box, "setToolTip", "" if specific else N_("This method shows the same for every class"))
        self.method_box.setToolTip(self.method_box.currentData(Qt.ItemDataRole.ToolTipRole) or "")

    def _on_method(self) -> None:
        self._settings.method = self.method
        self._explain_method()
        self.wish_changed.emit()

    def _on_switched(self) -> None:
        self.drawing_changed.emit()
        self.wish_changed.emit()

    def _on_drawing(self) -> None:
        self._settings.heatmap_opacity = self.opacity
        self._settings.colormap = self.colormap
        self.scale.set_colormap(self.colormap)
        self.drawing_changed.emit()
