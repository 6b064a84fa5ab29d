"""The engine that serves predictions and heatmaps."""

from PySide6.QtCore import QObject


class Looking(QObject):
    """The engine that serves predictions and heatmaps."""
