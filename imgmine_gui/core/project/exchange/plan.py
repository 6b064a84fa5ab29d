"""What an import would change, as it is shown in a preview."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imgmine_gui.core.project.exchange.description import Problem, ProblemKind
from imgmine_gui.core.project.exchange.options import ImportOptions

EXAMPLES = 100
"""So many images are shown in a preview."""


@dataclass(frozen=True, slots=True)
class Example:
    """One image of the preview.

    Attributes:
        image_id: of the catalogue.
        name: of the image's file.
        label_before: its class now.
        labels: what it would have; None if that stays as it is.
        split_before: its split now.
        split: what it would have; None if that stays as it is.
        shapes: how many the file brings; None if it says nothing of shapes.
        text_before: what is written in it, as the project has it now; "" for nothing.
        text: what it would have; None if that stays as it is.
    """

    image_id: int
    name: str
    label_before: str | None
    labels: tuple[str, ...] | None
    split_before: str | None
    split: str | None
    shapes: int | None
    text_before: str = ""
    text: str | None = None


@dataclass(frozen=True)
class ImportPlan:
    """What an import would change, and where that is kept until it is applied.

    Attributes:
        staging: the file that ``apply_plan`` reads; to be deleted in the end.
        file: what is imported.
        format: the name of its reader.
        options: how it was read.
        pieces: places of the file that speak of an image.
        images: images of the project that it speaks of.
        by_name: pieces whose image was found by the name of its file alone.
        classes: images and shapes by class; in the order of the file.
        new_classes: those of them that the project does not have yet.
        labels_new: images without a label that get one.
        labels_changed: images with a label that get another, or lose it.
        labels_same: images that have the label already.
        labels_kept: images that keep their label although the file has another.
        several: images with several labels.
        takes_several: whether all of these labels are taken; otherwise the first.
        splits: images that get another split.
        split_by_hand: images whose split is then one set by hand, by split; some of them are in it already.
        groups: images that get another group.
        notes: images that get another note.
        texts: images that get another text.
        shapes: by kind.
        shapes_there: shapes that the images have now, and that are taken away if the options say so.
        problems: the first of each kind.
        counts: of all problems by kind.
        remarks: on the file as a whole: English templates with their values.
        examples: the first images that would change, then others.
    """

    staging: Path
    file: Path
    format: str
    options: ImportOptions
    pieces: int = 0
    images: int = 0
    by_name: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    new_classes: tuple[str, ...] = ()
    labels_new: int = 0
    labels_changed: int = 0
    labels_same: int = 0
    labels_kept: int = 0
    several: int = 0
    takes_several: bool = False
    splits: int = 0
    split_by_hand: dict[str, int] = field(default_factory=dict)
    groups: int = 0
    notes: int = 0
    texts: int = 0
    shapes: dict[str, int] = field(default_factory=dict)
    shapes_there: int = 0
    problems: tuple[Problem, ...] = ()
    counts: dict[ProblemKind, int] = field(default_factory=dict)
    remarks: tuple[tuple[str, dict[str, Any]], ...] = ()
    examples: tuple[Example, ...] = ()
