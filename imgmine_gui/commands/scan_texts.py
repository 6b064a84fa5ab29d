"""``imgmine scan DATA --transcriptions``: the texts of a folder's images, their alphabet, and what is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.transcriptions.alphabet import RARE, CharacterCount, count_characters
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.text import join_phrases, ntr, tr

TOLD = 20
"""So many problems, and images without a text, are told to a person; with ``--json`` all."""


def scan_texts(data: Path, options: Mapping[str, Any], output: Output) -> None:
    """Look for transcriptions; a line a problem and an image without one, then the alphabet with its counts.

    Raises:
        UserError: there is no image, an option is not right, or the project cannot be read.
        Cancelled: interrupted.
    """
    reading = parse_options(TranscriptionOptions, options)
    context = PlainContext(output.event)
    with interruptible(context):
        items, result = load_items(data, SplitSettings(), context, transcribed=True, reading=reading)
    output.close()
    found = result.transcriptions or Transcriptions({})
    _tell_problems(found, output)
    alphabet = count_characters(items.items)
    texts = [item for item in items.items if item.text is not None]
    rare = [one for one in alphabet if one.rare]
    values = {
        "images": len(items.items),
        "transcribed": len(texts),
        "splits": {split.value: sum(item.split is split for item in texts) for split in Split},
        "longest": max((len(item.text or "") for item in texts), default=0),
        "unicode": found.normalisation.value,
        "alphabet": {one.character: one.count for one in alphabet},
        "rare": [one.character for one in rare],
    }
    text = join_phrases(
        [
            ntr("{count} image with a text", "{count} images with a text", len(texts)),
            ntr("{count} without", "{count} without", len(items.items) - len(texts)),
            ntr("{count} different character", "{count} different characters", len(alphabet)),
            ntr(
                "{count} of them in fewer than {least} training images",
                "{count} of them in fewer than {least} training images",
                len(rare),
                least=RARE,
            ),
            tr("Unicode form: {form}", form=tr(found.normalisation.words)),
        ]
    )
    output.result(values, _alphabet_table(alphabet) if alphabet else None, text)


def _tell_problems(found: Transcriptions, output: Output) -> None:
    for message, named in found.remarks:
        words = tr(message, **{name: tr(value) for name, value in named.items()})
        output.line({"event": "Remark", "text": words}, words)
    problems = [
        ({"event": "Problem", "kind": problem.kind, "reason": problem.text}, problem.text) for problem in found.problems
    ]
    without = [
        (
            {"event": "Untranscribed", "path": one.place, "reason": one.reason},
            tr("{file}: {problem}", file=one.place, problem=one.reason),
        )
        for one in found.without
    ]
    for lines in (problems, without):
        shown = lines if output.as_json else lines[:TOLD]
        for values, words in shown:
            output.line(values, words)
        if left := len(lines) - len(shown):
            output.line({}, ntr("… and {count} more", "… and {count} more", left))


def _alphabet_table(alphabet: tuple[CharacterCount, ...]) -> Table:
    """A row a character; a rare one says so."""
    table = Table(tr("Character"), tr("Code"), tr("Occurrences"), tr("Images"), tr("In training"), "")
    for one in alphabet:
        flag = tr("rare") if one.rare else ""
        counts = (one.count, one.images, one.in_training)
        table.add_row(escape(one.shown), one.code, *map(str, counts), flag)
    return table
