"""What was found of a source in another folder, in words for the window and the command line."""

import os

from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.relinking import FoundAgain
from imgmine_gui.core.text import ntr, tr


def counts_in_words(found: FoundAgain) -> str:
    """How many of the known images were found, and where."""
    there = found.in_place + found.elsewhere
    return tr(
        "{found} of {known} images of “{name}” were found in “{path}”.",
        found=f"{there:,}",
        known=f"{found.known:,}",
        name=shown(os.fsencode(os.path.basename(found.before) or found.before)),
        path=shown(os.fsencode(found.move.path)),
    )


def details_in_words(found: FoundAgain) -> list[str]:
    """What else there is to say: a sentence each."""
    told = [
        (
            found.elsewhere,
            ntr(
                "{count} of them lies elsewhere in the folder; it keeps its label.",
                "{count} of them lie elsewhere in the folder; they keep their labels.",
                found.elsewhere,
                count=f"{found.elsewhere:,}",
            ),
        ),
        (
            found.unchecked,
            ntr(
                "{count} more may be there: the scan that follows compares it.",
                "{count} more may be there: the scan that follows compares them.",
                found.unchecked,
                count=f"{found.unchecked:,}",
            ),
        ),
        (
            found.changed,
            ntr(
                "{count} has another content there; its label is kept, and it is shown as changed.",
                "{count} have another content there; their labels are kept, and they are shown as changed.",
                found.changed,
                count=f"{found.changed:,}",
            ),
        ),
        (
            found.missing,
            ntr(
                "{count} is not there; it is marked as missing, and its label is kept.",
                "{count} are not there; they are marked as missing, and their labels are kept.",
                found.missing,
                count=f"{found.missing:,}",
            ),
        ),
    ]
    return [words for count, words in told if count]


def nothing_in_words(found: FoundAgain) -> str:
    """That taking the folder would leave no image of the source."""
    return tr(
        "None of the {count} images that are known in “{name}” is in this folder. If you take it, they are marked as "
        "missing or as changed, and what lies in the folder takes their place.",
        count=f"{found.known:,}",
        name=shown(os.fsencode(os.path.basename(found.before) or found.before)),
    )
