"""The page of a network that reads: each line of text with what was read below it, where it was read."""

import html
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from imgmine_gui.commands.report import balanced, write_page
from imgmine_gui.core.evaluation.text_alignment import Confusion, EditKind, aligned
from imgmine_gui.core.evaluation.transcription import TranscriptionReport
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.inference.ctc_decoding import Recognised
from imgmine_gui.core.storage.atomic import replacing
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.text import tr

CONFUSIONS = 20
"""Rows of the table of confusions: the most frequent ones."""
SPACE, NOTHING = "␣", "—"
STYLE = """<style>
.line{margin:0 0 24px;max-width:100%}.line img{width:auto;max-width:100%;image-rendering:auto}
.read{position:relative;height:26px;font-size:14px}.read span{position:absolute;transform:translateX(-50%)}
.read i{position:absolute;height:3px;background:currentColor;border-radius:1px}
.read .wrong{color:#a64500;font-weight:700}.read .missed{color:#a64500}
</style>"""


@dataclass(frozen=True)
class ReadLine:
    """One image of the report.

    Attributes:
        path: of its file.
        true: what is written in it.
        read: what was read.
        stride: the width of a column as a part of the image's width.
    """

    path: str
    true: str
    read: Recognised
    stride: float

    @property
    def right(self) -> bool:
        """Whether it was read without an error."""
        return self.true == self.read.text


def write_text_report(
    folder: Path, title: str, run: RunFolder, scores: TranscriptionReport, lines: list[ReadLine]
) -> Path:
    """Write ``report.html`` and its pictures into ``folder``; returns the page's path.

    Raises:
        UserError: the folder cannot be written.
    """
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    chosen = balanced(lines, lambda line: line.right)
    figures = "".join(_figure(folder, number, line) for number, line in enumerate(chosen))
    numbers = {
        tr("Character error rate"): scores.cer.value,
        tr("Word error rate"): scores.wer.value,
        tr("Lines without an error"): scores.exact.value,
    }
    sections = {
        tr("Lines, with each character below the columns that it was read from"): STYLE + figures,
        tr("Most frequent confusions"): _confusions(scores.confusions[:CONFUSIONS]),
    }
    return write_page(folder, title, run, numbers, sections)


def _figure(folder: Path, number: int, line: ReadLine) -> str:
    name = f"pictures/{number:03d}.png"
    picture = Image.fromarray(decode_rgb(line.path).pixels)
    with replacing(folder / name) as file:
        picture.save(file, "PNG")
    mark, sign = ("right", "✓") if line.right else ("wrong", "✗")
    said = f"{sign} {line.read.confidence:.0%}"
    words = said if line.right else f"{said} ({tr('true: {label}', label=line.true)})"
    return (
        f'<figure class="line" style="width:{picture.width}px">'
        f'<img src="{name}" alt="{html.escape(Path(line.path).name)}">'
        f'<div class="read">{_read(line)}</div><figcaption class="{mark}">{html.escape(words)}</figcaption></figure>'
    )


def _read(line: ReadLine) -> str:
    """Each character below a bar over its columns, paler where it is less sure, and a mark where one is missing."""
    wrong, missed = set(), []
    for edit in aligned(line.true, line.read.text):
        if edit.kind is EditKind.DELETION:
            missed.append((edit.recognised_index, edit.true))
        elif edit.kind is not EditKind.MATCH:
            wrong.add(edit.recognised_index)
    spans = line.read.spans
    parts = []
    for place, span in enumerate(spans):
        left, right = span.start * line.stride, span.stop * line.stride
        shown = html.escape(span.character if place not in wrong or span.character.strip() else SPACE)
        mark = ' class="wrong"' if place in wrong else ""
        parts.append(
            f'<i{mark} style="left:{left:.2%};width:{right - left:.2%};opacity:{span.confidence:.2f}"></i>'
            f'<span{mark} title="{span.confidence:.0%}" style="left:{(left + right) / 2:.2%}">{shown}</span>'
        )
    for place, character in missed:
        left = spans[place - 1].stop * line.stride if 0 < place <= len(spans) else 0.0
        title = html.escape(tr("Not read: {character}", character=character.strip() or SPACE))
        parts.append(f'<span class="missed" title="{title}" style="left:{left:.2%}">‸</span>')
    return "".join(parts)


def _confusions(confusions: tuple[Confusion, ...]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in (tr("True"), tr("Read"), tr("Times")))
    rows = "".join(
        f"<tr><td>{_shown(one.true)}</td><td>{_shown(one.recognised)}</td><td>{one.count}</td></tr>"
        for one in confusions
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _shown(character: str) -> str:
    return html.escape(character.replace(" ", SPACE) or NOTHING)
