"""``imgmine sources``, ``imgmine rescan`` and ``imgmine relink``: the folders that a project refers to."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.lists import table_of
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext, is_ending
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.apply import Applied
from imgmine_gui.core.project.catalogue import Catalogue, Source
from imgmine_gui.core.project.presence import Lookout, Presence
from imgmine_gui.core.project.project import DATABASE, Project, check_for_reading, require_project
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.relinking import FoundAgain, find_again, require_chosen
from imgmine_gui.core.project.relinking_words import counts_in_words, details_in_words
from imgmine_gui.core.project.scan import scan_source
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.text import N_, join_list, join_phrases, ntr, tr

PRESENCE = {
    Presence.THERE: N_("there"),
    Presence.ABSENT: N_("not there"),
    Presence.EMPTY: N_("empty"),
    Presence.DENIED: N_("no permission"),
    Presence.FAILED: N_("its drive fails"),
    Presence.SILENT: N_("its drive does not answer"),
}


def sources(folder: Path, output: Output) -> None:
    """List the sources of a project, and whether they are there.

    Raises:
        UserError: it is no project, or it cannot be read.
    """
    require_project(folder)
    check_for_reading(folder / DATABASE)
    with closing(Catalogue(folder.absolute() / DATABASE, read_only=True)) as catalogue:
        known, presence = catalogue.sources(), catalogue.places.look(Lookout()).presence
    table = table_of(tr("Source"), tr("Images"), tr("State"))
    for one in known:
        table.add_row(_name(one.path), f"{one.images:,}", tr(PRESENCE[presence[one.id]]))
    told = [
        {"id": one.id, "path": one.path, "images": one.images, "unreadable": one.unreadable,
         "state": presence[one.id].value} for one in known
    ]  # fmt: skip
    output.result({"sources": told}, table if known else None, "" if known else tr("The project has no source."))


def rescan(
    folder: Path, chosen: str | None, may_be_empty: bool, reading: Mapping[str, Any] | None, output: Output
) -> None:
    """Look again at what is in the sources of a project.

    Args:
        folder: of the project.
        chosen: the path or name of one source; None for all.
        may_be_empty: whether all images of a source that is empty now are marked as missing.
        reading: options of how transcriptions are read from now on; None to leave that as it is.
        output: told of every source.

    Raises:
        UserError: the project is not right or open elsewhere, or a source is not there (the others are scanned).
        Cancelled: interrupted.
    """
    context = PlainContext(output.event)
    failed: list[UserError] = []
    told: list[Mapping[str, Any]] = []
    with closing(Project.open(folder)) as project, interruptible(context):
        catalogue = project.catalogue
        catalogue.places.look(Lookout())
        if reading is not None:
            catalogue.edits.set_transcription_options(parse_options(TranscriptionOptions, reading))
        for source in _chosen(catalogue.sources(), chosen):
            try:
                applied = _scan(catalogue, source, may_be_empty, context)
            except UserError as error:
                failed.append(error)
                continue
            values = {"path": source.path, "added": applied.added, "changed": applied.changed, "moved": applied.moved,
                      "missing": applied.missing, "withheld": applied.withheld}  # fmt: skip
            told.append(values)
            output.close()
            output.line({"event": "Scanned", **values}, _applied_in_words(source, applied))
        catalogue.places.look(Lookout())
    if failed:
        raise failed[0]
    output.result({"sources": told})


def relink(folder: Path, place: Path, chosen: str | None, anyway: bool, dry_run: bool, output: Output) -> None:
    """Take a source, and those that were moved along with it, from another folder.

    Args:
        folder: of the project.
        place: where the source is now.
        chosen: the path or name of the source; None for the one that is not there.
        anyway: take it although none of the images is there.
        dry_run: only say what was found.
        output: told what was found.

    Raises:
        UserError: the project is not right or open elsewhere, it is not clear which source is meant, the folder cannot
            be read, or none of the images is there.
        Cancelled: interrupted; nothing was changed.
    """
    context = PlainContext(output.event)
    with closing(Project.open(folder)) as project, interruptible(context):
        catalogue = project.catalogue
        catalogue.places.look(Lookout())
        source = _meant(catalogue.sources(), chosen)
        found = find_again(str(catalogue.path), source.id, str(place), context)
        output.close()
        for one in found:
            output.line({"event": "Found", **_values(one)}, "\n".join([counts_in_words(one), *details_in_words(one)]))
        if dry_run:
            output.result({"relinked": []})
            return
        require_chosen(found, anyway)
        catalogue.places.relink([one.move for one in found])
        ids = {one.move.source_id for one in found}
        for moved in [one for one in catalogue.sources() if one.id in ids]:
            applied = _scan(catalogue, moved, anyway, context)
            output.close()
            output.line({"event": "Scanned", "path": moved.path}, _applied_in_words(moved, applied))
    output.result({"relinked": [_values(one) for one in found]})


def _scan(catalogue: Catalogue, source: Source, may_be_empty: bool, context: PlainContext) -> Applied:
    with tempfile.TemporaryDirectory(prefix="imgmine-") as staging:
        spool = Path(staging) / "scan.db"
        scan_source(source.path, str(catalogue.path), source.id, str(spool), context)
        return catalogue.apply_scan(source.id, spool, may_be_empty, lambda: is_ending(context))


def _chosen(known: Sequence[Source], name: str | None) -> list[Source]:
    """The sources of this path or name; all where none is given.

    Raises:
        UserError: there is none.
    """
    if name is None:
        return list(known)
    path = os.path.abspath(name)
    found = [one for one in known if one.path in (name, path)]
    found = found or [one for one in known if os.path.basename(one.path) == name]
    if not found:
        raise UserError(
            N_("The project has no source “{name}”."),
            N_("Its sources are: {names}."),
            name=name,
            names=join_list(_name(one.path) for one in known),
        )
    return found


def _meant(known: Sequence[Source], name: str | None) -> Source:
    """The source that is to be taken from another folder.

    Raises:
        UserError: it is not clear which.
    """
    found = [one for one in _chosen(known, name) if name is not None or not one.online]
    if len(found) == 1 or (found and name is None):
        return found[0]
    if not found:
        raise UserError(
            N_("All sources of the project are where they were."), N_("Name the one that is meant with --source.")
        )
    raise UserError(
        N_("Several sources are called “{name}”."), N_("Give the whole path of the one that is meant."), name=name
    )


def _values(found: FoundAgain) -> dict[str, Any]:
    return {"path": found.move.path, "before": found.before, "known": found.known, "in_place": found.in_place,
            "elsewhere": found.elsewhere, "changed": found.changed, "unchecked": found.unchecked,
            "missing": found.missing}  # fmt: skip


def _applied_in_words(source: Source, applied: Applied) -> str:
    if applied.withheld:
        return ntr(
            "“{name}” is empty now, but {count} image was known there. It is kept as it is; --empty marks it as "
            "missing.",
            "“{name}” is empty now, but {count} images were known there. They are kept as they are; --empty marks them "
            "as missing.",
            applied.withheld,
            name=_name(source.path),
            count=f"{applied.withheld:,}",
        )
    counts = join_phrases(
        [
            tr("{count} new", count=f"{applied.added:,}"),
            tr("{count} changed", count=f"{applied.changed:,}"),
            tr("{count} moved", count=f"{applied.moved:,}"),
            tr("{count} missing", count=f"{applied.missing:,}"),
        ]
    )
    return tr("{title}: {description}", title=_name(source.path), description=counts)


def _name(path: str) -> str:
    return shown(os.fsencode(path))
