"""With which model, and on which images: the line at the top of the page."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunInfo
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, SPACING, icon
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice
from imgmine_gui.gui.widgets.training.run_figures import short_words

SPLITS = {
    Split.TEST: N_("Test images"),
    Split.VALIDATION: N_("Validation images"),
    Split.TRAIN: N_("Training images"),
}
UNLABELLED = N_("Images without a class")


class SourceBar(QWidget):
    """Boxes for the model and the images, and the menus Open and Export."""

    model_chosen = Signal(str)
    """The path of a run or bundle."""
    images_chosen = Signal(object)
    """An ``ImagesChoice``."""
    folder_wanted = Signal()
    image_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunInfo] = []
        self._bundles: list[str] = []
        self._choices: list[ImagesChoice] = [ImagesChoice(split) for split in SPLITS]
        self._extra: list[ImagesChoice] = []
        self.model_box = QComboBox()
        self.images_box = QComboBox()
        for box, text in ((self.model_box, N_("Model")), (self.images_box, N_("Images to look at"))):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            bind(box, "setAccessibleName", text)
            bind(box, "setToolTip", text)
        bind(self.model_box, "setPlaceholderText", N_("No model yet"))
        self.open_button = QPushButton()
        bind(self.open_button, "setText", N_("Open"))
        self.open_button.setIcon(icon("folder-open"))
        self.open_button.setMenu(self._open_menu())
        self.export_button = QPushButton()
        bind(self.export_button, "setText", N_("Export"))
        self.export_button.setIcon(icon("export"))
        self.row = QHBoxLayout(self)
        self._arrange()
        self._fill_images()
        self.model_box.currentIndexChanged.connect(self._on_model)
        self.images_box.currentIndexChanged.connect(self._on_images)
        on_language_change(self, self.retranslate)

    @property
    def model(self) -> str:
        """The path of the chosen run or bundle; empty where there is none."""
        return self.model_box.currentData() or ""

    @property
    def images(self) -> ImagesChoice:
        """What is to be looked at."""
        return self._all_choices()[max(0, self.images_box.currentIndex())]

    def set_runs(self, runs: Sequence[RunInfo]) -> None:
        """Offer these runs; the chosen model stays chosen where it is still there. Nothing is emitted."""
        chosen = self.model
        self._runs = list(runs)
        self._fill_models(chosen)

    def set_unlabelled(self, there_are: bool) -> None:
        """Whether the project has images without a class."""
        chosen = self.images
        plain = [ImagesChoice(split) for split in SPLITS]
        self._choices = [*plain, ImagesChoice()] if there_are else plain
        self._fill_images(chosen)

    def choose_model(self, path: str) -> None:
        """Choose a run, or a bundle, which is offered from now on. Nothing is emitted."""
        if path not in [run.path for run in self._runs] and path not in self._bundles:
            self._bundles.insert(0, path)
        self._fill_models(path)

    def choose_images(self, choice: ImagesChoice) -> None:
        """Choose images; files and folders are offered from now on. Nothing is emitted."""
        if choice not in self._all_choices():
            self._extra.insert(0, choice)
        self._fill_images(choice)

    def retranslate(self) -> None:
        """Name the splits and files anew."""
        self._fill_models(self.model)
        self._fill_images(self.images)

    def _all_choices(self) -> list[ImagesChoice]:
        return [*self._choices, *self._extra]

    def _fill_models(self, chosen: str) -> None:
        with QSignalBlocker(self.model_box):
            self.model_box.clear()
            for run in self._runs:
                figure = short_words(run)
                self.model_box.addItem(f"{run.name} · {figure}" if figure else run.name, run.path)
            for path in self._bundles:
                self.model_box.addItem(Path(path).name, path)
            self.model_box.setCurrentIndex(max(0, self.model_box.findData(chosen)) if self.model_box.count() else -1)
        self.model_box.setEnabled(self.model_box.count() > 0)

    def _fill_images(self, chosen: ImagesChoice | None = None) -> None:
        choices = self._all_choices()
        with QSignalBlocker(self.images_box):
            self.images_box.clear()
            for choice in choices:
                self.images_box.addItem(title_of(choice))
            self.images_box.setCurrentIndex(choices.index(chosen) if chosen in choices else 0)

    def _open_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, signal in (
            (N_("Folder of images…"), self.folder_wanted),
            (N_("Image…"), self.image_wanted),
            (N_("Model…"), self.model_wanted),
        ):
            bind(menu.addAction("", signal.emit), "setText", text)
        return menu

    def _arrange(self) -> None:
        self.row.setContentsMargins(GAP, SPACING, GAP, SPACING)
        self.row.setSpacing(SPACING)
        words = QLabel()
        bind(words, "setText", N_("looking at"))
        self.row.addWidget(self.model_box, 2)
        self.row.addWidget(words)
        self.row.addWidget(self.images_box, 2)
        self.row.addWidget(self.open_button)
        self.row.addStretch(1)
        self.row.addWidget(self.export_button)

    def _on_model(self) -> None:
        if self.model:
            self.model_chosen.emit(self.model)

    def _on_images(self) -> None:
        self.images_chosen.emit(self.images)


def title_of(choice: ImagesChoice) -> str:
    """What images are called in the box."""
    if choice.split is not None:
        return tr(SPLITS[choice.split])
    if choice.is_unlabelled:
        return tr(UNLABELLED)
    first = Path(choice.paths[0]).name or choice.paths[0]
    return first if len(choice.paths) == 1 else tr("{first} and {count} more", first=first, count=len(choice.paths) - 1)
