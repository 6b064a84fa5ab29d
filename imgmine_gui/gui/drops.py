"""What is dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QMimeData


def paths_of(data: QMimeData) -> list[Path]:
    """The files and folders of this machine that ``data`` names; empty where it is something else."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
