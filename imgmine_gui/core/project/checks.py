"""What a person should know of the images before training: what makes it impossible, what makes it poor.

The checks read counts, not images, so that a catalogue of a million rows answers them with a few queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, tr

FEW_IMAGES = 20
"""Fewer training images than this in a class are worth a warning."""
IMBALANCE = 3.0
"""The largest class may have this many times the training images of the smallest without a warning."""
EXAMPLES = 3
"""So many names are shown as examples."""

Severity = Literal["blocks", "warns", "informs"]


@dataclass(frozen=True)
class ClassCounts:
    """A class and how many readable images it has in each split.

    Attributes:
        id: of the class in the catalogue; 0 outside a project.
        colour: index into the palette of class colours.
        unsplit: images that have it and are in no split, because they are excluded.
        further: images that have it beside another label.
        shortcut: the key that stands for it, "1" to "9" or "0"; "" for none.
    """

    id: int
    name: str
    colour: int
    train: int
    validation: int
    test: int
    _: KW_ONLY
    unsplit: int = 0
    further: int = 0
    shortcut: str = ""

    @property
    def used(self) -> int:
        """How many images it has in all splits together."""
        return self.train + self.validation + self.test


@dataclass(frozen=True)
class Shared:
    """Contents that occur where they should not occur together.

    Attributes:
        count: how many contents.
        examples: names of some of their images, at most ``EXAMPLES``.
    """

    count: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataFacts:
    """The counts that the checks read.

    Attributes:
        classes: all of the project.
        unlabelled: readable images without a class.
        unreadable: files that are images but could not be read.
        across_splits: contents in two splits or more.
        two_labels: contents with two labels or more.
        across_groups: contents in two groups or more.
        offline: the sources that are not there, each with the number of its images that are used.
    """

    classes: Sequence[ClassCounts]
    unlabelled: int = 0
    unreadable: int = 0
    across_splits: Shared = field(default_factory=Shared)
    two_labels: Shared = field(default_factory=Shared)
    across_groups: Shared = field(default_factory=Shared)
    offline: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class DataCheck:
    """One finding. Its texts are English templates, translated when they are read.

    Attributes:
        severity: ``blocks`` training, ``warns``, or only ``informs``.
        code: names the kind of finding, for programs.
        message_template: what was found.
        remedy_template: what to do about it.
        values: for the fields of both texts.
    """

    severity: Severity
    code: str
    message_template: str
    remedy_template: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What was found, in the current language."""
        return tr(self.message_template, **self.values)

    @property
    def remedy(self) -> str:
        """What to do, in the current language."""
        return tr(self.remedy_template, **self.values)


OFFLINE_REMEDY = N_("Connect its drive, say where the folder is now, or remove the source from the project.")


def check_data(facts: DataFacts) -> list[DataCheck]:
    """All findings, those that block training first."""
    used = [one for one in facts.classes if one.used]
    findings = [
        *_offline(facts),
        *_blocking(facts, used),
        *_sizes(used),
        *_similar_names(facts.classes),
        *_shared(facts),
        *_counts(facts, used),
    ]
    order: dict[Severity, int] = {"blocks": 0, "warns": 1, "informs": 2}
    return sorted(findings, key=lambda finding: order[finding.severity])


def require_trainable(checks: Iterable[DataCheck]) -> None:
    """Do nothing if the images can be trained on.

    Raises:
        UserError: the first finding that blocks training.
    """
    for check in checks:
        if check.severity == "blocks":
            raise UserError(check.message_template, check.remedy_template, **check.values)


def _blocking(facts: DataFacts, used: Sequence[ClassCounts]) -> Iterable[DataCheck]:
    excluded = any(one.unsplit for one in facts.classes)
    if not used and not facts.unlabelled and not excluded:
        yield DataCheck(
            "blocks",
            "no_image",
            N_("There is no image that could be read."),
            N_("Add a folder that holds images such as JPEG or PNG files."),
        )
    elif not used and excluded:
        yield DataCheck(
            "blocks",
            "all_excluded",
            N_("All images that have a class are excluded."),
            N_("Use some of them again, or give others a class."),
        )
    elif not used:
        yield DataCheck(
            "blocks",
            "no_class",
            N_("No image has a class."),
            N_(
                "Put the images of each class into a folder of its own, named like the class, and scan again. At least "
                "two such folders are needed."
            ),
        )
    elif len(used) == 1:
        yield DataCheck(
            "blocks",
            "one_class",
            N_("There is only one class, “{name}”; telling classes apart needs two."),
            N_("Add images of another class, in a folder of its own."),
            {"name": used[0].name},
        )
    for one in used:
        if one.train < 2:
            yield DataCheck(
                "blocks",
                "class_too_small",
                N_("The class “{name}” has too few training images: {count}. At least 2 are needed."),
                N_("Add images of this class for training, or take its folder out."),
                {"name": one.name, "count": one.train},
            )


