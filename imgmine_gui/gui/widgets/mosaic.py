"""Several pictures side by side in one: the face of a sample or of a project."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

SUFFIXES = (".png", ".jpg", ".jpeg")
GAP = 2


def sample_pictures(folder: Path, count: int) -> list[Path]:
    """Some images of a folder whose sub-folders are splits and classes: one of each class in turn.

    The folders are read, not the images, so that a sample with thousands of them answers at once.
    """
    splits = _folders(folder)
    classes = (_folders(splits[0]) if splits else []) or splits or [folder]
    shuffled = [list(itertools.islice(_images(one), count)) for one in classes]
    in_turn = (path for paths in itertools.zip_longest(*shuffled) for path in paths if path is not None)
    return list(itertools.islice(in_turn, count))


def project_pictures(folder: Path, count: int) -> list[Path]:
    """Some thumbnails that the project in ``folder`` has made; empty where it has made none yet."""
    made = (path for path in (folder / "cache").rglob("*.jpg"))
    return list(itertools.islice(made, count))


def mosaic(pictures: Sequence[Path], columns: int, rows: int, size: QSize, ratio: float) -> QImage:
    """Draw ``pictures``, cropped to squares or so, in rows from the top left.

    Only our own bundled images and thumbnails come here: what a person has goes through ``core.images``.

    Args:
        size: of the whole, in device-independent pixels.
        ratio: device pixels in each of them.
    """
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    width, height = (size.width() + GAP) / columns, (size.height() + GAP) / rows
    for place, path in enumerate(pictures[: columns * rows]):
        row, column = divmod(place, columns)
        left, top = round(column * width), round(row * height)
        cell = QRect(left, top, round((column + 1) * width) - GAP - left, round((row + 1) * height) - GAP - top)
        picture = QImageReader(str(path)).read()
        if not picture.isNull():
            painter.drawImage(cell, picture, _crop(picture.size(), cell.size()))
    painter.end()
    return image


def _crop(whole: QSize, shape: QSize) -> QRect:
    """The largest rectangle of the proportions of ``shape`` in the middle of ``whole``."""
    size = shape.scaled(whole, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (whole.width() - size.width()) // 2, (whole.height() - size.height()) // 2, size.width(), size.height()
    )


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _images(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES)
