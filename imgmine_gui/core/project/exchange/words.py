"""What a plan and a report say to a person, line by line, in the current language."""

from collections.abc import Callable, Mapping

from imgmine_gui.core.project.exchange.applying import ImportReport
from imgmine_gui.core.project.exchange.description import ProblemKind, ShapeKind
from imgmine_gui.core.project.exchange.export import KEEPS_WORDS, ExportReport
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS
from imgmine_gui.core.project.exchange.options import ExistingShapes
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.text import join_list, join_phrases, join_sentences, ntr, tr

NAMES_SHOWN = 12


def plan_lines(plan: ImportPlan) -> list[str]:
    """What an import would do, the most important first."""
    lines = [
        tr("{format}; it speaks of {images}.", format=tr(READERS[plan.format].title), images=_images(plan.images)),
        *(tr(message, **values) for message, values in plan.remarks),
    ]
    lines += [line for line in (_labels_line(plan), _classes_line(plan), _others_line(plan)) if line]
    if plan.shapes:
        lines.append(tr("Shapes: {shapes}.", shapes=_shapes(plan.shapes)))
    if plan.shapes_there and plan.options.shapes is ExistingShapes.REPLACE:
        lines.append(
            ntr(
                "{count} shape that is there now is replaced, unless it is the same.",
                "{count} shapes that are there now are replaced, unless they are the same.",
                plan.shapes_there,
            )
        )
    if plan.by_name:
        lines.append(
            ntr(
                "{count} image was found by the name of its file alone.",
                "{count} images were found by the names of their files alone.",
                plan.by_name,
            )
        )
    return lines


def problem_lines(counts: Mapping[ProblemKind, int]) -> list[str]:
    """How many problems there are of each kind."""
    return [_PROBLEMS[kind](counts[kind]) for kind in ProblemKind if counts.get(kind)]


def report_line(report: ImportReport) -> str:
    """What an import did."""
    if report.done.edit is None:
        return tr("Everything in the file was so already. Nothing was changed.")
    parts = [
        ntr("{count} label", "{count} labels", report.labels) if report.labels else "",
        ntr("{count} new class", "{count} new classes", len(report.classes)) if report.classes else "",
        ntr("{count} split", "{count} splits", report.splits) if report.splits else "",
        ntr("{count} shape", "{count} shapes", report.shapes) if report.shapes else "",
    ]
    changed = ntr("{count} image was changed", "{count} images were changed", report.images)
    what = join_phrases(parts)
    return tr("{changed}: {what}.", changed=changed, what=what) if what else tr("{changed}.", changed=changed)


def export_lines(report: ExportReport) -> list[str]:
    """What an export did, and what the format had no room for."""
    title = tr(WRITERS[report.format].title)
    lines = [
        ntr(
            "{count} image was written to “{path}”.",
            "{count} images were written to “{path}”.",
            report.images,
            path=report.path.name,
        )
    ]
    if report.left_out:
        left = join_list(
            tr("{count} {things}", count=count, things=tr(KEEPS_WORDS[sort])) for sort, count in report.left_out.items()
        )
        lines.append(tr("{format} has no room for these, so they were left out: {things}.", format=title, things=left))
    return [*lines, *(tr(message, **values) for message, values in report.remarks)]


def names_line(names: tuple[str, ...]) -> str:
    """Names in a row; of many, the first."""
    shown = join_list(f"“{name}”" for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return shown if more <= 0 else ntr("{names} and {count} more", "{names} and {count} more", more, names=shown)


def _labels_line(plan: ImportPlan) -> str:
    if not (plan.labels_new or plan.labels_changed or plan.labels_same or plan.labels_kept):
        return ""
    parts = [
        ntr("{count} image gets a label", "{count} images get a label", plan.labels_new) if plan.labels_new else "",
        ntr("{count} gets another label", "{count} get another label", plan.labels_changed)
        if plan.labels_changed
        else "",
        ntr("{count} has the label already", "{count} have the label already", plan.labels_same)
        if plan.labels_same
        else "",
        ntr("{count} keeps another label", "{count} keep another label", plan.labels_kept) if plan.labels_kept else "",
    ]
    several = tr("All labels of an image are taken.") if plan.several and plan.takes_several else ""
    return join_sentences(tr("Labels: {parts}.", parts=join_phrases(parts)), several)


def _classes_line(plan: ImportPlan) -> str:
    if not plan.classes:
        return ""
    known = len(plan.classes) - len(plan.new_classes)
    parts = [
        ntr("{count} is known", "{count} are known", known) if known else "",
        tr("new: {names}", names=names_line(plan.new_classes)) if plan.new_classes else "",
    ]
    return tr("Classes: {parts}.", parts=join_phrases(parts))


def _others_line(plan: ImportPlan) -> str:
    parts = [
        ntr("{count} image gets another split", "{count} images get another split", plan.splits) if plan.splits else "",
        ntr("{count} another group", "{count} another group", plan.groups) if plan.groups else "",
        ntr("{count} another note", "{count} another note", plan.notes) if plan.notes else "",
    ]
    what = join_phrases(parts)
    return tr("Beside labels: {parts}.", parts=what) if what else ""


def _images(count: int) -> str:
    return ntr("{count} image of the project", "{count} images of the project", count)


def _shapes(shapes: Mapping[str, int]) -> str:
    return join_phrases(_SHAPES[ShapeKind(kind)](count) for kind, count in shapes.items())


_SHAPES: dict[ShapeKind, Callable[[int], str]] = {
    ShapeKind.BOX: lambda count: ntr("{count} box", "{count} boxes", count),
    ShapeKind.POLYGON: lambda count: ntr("{count} polygon", "{count} polygons", count),
    ShapeKind.LINE: lambda count: ntr("{count} line", "{count} lines", count),
    ShapeKind.POINT: lambda count: ntr("{count} point", "{count} points", count),
}

_PROBLEMS: dict[ProblemKind, Callable[[int], str]] = {
    ProblemKind.NOT_FOUND: lambda count: ntr(
        "{count} place names an image that is not in the project.",
        "{count} places name images that are not in the project.",
        count,
    ),
    ProblemKind.AMBIGUOUS: lambda count: ntr(
        "{count} place may mean several images.", "{count} places may mean several images.", count
    ),
    ProblemKind.CONFLICT: lambda count: ntr(
        "{count} place contradicts another.", "{count} places contradict others.", count
    ),
    ProblemKind.UNREADABLE: lambda count: ntr(
        "{count} place cannot be understood.", "{count} places cannot be understood.", count
    ),
    ProblemKind.SHAPE: lambda count: ntr(
        "{count} shape does not fit its image.", "{count} shapes do not fit their images.", count
    ),
    ProblemKind.LEFT_OUT: lambda count: ntr(
        "{count} thing is left out for lack of room for it.", "{count} things are left out for lack of room.", count
    ),
}
