"""The pages of the help: Markdown files, a folder a language."""

import re
from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.text import RESOURCES, language

HELP = RESOURCES / "help"
FIRST = "index.md"
_LINK = re.compile(r"\]\(([\w-]+\.md)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class HelpPage:
    """One page; its title is its first heading."""

    name: str
    title: str
    text: str


def help_pages(folder: Path = HELP) -> list[HelpPage]:
    """The pages in the present language, English where one is not translated.

    The first is ``index.md``; the others follow in the order in which it links to them, then by name.
    """
    files = {file.name: file for file in sorted((folder / "en").glob("*.md"))}
    files |= {file.name: file for file in sorted((folder / language()).glob("*.md"))}
    if FIRST not in files:
        return [_read(files[name]) for name in files]
    first = _read(files.pop(FIRST))
    linked = [name for name in dict.fromkeys(_LINK.findall(first.text)) if name in files]
    return [first, *(_read(files[name]) for name in [*linked, *(name for name in files if name not in linked)])]


def _read(file: Path) -> HelpPage:
    text = file.read_text(encoding="utf-8")
    heading = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    return HelpPage(file.name, heading.group(1).strip() if heading else file.stem, text)
