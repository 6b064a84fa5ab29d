"""What a plan and a report say to a person, line by line, in the current language."""

from collections.abc import Callable, Mapping

from imgmine_gui.core.project.exchange.applying import ImportReport
from imgmine_gui.core.project.exchange.description import ProblemKind, ShapeKind
from imgmine_gui.core.project.exchange.export import KEEPS_WORDS, ExportReport
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS
from imgmine_gui.core.project.exchange.options import ExistingShapes
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_, join_list, join_phrases, join_sentences, ntr, tr

_SPLITS = {Split.TRAIN: N_("Train"), Split.VALIDATION: N_("Validation"), Split.TEST: N_("Test")}
NAMES_SHOWN = 12
"""So many names are told at most."""


def plan_lines(plan: ImportPlan) -> list[str]:
    """What an import would do, the most important first."""
    images = ntr(
        "{number} image of the project is in it.",
        "{number} images of the project are in it.",
        plan.images,
        number=_number(plan.images),
    )
    lines = [
        join_sentences(tr("Format: {format}.", format=tr(READERS[plan.format].title)), images),
        *(tr(message, **values) for message, values in plan.remarks),
        _labels_line(plan),
        _classes_line(plan),
        _others_line(plan),
        _shapes_line(plan),
    ]
    if plan.by_name:
        found = ntr(
            "{number} image was found by the name of its file alone.",
            "{number} images were found by the names of their files alone.",
            plan.by_name,
            number=_number(plan.by_name),
        )
        lines.append(found)
    return [line for line in lines if line]


def problem_lines(counts: Mapping[ProblemKind, int]) -> list[str]:
    """How many problems there are of each kind."""
    return [_PROBLEMS[kind](counts[kind]) for kind in ProblemKind if counts.get(kind)]


def report_line(report: ImportReport) -> str:
    """What an import did."""
    if report.done.edit is None:
        return tr("Everything in the file was so already. Nothing was changed.")
    classes = len(report.classes)
    parts = (
        _part(report.labels, ntr("{number} label", "{number} labels", report.labels, number=_number(report.labels))),
        _part(classes, ntr("{number} new class", "{number} new classes", classes, number=_number(classes))),
        _part(report.splits, ntr("{number} split", "{number} splits", report.splits, number=_number(report.splits))),
        _part(report.texts, ntr("{number} text", "{number} texts", report.texts, number=_number(report.texts))),
        _part(report.shapes, ntr("{number} shape", "{number} shapes", report.shapes, number=_number(report.shapes))),
    )
    changed = ntr(
        "{number} image was changed", "{number} images were changed", report.images, number=_number(report.images)
    )
    what = join_phrases(parts)
    return tr("{changed}: {what}.", changed=changed, what=what) if what else tr("{changed}.", changed=changed)


def export_lines(report: ExportReport) -> list[str]:
    """What an export did, and what the format had no room for."""
    written = ntr(
        "{number} image was written to “{path}”.",
        "{number} images were written to “{path}”.",
        report.images,
        number=_number(report.images),
        path=report.path.name,
    )
    lines = [written]
    missing = report.counts.get(ProblemKind.UNREADABLE, 0)
    if missing:
        lost = ntr(
            "{number} image could not be read, so it was left out.",
            "{number} images could not be read, so they were left out.",
            missing,
            number=_number(missing),
        )
        lines.append(lost)
    if report.left_out:
        left = join_list(
            tr("{number} {things}", number=_number(count), things=tr(KEEPS_WORDS[sort]))
            for sort, count in report.left_out.items()
        )
        title = tr(WRITERS[report.format].title)
        lines.append(tr("{format} has no room for these, so they were left out: {things}.", format=title, things=left))
    return [*lines, *(tr(message, **values) for message, values in report.remarks)]