def _offline(facts: DataFacts) -> Iterable[DataCheck]:
    for path, count in facts.offline:
        yield DataCheck(
            "blocks",
            "offline",
            N_("The source “{path}” is not there, so its images cannot be trained on: {count}."),
            OFFLINE_REMEDY,
            {"path": path, "count": count},
        )


def _sizes(classes: Sequence[ClassCounts]) -> Iterable[DataCheck]:
    few = [one for one in classes if 2 <= one.train < FEW_IMAGES]
    if few:
        smallest = min(few, key=lambda one: one.train)
        yield DataCheck(
            "warns",
            "few_images",
            N_("Classes with fewer than {limit} training images: {classes}. The smallest is “{name}” with {count}."),
            N_("Add images: with so few, a network learns by heart instead of learning what they share."),
            {"limit": FEW_IMAGES, "classes": len(few), "name": smallest.name, "count": smallest.train},
        )
    if len(classes) > 1:
        smallest, largest = min(classes, key=lambda one: one.train), max(classes, key=lambda one: one.train)
        if largest.train > IMBALANCE * smallest.train > 0:
            yield DataCheck(
                "warns",
                "imbalance",
                N_("“{largest}” has {most} training images, “{smallest}” only {least}."),
                N_("Add images of the small classes, or switch on “Balance classes”."),
                {
                    "largest": largest.name,
                    "most": largest.train,
                    "smallest": smallest.name,
                    "least": smallest.train,
                },
            )
    if classes and not any(one.validation for one in classes):
        yield DataCheck(
            "warns",
            "no_validation",
            N_("There are no validation images, so nothing shows when training begins to learn by heart."),
            N_("Set a validation part above zero, or add images."),
        )


def _similar_names(classes: Sequence[ClassCounts]) -> Iterable[DataCheck]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in classes:
        by_name[one.name.strip().casefold()].append(one.name)
    for first, second, *_ in (names for names in by_name.values() if len(names) > 1):
        yield DataCheck(
            "warns",
            "similar_names",
            N_("“{first}” and “{second}” are two classes, though their names differ only in case or spaces."),
            N_("If they are meant to be one, give their folders the same name and scan again."),
            {"first": first, "second": second},
        )


def _shared(facts: DataFacts) -> Iterable[DataCheck]:
    if facts.across_splits.count:
        yield DataCheck(
            "warns",
            "across_splits",
            N_(
                "The same image stands in two splits, so the test looks better than it is: {count}, such as {examples}."
            ),
            N_("Take the copies out of one of the split folders."),
            _values(facts.across_splits),
        )
    if facts.two_labels.count:
        yield DataCheck(
            "warns",
            "two_labels",
            N_("The same image stands in two classes: {count}, such as {examples}."),
            N_("Keep each only in the class that it belongs to."),
            _values(facts.two_labels),
        )
    if facts.across_groups.count:
        yield DataCheck(
            "warns",
            "across_groups",
            N_("The same image stands in two groups, which are kept in one split then: {count}, such as {examples}."),
            N_("If the groups are meant to be apart, take the copies out of one of them, or exclude them."),
            _values(facts.across_groups),
        )


def _values(shared: Shared) -> dict[str, Any]:
    return {"count": shared.count, "examples": shared.examples}


def _counts(facts: DataFacts, used: Sequence[ClassCounts]) -> Iterable[DataCheck]:
    if facts.unreadable:
        yield DataCheck(
            "warns",
            "unreadable",
            N_("Images that could not be read: {count}. They are left out."),
            N_("Look at the list of problems for the reason of each."),
            {"count": facts.unreadable},
        )
    if facts.unlabelled and used:
        yield DataCheck(
            "informs",
            "unlabelled",
            N_("Images without a class: {count}. Training leaves them out."),
            N_("They can be predicted once a network is trained."),
            {"count": facts.unlabelled},
        )
    empty = [one.name for one in facts.classes if not one.used]
    if empty:
        yield DataCheck(
            "informs",
            "empty_classes",
            N_("Classes without an image: {count}, such as {examples}. Training leaves them out."),
            N_("Label images with them, or delete them."),
            {"count": len(empty), "examples": tuple(empty[:EXAMPLES])},
        )
