"""A training as one HTML page with pictures, for a machine without a screen or for a colleague."""

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from imgmine_gui.core.evaluation.classification import ClassificationReport
from imgmine_gui.core.explain.export import draw
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.storage.atomic import replacing, write_bytes
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.text import language, tr

T = TypeVar("T")

SHOWN = 60
"""Pictures on the page: as many right as wrong ones, as far as there are."""

LABEL_HEIGHT = 13
"""Of the name at the end of a curve, in pixels: two names are at least so far apart."""

STYLE = """
body{font:15px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC",sans-serif;margin:32px auto;max-width:1120px;color:#1b1d21}
h1{font-size:26px}h2{font-size:19px;margin-top:40px}
.figures{display:flex;gap:40px}.figures b{font-size:26px;display:block}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(208px,1fr));gap:16px}figure{margin:0}
figure div{display:flex;gap:2px}img{width:50%;image-rendering:pixelated;display:block}
figcaption{font-size:13px;color:#555}
.wrong{color:#a64500}.right{color:#005a9c}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:4px 8px;text-align:right;font-weight:400}th{color:#555}svg text{font-size:11px;fill:#555}
"""


@dataclass(frozen=True)
class Picture:
    """One image of the report with its heatmap, float32 (height, width) of the original in 0..1."""

    path: str
    true: str
    predicted: str
    confidence: float
    heatmap: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Report:
    """What the page shows; ``pointing`` holds further figures by name."""

    title: str
    run: RunFolder
    scores: ClassificationReport
    pictures: Sequence[Picture]
    pointing: dict[str, float]


def write_report(folder: Path, report: Report) -> Path:
    """Write ``report.html`` and its pictures into ``folder``; returns the page's path.

    Raises:
        UserError: the folder cannot be written.
    """
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    chosen = balanced(report.pictures, lambda picture: picture.true == picture.predicted)
    figures = "".join(_figure(folder, number, picture) for number, picture in enumerate(chosen))
    numbers = {
        tr("Accuracy"): report.scores.accuracy,
        tr("Balanced accuracy"): report.scores.balanced_accuracy,
        tr("Macro F1"): report.scores.macro_f1,
        **({tr("Heatmap points at the item"): report.pointing["pointing"]} if report.pointing else {}),
    }
    sections = {
        tr("Predictions with heatmaps"): f"<div class='grid'>{figures}</div>",
        tr("Confusion: true classes in rows, predicted ones in columns"): _confusion(report.scores),
    }
    return write_page(folder, report.title, report.run, numbers, sections)


def write_page(
    folder: Path, title: str, run: RunFolder, numbers: Mapping[str, float], sections: Mapping[str, str]
) -> Path:
    """Write ``report.html`` into ``folder``, which is there; returns its path.

    Args:
        run: its loss is drawn.
        numbers: parts of one by their names; they stand large at the top.
        sections: HTML by the title above it.

    Raises:
        UserError: the folder cannot be written.
    """
    tiles = "".join(f"<div><b>{value:.1%}</b>{html.escape(name)}</div>" for name, value in numbers.items())
    below = "".join(f"<h2>{html.escape(name)}</h2>{body}" for name, body in sections.items())
    page = (
        f'<!doctype html><html lang="{language().replace("_", "-")}"><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style><h1>{html.escape(title)}</h1>"
        f'<div class="figures">{tiles}</div>'
        f"<h2>{tr('Loss')}</h2>{_curves(run.history())}{below}</html>"
    )
    path = folder / "report.html"
    write_bytes(path, page.encode())
    return path


def balanced(things: Sequence[T], is_right: Callable[[T], bool]) -> list[T]:
    """``SHOWN`` of them: half right, half wrong, as far as there are; spread over all."""
    wrong = [thing for thing in things if not is_right(thing)]
    right = [thing for thing in things if is_right(thing)]
    of_wrong = min(len(wrong), max(SHOWN // 2, SHOWN - len(right)))
    return _spread(right, SHOWN - of_wrong) + _spread(wrong, of_wrong)


def _spread(things: list[T], most: int) -> list[T]:
    step = max(1, math.ceil(len(things) / max(1, most)))
    return things[::step][:most]


def _figure(folder: Path, number: int, picture: Picture) -> str:
    names = [f"pictures/{number:03d}.png", f"pictures/{number:03d}-heatmap.png"]
    for name, pixels in zip(names, (decode_rgb(picture.path).pixels, draw(picture.heatmap, picture.path)), strict=True):
        with replacing(folder / name) as file:
            Image.fromarray(pixels).save(file, "PNG")
    right = picture.true == picture.predicted
    said = f"{picture.predicted} {picture.confidence:.0%}"
    words = f"✓ {said}" if right else f"✗ {said} ({tr('true: {label}', label=picture.true)})"
    images = "".join(f'<img src="{name}" alt="{html.escape(Path(picture.path).name)}">' for name in names)
    mark = "right" if right else "wrong"
    return f'<figure><div>{images}</div><figcaption class="{mark}">{html.escape(words)}</figcaption></figure>'


def _curves(history: Sequence[dict[str, Any]], width: int = 720, height: int = 220) -> str:
    """Training thin, validation strong, over the epochs."""
    series = {name: [entry[name] for entry in history if name in entry] for name in ("loss", "val_loss")}
    values = [value for line in series.values() for value in line]
    if not values:
        return ""
    top = max(values) or 1.0
    lines: list[str] = []
    taken = math.inf
    for name, line in series.items():
        points = [
            (40 + index / max(1, len(history) - 1) * (width - 140), height - 24 - value / top * (height - 40))
            for index, value in enumerate(line)
        ]
        if points:
            colour, weight = ("#0072b2", 2) if name == "val_loss" else ("#999", 1)
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            label = tr("Validation") if name == "val_loss" else tr("Training")
            level = points[-1][1] + 4
            taken = level if abs(level - taken) >= LABEL_HEIGHT else taken - LABEL_HEIGHT
            lines.append(
                f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{weight}"/>'
                f'<text x="{points[-1][0] + 6:.0f}" y="{taken:.0f}" style="fill:{colour}">{label} {line[-1]:.3g}</text>'
            )
    axis = f'<line x1="40" y1="{height - 24}" x2="{width - 100}" y2="{height - 24}" stroke="#ccc"/>'
    ends = f'<text x="40" y="{height - 8}">1</text><text x="{width - 110}" y="{height - 8}">{len(history)}</text>'
    scale = f'<text x="4" y="20">{top:.3g}</text>'
    return f'<svg width="{width}" height="{height}" role="img">{axis}{ends}{scale}{"".join(lines)}</svg>'


def _confusion(scores: ClassificationReport) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in scores.classes)
    rows = []
    for name, counts in zip(scores.classes, scores.confusion, strict=True):
        total = max(1, int(counts.sum()))
        cells = "".join(
            f'<td style="background:rgba(0,114,178,{count / total * 0.7:.2f})">{count}</td>'
            for count in counts.tolist()
        )
        rows.append(f"<tr><th>{html.escape(name)}</th>{cells}</tr>")
    return f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>"
