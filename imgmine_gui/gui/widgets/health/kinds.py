"""How each finding is shown: its icon, its sentence, and the thresholds that decide on it."""

from dataclasses import dataclass

from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.text import N_


@dataclass(frozen=True)
class Look:
    """Of one kind of finding.

    Attributes:
        icon: of the icon set.
        sentence: what it means, marked with ``N_``.
        thresholds: names of the fields of ``HealthThresholds`` that decide on it.
        grouped: whether its images are shown in groups.
    """

    icon: str
    sentence: str
    thresholds: tuple[str, ...] = ()
    grouped: bool = False


_LIKE = ("distance",)

LOOKS = {
    FindingKind.EXACT: Look("copy", N_("Files with the same content, byte for byte."), grouped=True),
    FindingKind.NEAR: Look(
        "copy-simple", N_("Images that look alike: copies that were resized, compressed or edited."), _LIKE, True
    ),
    FindingKind.ACROSS_SPLITS: Look(
        "git-fork", N_("Copies of one image in two splits: the test looks better than it is."), _LIKE, True
    ),
    FindingKind.ACROSS_GROUPS: Look(
        "users-three", N_("Copies of one image in two groups, which were meant to have nothing in common."), _LIKE, True
    ),
    FindingKind.OTHER_LABELS: Look(
        "tag", N_("Copies of one image with different labels: the network is told two different things."), _LIKE, True
    ),
    FindingKind.BLURRED: Look(
        "drop-half", N_("Much less detail than is typical here: out of focus, shaken, or enlarged."), ("sharpness",)
    ),
    FindingKind.DARK: Look("moon", N_("Much darker than is typical here."), ("dark",)),
    FindingKind.BRIGHT: Look("sun", N_("Much brighter than is typical here."), ("bright",)),
    FindingKind.LOW_INFORMATION: Look(
        "square", N_("Hardly anything to see: empty pages, covered lenses, failed renderings."), ("contrast", "entropy")
    ),
    FindingKind.ODD_SIZE: Look(
        "frame-corners", N_("Sizes or proportions that are rare here and far from the others."), ("oddness",)
    ),
    FindingKind.GREY: Look("circle-half", N_("Without colour, where most images have some."), ("grey",)),
    FindingKind.UNREADABLE: Look("file-x", N_("Files that cannot be decoded; training leaves them out.")),
}

UNMEASURED = frozenset({FindingKind.EXACT, FindingKind.UNREADABLE})
"""What is found without measuring."""

SECTIONS = (
    (N_("Duplicates"), tuple(kind for kind, look in LOOKS.items() if look.grouped)),
    (N_("Single images"), tuple(kind for kind, look in LOOKS.items() if not look.grouped)),
)
"""The headings of the list, and what stands below each."""
