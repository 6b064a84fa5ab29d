"""What a person should know of the transcriptions before a network learns to read them."""

from collections.abc import Iterable, Sequence

from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.transcriptions.alphabet import RARE, CharacterCount, count_characters
from imgmine_gui.core.text import N_

OF_ALL_TASKS = frozenset({"no_image", "offline", "across_splits", "across_groups", "unreadable"})
"""Codes of the findings that are not about classes."""
SHOWN = 20
"""So many characters are named at most."""


def check_texts(items: Sequence[DataItem]) -> list[DataCheck]:
    """What is wrong with the transcriptions of these images, what blocks training first."""
    known = [item for item in items if item.text]
    of_split = {split: sum(item.split is split for item in known) for split in Split}
    if not known:
        return [
            DataCheck(
                "blocks", "no_texts", N_("No image has a transcription."),
                N_("Type them on the page Data, or add a labels.csv or text files to the folder."),
            )
        ]  # fmt: skip
    found = []
    if not of_split[Split.TRAIN]:
        found.append(
            DataCheck(
                "blocks", "no_training_texts", N_("No image of the training part has a transcription."),
                N_("Type some on the page Data, or divide the images anew."),
            )
        )  # fmt: skip
    elif not of_split[Split.VALIDATION]:
        found.append(
            DataCheck(
                "warns", "no_validation_texts", N_("No image of the validation part has a transcription."),
                N_("Without any it cannot be said which epoch is best."),
            )
        )  # fmt: skip
    counted = count_characters(known)
    found += _characters(counted)
    if without := len(items) - len(known):
        found.append(
            DataCheck(
                "informs", "without_text", N_("Images without a transcription: {count}."),
                N_("They are left out of the training."), {"count": without},
            )
        )  # fmt: skip
    return found


def with_common(found: Sequence[DataCheck], checks: Iterable[DataCheck]) -> list[DataCheck]:
    """Findings about texts, and those of ``checks`` that are not about classes; what blocks training first."""
    every = [*found, *(check for check in checks if check.code in OF_ALL_TASKS)]
    return sorted(every, key=lambda check: ("blocks", "warns", "informs").index(check.severity))


def _characters(counted: Sequence[CharacterCount]) -> Iterable[DataCheck]:
    unseen = [one for one in counted if not one.in_training]
    rare = [one for one in counted if one.in_training and one.rare]
    if unseen:
        yield DataCheck(
            "warns", "unseen_characters",
            N_("Characters that occur outside the training part only: {characters}."),
            N_("They cannot be learned."), {"characters": _named(unseen)},
        )  # fmt: skip
    if rare:
        yield DataCheck(
            "informs", "rare_characters",
            N_("Characters in fewer than {least} training images: {characters}."),
            N_("They will hardly be learned."), {"least": RARE, "characters": _named(rare)},
        )  # fmt: skip


def _named(characters: Sequence[CharacterCount]) -> str:
    named = " ".join(one.shown for one in characters[:SHOWN])
    return f"{named} …" if len(characters) > SHOWN else named
