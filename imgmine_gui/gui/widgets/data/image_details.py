"""What is known of the selected image: the picture large, its file, its class and its split."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.images.decode import inspect_image
from imgmine_gui.core.images.problems import ImageError, printable
from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.project.predicted import Prediction
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import DASH, count, percentage, size_in_bytes
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, icon
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.data.preview import Preview

LONG_NAME = 24
_FIELDS = (
    ("prediction", N_("Prediction")),
    ("size", N_("Size")),
    ("file", N_("File size")),
    ("format", N_("Format")),
    ("folder", N_("Folder")),
)


@dataclass(frozen=True)
class FileFacts:
    """What the file itself says: its size in bytes, and the name of its format; ``None`` and "" where unknown."""

    size: int | None
    format: str


class ImageDetails(QWidget):
    """Follows one image, and counts the others that are selected.

    Args:
        loader: of the large picture.
        reader: looks at the file beside the window.
        marks: what is noted of the selected images; shown between the picture and the file.
    """

    def __init__(
        self, loader: ThumbnailLoader, reader: CatalogueReader, marks: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._marks = marks
        self._reader = reader
        self._image: ImageRow | None = None
        self._selected = 0
        self._prediction: Prediction | None = None
        self._facts = FileFacts(None, "")
        self.hint = MutedLabel()
        bind(self.hint, "setText", N_("Select an image to see what is known of it."))
        self.preview = Preview(loader)
        bind(self.preview, "setAccessibleName", N_("The selected image"))
        self.name = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.name.setFont(font(FontSize.BODY, bold=True))
        self.reason = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.more = MutedLabel()
        self.values = {name: _value_label() for name, _ in _FIELDS}
        self.open_folder = QPushButton(icon("folder-open"), "")
        self.copy_path = QPushButton(icon("copy"), "")
        self.file_actions = QWidget()
        """What can be done with the file, to be pinned below: it stays in sight in a low window."""
        self._arrange()
        on_language_change(self, self.retranslate)
        self.show_image(None, 0)

    @property
    def image(self) -> ImageRow | None:
        """The image that is shown."""
        return self._image

    def show_image(self, image: ImageRow | None, selected: int, prediction: Prediction | None = None) -> None:
        """Show ``image`` and what is predicted of it; ``selected`` is how many are selected in all."""
        self._prediction = prediction
        other = image is None or self._image is None or image.path != self._image.path
        self._image, self._selected = image, selected
        if image is None:
            self.preview.show_image("", "")
        elif other:
            self._facts = FileFacts(None, "")
            self.preview.show_image(image.path, image.key, bool(image.problem))
            self._reader.ask("file", lambda: read_facts(image.path), self._take_facts)
        self.retranslate()

    def retranslate(self) -> None:
        """Say what is known, in the present language."""
        image = self._image
        self.hint.setVisible(image is None)
        for part in (self._known, self.open_folder, self.copy_path):
            part.setVisible(image is not None)
        if image is None:
            return
        self.name.setText(_wrappable(image.name))
        self.reason.setText(image.reason)
        self.reason.setVisible(bool(image.reason))
        self.more.setVisible(self._selected > 1)
        self.more.setText(
            ntr("{images} image selected", "{images} images selected", self._selected, images=count(self._selected))
        )
        pixels = tr("{width} × {height} px", width=count(image.width), height=count(image.height))
        prediction = self._prediction
        self._form.setRowVisible(0, prediction is not None)
        said = {
            "prediction": f"{prediction.name} · {percentage(prediction.confidence)}" if prediction is not None else "",
            "size": pixels if image.width else DASH,
            "file": DASH if self._facts.size is None else size_in_bytes(self._facts.size),
            "format": self._facts.format or DASH,
            "folder": printable(os.path.dirname(image.path)),
        }
        for name, text in said.items():
            self.values[name].setText(_breakable(text) if name == "folder" else text)

    def show_folder(self) -> None:
        """Open the folder of the image in the file manager."""
        if self._image is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(self._image.path)))

    def copy(self) -> None:
        """Put the path of the image on the clipboard."""
        if self._image is not None:
            copy_paths([self._image.path])

    def _arrange(self) -> None:
        for button, text, slot in (
            (self.open_folder, N_("Open folder"), self.show_folder),
            (self.copy_path, N_("Copy path"), self.copy),
        ):
            bind(button, "setText", text)
            button.clicked.connect(slot)
        form = self._form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GAP)
        form.setVerticalSpacing(SPACING // 2)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for name, title in _FIELDS:
            heading = MutedLabel()
            heading.setWordWrap(False)
            bind(heading, "setText", title)
            bind(self.values[name], "setAccessibleName", title)
            heading.setAlignment(Qt.AlignmentFlag.AlignTop)
            form.addRow(heading, self.values[name])
        buttons = QHBoxLayout(self.file_actions)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.open_folder, 1)
        buttons.addWidget(self.copy_path, 1)
        self._known = QWidget()
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(SPACING)
        for widget in (self.preview, self.more, self.name, self.reason, self._marks):
            known.addWidget(widget)
        known.addLayout(form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self._known)
        column.addStretch(1)

    def _take_facts(self, facts: FileFacts) -> None:
        self._facts = facts
        self.retranslate()


def read_facts(path: str) -> FileFacts:
    """Look at the file of an image; slow on a slow drive."""
    try:
        size = os.stat(path).st_size
    except OSError:
        return FileFacts(None, "")
    try:
        return FileFacts(size, inspect_image(path).format)
    except ImageError:
        return FileFacts(size, Path(path).suffix.lstrip(".").upper())


def copy_paths(paths: Sequence[str]) -> None:
    """Put paths on the clipboard, one a line."""
    QGuiApplication.clipboard().setText("\n".join(printable(path) for path in paths))


def _value_label() -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setFont(font(FontSize.BODY, tabular=True))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _breakable(path: str) -> str:
    """A path that may be broken into lines after each separator."""
    return path.replace(os.sep, f"{os.sep}\N{ZERO WIDTH SPACE}")


def _wrappable(name: str) -> str:
    """A long name that may be broken into lines anywhere."""
    return "\N{ZERO WIDTH SPACE}".join(name) if len(name) > LONG_NAME else name
