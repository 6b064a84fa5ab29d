"""What the page of data says of a project, read at once beside the window."""

from dataclasses import dataclass

from imgmine_gui.core.project.catalogue import Catalogue, Source, Totals
from imgmine_gui.core.project.checks import ClassCounts, DataCheck
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.text_checks import check_texts, with_common


@dataclass(frozen=True)
class DataState:
    """Everything but the images themselves.

    Attributes:
        settings: how images are divided that no folder divides.
        given: the splits that folders name.
        transcribed: images of which it is known what is written in them.
        several_labels: whether an image may have several labels.
        divided: whether the images were divided anew just now, so that their rows may say otherwise.
    """

    sources: list[Source]
    classes: list[ClassCounts]
    totals: Totals
    checks: list[DataCheck]
    settings: SplitSettings
    given: frozenset[Split]
    transcribed: int
    several_labels: bool = False
    divided: bool = False


def read_state(catalogue: Catalogue) -> DataState:
    """Read all of it; some tenths of a second for a hundred thousand images.

    A large catalogue leaves its splits as they are after an edit, so that labelling is not slowed down: they are
    brought up to date here.
    """
    divided = not catalogue.read_only and catalogue.are_splits_stale()
    if divided:
        catalogue.renew_splits()
    classes, transcribed = catalogue.classes(), catalogue.count(ImageQuery(transcribed=True))
    return DataState(
        catalogue.sources(),
        classes,
        catalogue.totals(),
        _checks(catalogue, classes, transcribed),
        catalogue.split_settings(),
        catalogue.given_splits(),
        transcribed,
        catalogue.edits.several_labels(),
        divided,
    )


def _checks(catalogue: Catalogue, classes: list[ClassCounts], transcribed: int) -> list[DataCheck]:
    """Of the transcriptions, where more images have one than a class: then reading is what is learned of them."""
    checks = catalogue.checks()
    if transcribed <= sum(one.used for one in classes):
        return checks
    return with_common(check_texts(catalogue.items()), checks)
