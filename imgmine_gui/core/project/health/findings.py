"""What may be wrong with images: duplicates, and images that are blurred, dark, empty or odd beside the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.project.health.near import near_groups
from imgmine_gui.core.project.health.table import HealthTable
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.text import N_

_RARE = 0.03
"""As the share of all images."""
_ALIKE = 0.05
"""Sizes that differ by less than this share are alike."""

Ids = tuple[int, ...]
Group = tuple[int, ...]


class FindingKind(Choice):
    """What is found, in the order in which it is listed."""

    EXACT = "exact", N_("Exact duplicates")
    NEAR = "near", N_("Near duplicates")
    ACROSS_SPLITS = "across_splits", N_("Duplicates across splits")
    ACROSS_GROUPS = "across_groups", N_("Duplicates across groups")
    OTHER_LABELS = "other_labels", N_("Duplicates with different labels")
    BLURRED = "blurred", N_("Blurred")
    DARK = "dark", N_("Too dark")
    BRIGHT = "bright", N_("Too bright")
    LOW_INFORMATION = "low_information", N_("Nearly one colour")
    ODD_SIZE = "odd_size", N_("Odd sizes")
    GREY = "grey", N_("Greyscale among colour")
    UNREADABLE = "unreadable", N_("Unreadable")


@dataclass(frozen=True)
class Finding:
    """The images that were found.

    Attributes:
        kind: what it is.
        ids: of the images, the clearest first; of duplicates, group after group.
        groups: of duplicates: the images of each group, the best (the largest) first; the largest groups first.
    """

    kind: FindingKind
    ids: Ids
    groups: tuple[Group, ...] = ()

    @property
    def spare(self) -> Ids:
        """Of duplicates: all images but the best of each group."""
        return tuple(number for group in self.groups for number in group[1:])


@dataclass(frozen=True, slots=True)
class Member:
    """What duplicates are told apart by.

    Attributes:
        pixels: width times height.
        size: of the file, in bytes.
        split: value of a ``Split``, or None.
        class_id: of the label, or None.
        group: that images are never divided within; "" for none.
    """

    pixels: int
    size: int
    split: str | None
    class_id: int | None
    group: str


def duplicates(
    table: HealthTable,
    exact: Sequence[Group],
    thresholds: HealthThresholds,
    pause: Callable[[], None] = lambda: None,
) -> tuple[list[Group], list[Group]]:
    """Groups of near duplicates, and all groups of duplicates, near or exact; ids in the order of the table.

    Images of nearly one colour have a hash that says nothing: they are exact duplicates or none.

    Args:
        table: the measured images.
        exact: the groups of images with equal content.
        thresholds: distance, and what is of one colour.
        pause: called many times a second; may raise to end the search.
    """
    telling = ~_empty(table, thresholds)
    ids = table.ids[telling]
    found = [tuple(ids[group].tolist()) for group in near_groups(table.hashes[telling], thresholds.distance, pause)]
    content = {number: place for place, group in enumerate(exact) for number in group}
    near = [group for group in found if len({content.get(number, -number) for number in group}) > 1]
    covered = {number for group in near for number in group}
    return near, near + [group for group in exact if group[0] not in covered]


def duplicate_findings(
    exact: Sequence[Group], near: Sequence[Group], every: Sequence[Group], members: Mapping[int, Member]
) -> list[Finding]:
    """The findings about duplicates.

    Args:
        exact, near, every: groups, as from ``duplicates``.
        members: all images in them.
    """

    def differ(read: Callable[[Member], object]) -> list[Group]:
        values = ({read(members[number]) for number in group} - {None, ""} for group in every)
        return [group for group, found in zip(every, values, strict=True) if len(found) > 1]

    kinds = {
        FindingKind.EXACT: exact,
        FindingKind.NEAR: near,
        FindingKind.ACROSS_SPLITS: differ(lambda member: member.split),
        FindingKind.ACROSS_GROUPS: differ(lambda member: member.group),
        FindingKind.OTHER_LABELS: differ(lambda member: member.class_id),
    }
    return [_of_groups(kind, groups, members) for kind, groups in kinds.items()]


def single_findings(table: HealthTable, thresholds: HealthThresholds) -> list[Finding]:
    """The findings about single images."""
    blur = table.detail < thresholds.sharpness * table.typical_detail
    dark = table.brightness < thresholds.dark * table.typical_brightness
    bright = 1 - table.brightness < thresholds.bright * (1 - table.typical_brightness)
    empty = _empty(table, thresholds)
    sizes = oddness(table.widths, table.heights)
    grey = table.saturation < thresholds.grey
    among_colour = grey & (2 * np.count_nonzero(grey) < len(table))
    return [
        _of_images(FindingKind.BLURRED, table, blur & ~empty, table.detail),
        _of_images(FindingKind.DARK, table, dark, table.brightness),
        _of_images(FindingKind.BRIGHT, table, bright, -table.brightness),
        _of_images(FindingKind.LOW_INFORMATION, table, empty, table.contrast),
        _of_images(FindingKind.ODD_SIZE, table, sizes > thresholds.oddness, -sizes),
        _of_images(FindingKind.GREY, table, among_colour, table.saturation),
    ]


def oddness(widths: npt.NDArray[np.int64], heights: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How many deviations each image is from the median, in area or in proportions, whichever is more.

    The modified z-score of B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993, of the logarithms.
    Upright and lying images have the same proportions. What is not rare is not odd: the images of a second camera,
    which may all be far from those of the first.

    Args:
        widths, heights: int64 (n,), positive.
    """
    wide, high = np.log(np.maximum(widths, 1)), np.log(np.maximum(heights, 1))
    return np.maximum(_rare_z(wide + high), _rare_z(np.abs(wide - high)))


def _rare_z(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The modified z-scores, 0 where many values are alike."""
    if not len(values):
        return values
    apart = np.abs(values - np.median(values))
    scale = float(1.4826 * np.median(apart)) or float(1.2533 * apart.mean())
    ordered = np.sort(values)
    alike = np.searchsorted(ordered, values + _ALIKE, "right") - np.searchsorted(ordered, values - _ALIKE, "left")
    # A pixel more or less, as a camera or a crop leaves it, is never odd.
    return np.where(alike > max(1, _RARE * len(values)), 0.0, apart / max(scale, _ALIKE / 3))


def _empty(table: HealthTable, thresholds: HealthThresholds) -> npt.NDArray[np.bool_]:
    return (table.contrast < thresholds.contrast) | (table.entropy < thresholds.entropy)


def _of_images(
    kind: FindingKind, table: HealthTable, found: npt.NDArray[np.bool_], order: npt.NDArray[np.floating]
) -> Finding:
    places = np.flatnonzero(found)
    return Finding(kind, tuple(table.ids[places[np.argsort(order[places], kind="stable")]].tolist()))


def _of_groups(kind: FindingKind, groups: Iterable[Group], members: Mapping[int, Member]) -> Finding:
    def quality(number: int) -> tuple[int, int, int]:
        return -members[number].pixels, -members[number].size, number

    ordered = [tuple(sorted(group, key=quality)) for group in groups]
    ordered.sort(key=lambda group: (-len(group), group[0]))
    return Finding(kind, tuple(number for group in ordered for number in group), tuple(ordered))
