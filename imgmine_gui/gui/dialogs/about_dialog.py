"""What this program is, and the versions of its parts."""

import importlib.metadata
import platform

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imgmine_gui import __version__
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING, FontSize, font

PICTURE = 64
LIBRARIES = {
    "PySide6": ("PySide6_Essentials",),
    "TensorFlow": ("tensorflow-cpu", "tensorflow"),
    "Keras": ("keras",),
    "NumPy": ("numpy",),
    "Pillow": ("pillow",),
}


class AboutDialog(QDialog):
    """Name, purpose, licence, versions; the versions can be copied."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        bind(self, "setWindowTitle", N_("About ImgMine"))
        bind(self, "setAccessibleName", N_("About ImgMine"))
        picture = QLabel()
        picture.setPixmap(QGuiApplication.windowIcon().pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatioF()))
        title = QLabel(f"ImgMine {__version__}")
        title.setFont(font(FontSize.TITLE, bold=True))
        purpose = QLabel(wordWrap=True)
        bind(purpose, "setText", N_("Find out what is in your images, and see where the network looked."))
        self.versions = QLabel(versions().partition("\n")[2], wordWrap=True)  # our own is the title
        self.versions.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.versions.setFont(font(FontSize.SMALL))
        bind(self.versions, "setAccessibleName", N_("Versions"))
        licence = QLabel(wordWrap=True)
        bind(
            licence,
            "setText",
            N_(
                "Free software under the Apache License 2.0. "
                "Everything stays on this computer: ImgMine never calls home."
            ),
        )
        words = QVBoxLayout()
        words.setSpacing(SPACING)
        for widget in (title, purpose, licence, self.versions):
            words.addWidget(widget)
        top = QHBoxLayout()
        top.setSpacing(MARGIN)
        top.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self._buttons())
        self.setFixedWidth(520)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(copy, "setText", N_("Copy the versions"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions()))
        buttons.rejected.connect(self.reject)
        return buttons


def versions() -> str:
    """ImgMine and what it stands on, a line each."""
    lines = [f"ImgMine {__version__}", f"Python {platform.python_version()}", f"Qt {qVersion()}"]
    for name, packages in LIBRARIES.items():
        for package in packages:
            try:
                lines.append(f"{name} {importlib.metadata.version(package)}")
                break
            except importlib.metadata.PackageNotFoundError:
                continue
    return "\n".join([*lines, platform.platform()])