def names_line(names: tuple[str, ...]) -> str:
    """Names in a row; of many, the first."""
    shown = join_list(f"“{name}”" for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return shown if more <= 0 else tr("{names} and {number} more", names=shown, number=_number(more))


def _labels_line(plan: ImportPlan) -> str:
    new, changed, same, kept = plan.labels_new, plan.labels_changed, plan.labels_same, plan.labels_kept
    parts = join_phrases(
        (
            _part(new, ntr("{number} new", "{number} new", new, number=_number(new))),
            _part(changed, ntr("{number} changed", "{number} changed", changed, number=_number(changed))),
            _part(same, ntr("{number} the same", "{number} the same", same, number=_number(same))),
            _part(kept, ntr("{number} kept", "{number} kept", kept, number=_number(kept))),
        )
    )
    several = tr("All labels of an image are taken.") if plan.several and plan.takes_several else ""
    return join_sentences(tr("Labels of images: {parts}.", parts=parts), several) if parts else ""


def _classes_line(plan: ImportPlan) -> str:
    known = len(plan.classes) - len(plan.new_classes)
    return join_sentences(
        tr("New classes: {names}.", names=names_line(plan.new_classes)) if plan.new_classes else "",
        ntr("{number} class is known.", "{number} classes are known.", known, number=_number(known)) if known else "",
    )


def _others_line(plan: ImportPlan) -> str:
    splits, groups, notes, texts = plan.splits, plan.groups, plan.notes, plan.texts
    parts = join_phrases(
        (
            _part(splits, ntr("{number} split", "{number} splits", splits, number=_number(splits))),
            _part(groups, ntr("{number} group", "{number} groups", groups, number=_number(groups))),
            _part(notes, ntr("{number} note", "{number} notes", notes, number=_number(notes))),
            _part(texts, ntr("{number} text", "{number} texts", texts, number=_number(texts))),
        )
    )
    by_hand = join_phrases(
        f"{tr(name)} {_number(plan.split_by_hand[split])}"
        for split, name in _SPLITS.items()
        if split in plan.split_by_hand
    )
    return join_sentences(
        tr("Changed besides: {parts}.", parts=parts) if parts else "",
        tr("Splits that will be set by hand: {parts}.", parts=by_hand) if by_hand else "",
    )


def _shapes_line(plan: ImportPlan) -> str:
    kinds = join_phrases(_SHAPES[ShapeKind(kind)](count) for kind, count in plan.shapes.items())
    there = plan.shapes_there
    replaced = ntr(
        "{number} shape that is there now is replaced, unless it is the same.",
        "{number} shapes that are there now are replaced, unless they are the same.",
        there,
        number=_number(there),
    )
    return join_sentences(
        tr("Shapes: {shapes}.", shapes=kinds) if kinds else "",
        _part(there if plan.options.shapes is ExistingShapes.REPLACE else 0, replaced),
    )


def _part(count: int, words: str) -> str:
    """``words`` where they are about anything."""
    return words if count else ""


def _number(count: int) -> str:
    return f"{count:,}"


_SHAPES: dict[ShapeKind, Callable[[int], str]] = {
    ShapeKind.BOX: lambda count: ntr("{number} box", "{number} boxes", count, number=_number(count)),
    ShapeKind.POLYGON: lambda count: ntr("{number} polygon", "{number} polygons", count, number=_number(count)),
    ShapeKind.LINE: lambda count: ntr("{number} line", "{number} lines", count, number=_number(count)),
    ShapeKind.POINT: lambda count: ntr("{number} point", "{number} points", count, number=_number(count)),
}

_PROBLEMS: dict[ProblemKind, Callable[[int], str]] = {
    ProblemKind.NOT_FOUND: lambda count: ntr(
        "{number} image that it names is not in the project.",
        "{number} images that it names are not in the project.",
        count,
        number=_number(count),
    ),
    ProblemKind.AMBIGUOUS: lambda count: ntr(
        "{number} name may mean several images.",
        "{number} names may mean several images.",
        count,
        number=_number(count),
    ),
    ProblemKind.CONFLICT: lambda count: ntr(
        "{number} statement contradicts another.",
        "{number} statements contradict others.",
        count,
        number=_number(count),
    ),
    ProblemKind.UNREADABLE: lambda count: ntr(
        "{number} entry cannot be understood.",
        "{number} entries cannot be understood.",
        count,
        number=_number(count),
    ),
    ProblemKind.SHAPE: lambda count: ntr(
        "{number} shape does not fit its image.",
        "{number} shapes do not fit their images.",
        count,
        number=_number(count),
    ),
    ProblemKind.LEFT_OUT: lambda count: ntr(
        "{number} thing has no place here and is left out.",
        "{number} things have no place here and are left out.",
        count,
        number=_number(count),
    ),
}
