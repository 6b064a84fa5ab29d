"""What ImgMine remembers between two starts, with types, over ``QSettings`` in an INI file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from imgmine_gui.app import places
from imgmine_gui.core.text import LANGUAGES

THEMES = ("system", "light", "dark")
LANGUAGE_CHOICES = ("system", *LANGUAGES)
RECENT_LIMIT = 12

T = TypeVar("T", str, float, bool)


@dataclass(frozen=True)
class RecentProject:
    """A project that was open before; ``exists`` is false where its folder is gone or out of reach."""

    folder: Path
    exists: bool

    @property
    def name(self) -> str:
        """The project's name: that of its folder without ``.imgmine``."""
        return self.folder.stem


class Settings(QObject):
    """All settings; a property each, written as soon as it is set.

    Args:
        file: the INI file; by default the one of ``places.settings_file``.
    """

    changed = Signal(str)
    """The name of the property that has a new value."""

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(file or places.settings_file()), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """``system`` or a key of ``LANGUAGES``."""
        return self._choice("language", LANGUAGE_CHOICES)

    @language.setter
    def language(self, value: str) -> None:
        self._write("language", value)

    @property
    def theme(self) -> str:
        """One of ``THEMES``."""
        return self._choice("theme", THEMES)

    @theme.setter
    def theme(self, value: str) -> None:
        self._write("theme", value)

    @property
    def colormap(self) -> str:
        """The name of the colour map of heatmaps; empty for the default."""
        return self._text("colormap")

    @colormap.setter
    def colormap(self, value: str) -> None:
        self._write("colormap", value)

    @property
    def heatmap_opacity(self) -> float:
        """0 (the image alone) to 1."""
        try:
            return min(1.0, max(0.0, float(self._text("heatmap_opacity") or 0.6)))
        except ValueError:
            return 0.6

    @heatmap_opacity.setter
    def heatmap_opacity(self, value: float) -> None:
        self._write("heatmap_opacity", float(value))

    @property
    def method(self) -> str:
        """The name of the explainer that was chosen last; empty for the default of the architecture."""
        return self._text("method")

    @method.setter
    def method(self, value: str) -> None:
        self._write("method", value)

    @property
    def projects_folder(self) -> Path:
        """Where new projects go."""
        text = self._text("projects_folder")
        return Path(text) if text else places.projects_folder()

    @projects_folder.setter
    def projects_folder(self, value: Path) -> None:
        self._write("projects_folder", str(value))

    @property
    def recent_projects(self) -> list[RecentProject]:
        """The projects that were open before, the newest first."""
        return [RecentProject(Path(text), (Path(text) / "project.db").is_file()) for text in self._recent()]

    def remember_project(self, folder: Path) -> None:
        """Put ``folder`` at the top of the recent projects."""
        text = str(folder)
        self._write("recent_projects", [text, *(other for other in self._recent() if other != text)][:RECENT_LIMIT])

    def forget_project(self, folder: Path) -> None:
        """Take ``folder`` off the recent projects; the project itself stays."""
        self._write("recent_projects", [other for other in self._recent() if other != str(folder)])

    def state(self, name: str) -> QByteArray | None:
        """The bytes that a window or splitter saved under ``name`` with ``set_state``, for ``restoreState``."""
        value = self._store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else None

    def set_state(self, name: str, value: QByteArray) -> None:
        """Keep the geometry or state of a window or splitter."""
        self._store.setValue(f"state/{name}", value)

    def text(self, name: str, default: str = "") -> str:
        """A small thing that one page remembers: the last folder of a dialog, a filter, a form as JSON."""
        value = self._store.value(f"text/{name}")
        return value if isinstance(value, str) else default

    def set_text(self, name: str, value: str) -> None:
        """Keep a small thing that one page remembers."""
        self._store.setValue(f"text/{name}", value)

    def sync(self) -> None:
        """Write everything to the file now."""
        self._store.sync()

    def _recent(self) -> list[str]:
        value = self._store.value("recent_projects")
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [text for text in texts if isinstance(text, str) and text]

    def _text(self, name: str) -> str:
        value = self._store.value(name)
        return "" if value is None else str(value)

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._text(name)
        return value if value in choices else choices[0]

    def _write(self, name: str, value: object) -> None:
        if self._store.value(name) != value:
            self._store.setValue(name, value)
            self.changed.emit(name)
