"""The pictures of the program in the sizes and formats of each system, drawn from the SVG files."""

import io
import os
from pathlib import Path

from installer.plan import NAME, REPOSITORY

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Width and height in px, as the hicolor theme has them."""
PROGRAM = REPOSITORY / "resources" / "icons" / "imgmine.svg"


def render_png(picture: Path, size: int) -> bytes:
    """An SVG file as a PNG of ``size`` x ``size`` px."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(picture)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def write_program_icons(folder: Path) -> None:
    """The pictures that the program files of Windows (``.ico``) and macOS (``.icns``) carry."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    pictures = [Image.open(io.BytesIO(render_png(PROGRAM, size))) for size in (16, 24, 32, 48, 64, 128, 256)]
    pictures[-1].save(folder / f"{NAME}.ico", append_images=pictures[:-1])
    Image.open(io.BytesIO(render_png(PROGRAM, 1024))).save(folder / f"{NAME}.icns")
    for kind in ("project", "model"):
        source = Path(__file__).parent / "icons" / f"{kind}.svg"
        pictures = [Image.open(io.BytesIO(render_png(source, size))) for size in (16, 32, 48, 256)]
        pictures[-1].save(folder / f"{kind}.ico", append_images=pictures[:-1])
