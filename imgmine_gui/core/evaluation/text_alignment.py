"""How one text becomes another with the fewest edits (Levenshtein 1966), to mark them and to count confusions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein


class EditKind(StrEnum):
    """What stands against what."""

    MATCH = "match"
    SUBSTITUTION = "substitution"
    INSERTION = "insertion"
    """A character was recognised where there is none."""
    DELETION = "deletion"
    """A character was not recognised."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of an alignment.

    Attributes:
        true: the true character; empty for an insertion.
        recognised: the recognised character; empty for a deletion.
        true_index, recognised_index: where they stand in their texts, in code points; where there is none, the place of
            the next one.
    """

    kind: EditKind
    true: str
    recognised: str
    true_index: int
    recognised_index: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """One cell of the table of confusions.

    Attributes:
        true: the true character; empty where one was recognised too many.
        recognised: the recognised one; empty where it was left out.
        count: how often.
        lines: indices of the lines where it happened, ascending, each once.
    """

    true: str
    recognised: str
    count: int
    lines: tuple[int, ...]


def aligned(true: str, recognised: str) -> list[Edit]:
    """The steps from one text to the other with the fewest edits; where several ways are as short, one of them."""
    found: list[Edit] = []
    for piece in Levenshtein.opcodes(true, recognised):
        first, start = piece.src_start, piece.dest_start
        removed, added = true[first : piece.src_end], recognised[start : piece.dest_end]
        if piece.tag in {"equal", "replace"}:
            kind = EditKind.MATCH if piece.tag == "equal" else EditKind.SUBSTITUTION
            pairs = enumerate(zip(removed, added, strict=True))
            found += [Edit(kind, old, new, first + step, start + step) for step, (old, new) in pairs]
        else:
            found += [Edit(EditKind.DELETION, old, "", first + step, start) for step, old in enumerate(removed)]
            found += [Edit(EditKind.INSERTION, "", new, first, start + step) for step, new in enumerate(added)]
    return found


def edit_distance(true: Sequence[str], recognised: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions: of characters in two texts, of words in two lists."""
    return Levenshtein.distance(true, recognised)


def confusions(pairs: Iterable[tuple[str, str]]) -> list[Confusion]:
    """What was recognised in place of what, most frequent first; of lines of (true, recognised) text."""
    lines: dict[tuple[str, str], list[int]] = {}
    for line, (true, recognised) in enumerate(pairs):
        if true == recognised:
            continue
        for edit in aligned(true, recognised):
            if edit.kind is not EditKind.MATCH:
                lines.setdefault((edit.true, edit.recognised), []).append(line)
    cells = [Confusion(*cell, len(where), tuple(dict.fromkeys(where))) for cell, where in lines.items()]
    return sorted(cells, key=lambda cell: (-cell.count, cell.true, cell.recognised))
