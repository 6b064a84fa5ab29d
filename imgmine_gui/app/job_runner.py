"""Runs jobs in background threads."""

from PySide6.QtCore import QObject


class JobRunner(QObject):
    """Runs jobs in background threads."""
