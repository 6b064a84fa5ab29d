"""Writes small files of other programs, and reads them by the format that is recognised."""

import json
from pathlib import Path
from typing import Any

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.exchange.description import ImportedImage, Told
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS, format_of
from imgmine_gui.core.project.exchange.options import ImportOptions


def read(path: Path, expected: str, told: Told | None = None) -> list[ImportedImage]:
    """All that is said, after the format was recognised."""
    place = Place(path)
    assert format_of(place) == expected
    return list(READERS[expected]().read(place, ImportOptions(), told or Told(PlainContext())))


def put(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path
