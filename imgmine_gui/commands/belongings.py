"""Checks of ``imgmine self-test`` that only look: files, languages, help, modules."""

import gettext
import importlib.util
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import imgmine_gui
from imgmine_gui.core.text import LANGUAGES, RESOURCES

SAMPLE = RESOURCES / "samples" / "clutter"
LINES = RESOURCES / "samples" / "lines"
"""The bundled lines of text."""
LINK = re.compile(r"\]\(([\w-]+\.md)(?:#[^)]*)?\)")
PLACEHOLDER = "Train"
"""A text that every translation has."""


def demand(holds: bool, what: str) -> None:
    """Raise ``RuntimeError(what)`` unless ``holds``."""
    if not holds:
        raise RuntimeError(what)


def check_files() -> None:
    """Samples, pictures and pretrained weights are there, and none is empty."""
    wanted = [
        SAMPLE / "boxes.csv",
        LINES / "labels.csv",
        RESOURCES / "icons" / "imgmine.svg",
        *(RESOURCES / "pretrained").glob("*"),
    ]
    for path in wanted:
        demand(path.is_dir() or bool(path.read_bytes()), str(path))
    for folder in (SAMPLE, LINES):
        images = [path for path in folder.rglob("*") if path.suffix in (".jpg", ".png")]
        demand(len(images) >= 1000, f"{folder}: {len(images)} images")


def check_languages() -> None:
    """Every language has its catalogue, and each of its pages of help, whose links lead somewhere."""
    english = _pages("en")
    demand(len(english) > 5, f"{len(english)} pages of help")
    for name in LANGUAGES:
        demand(_pages(name) == english, f"help in {name}: {sorted(english ^ _pages(name))}")
        for page in _pages(name):
            text = (RESOURCES / "help" / name / page).read_text("utf-8")
            broken = set(LINK.findall(text)) - english
            demand(not broken, f"help in {name}, {page}: {sorted(broken)}")
        if name != "en":
            translated = gettext.translation("imgmine", RESOURCES / "i18n", languages=[name])
            demand(translated.gettext(PLACEHOLDER) != PLACEHOLDER, f"the translation into {name} is empty")


def check_glyphs() -> None:
    """The set of glyphs is there: a font, and the names of its characters."""
    found = importlib.util.find_spec("qtawesome")
    demand(found is not None and bool(found.submodule_search_locations), "qtawesome")
    assert found is not None and found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0]) / "fonts"
    (names,) = folder.glob("phosphor-charmap*.json")
    demand("folder-open" in json.loads(names.read_text("utf-8")), str(names))
    (font,) = folder.glob("phosphor*.ttf")
    demand(font.stat().st_size > 0, str(font))


def modules() -> Iterator[str]:
    """The names of all our modules, but for the one that starts the program."""
    for module in pkgutil.walk_packages(imgmine_gui.__path__, "imgmine_gui."):
        if not module.name.endswith("__main__"):
            yield module.name


def _pages(language: str) -> set[str]:
    return {path.name for path in (RESOURCES / "help" / language).glob("*.md")}
