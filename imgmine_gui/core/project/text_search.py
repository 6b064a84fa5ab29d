"""Search in the paths and texts of all images: by groups of three characters in an index, then letter by letter."""

import sqlite3
from dataclasses import dataclass

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.edits.changes import Plain
from imgmine_gui.core.project.names import search_of_text, search_text, searchable

_GROUP = 3
_MOST_GROUPS = 16
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_MATCH = "SELECT rowid FROM image_search WHERE image_search MATCH ?"


@dataclass(frozen=True)
class FoundText:
    """Where a text may occur.

    Attributes:
        text: as it is to be looked for in ``images.search``.
        ids: a SELECT of the ids of all images in which it occurs, and perhaps some more; "" where there is none.
        id_values: for its question marks.
    """

    text: str
    ids: str
    id_values: tuple[Plain, ...]


def find_text(db: sqlite3.Connection, text: str, most: int) -> FoundText:
    """Where a text may occur in the paths of images, or in what is written in them.

    A text of one or two characters begins some of the groups of three that the index knows: each character of a stored
    text begins one (see ``names.SEARCH_END``). Where these occur in very many images, they are no way to find them.

    Args:
        db: the catalogue.
        text: as a person types it; not empty.
        most: in more images the groups of a short text are not looked up.
    """
    wanted = searchable(text)
    if "\0" in wanted:  # no stored text has one
        return FoundText(wanted, "SELECT id FROM images WHERE 0", ())
    if len(wanted) >= _GROUP:
        groups = dict.fromkeys(wanted[start : start + _GROUP] for start in range(len(wanted) - _GROUP + 1))
        return FoundText(wanted, _MATCH, (" ".join(map(_quoted, list(groups)[:_MOST_GROUPS])),))
    begun = _groups_begun_by(db, wanted, most)
    if begun is None:
        return FoundText(wanted, "", ())
    if not begun:
        return FoundText(wanted, "SELECT id FROM images WHERE 0", ())
    return FoundText(wanted, _MATCH, (" OR ".join(map(_quoted, begun)),))


def make_search_functions(db: sqlite3.Connection) -> None:
    """Let SQL know ``search_text(path, page)`` and ``search_of_text(text)``, which together are ``images.search``."""
    db.create_function("search_text", 2, lambda path, page: search_text(with_page(path, page + 1)), deterministic=True)
    db.create_function("search_of_text", 1, search_of_text, deterministic=True)


def _groups_begun_by(db: sqlite3.Connection, start: str, most: int) -> list[str] | None:
    """The groups in the index that begin with ``start``; ``None`` if they occur in more than ``most`` images."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_groups USING fts5vocab (main, 'image_search', 'row')")
    after = ord(start[-1]) + 1
    after = _SURROGATES.stop if after in _SURROGATES else after
    end = start[:-1] + chr(after) if after <= _LAST else None
    groups: list[str] = []
    images = 0
    rows = db.execute(
        "SELECT term, doc FROM temp.search_groups WHERE term >= ?1 AND (?2 IS NULL OR term < ?2)", [start, end]
    )
    for group, count in rows:
        groups.append(group)
        images += count
        if images > most:
            rows.close()
            return None
    return groups


def _quoted(group: str) -> str:
    return '"' + group.replace('"', '""') + '"'
