"""The menu Export: predictions as a table, images with their heatmaps, heatmaps as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.explain.export import Drawing, Exported, place_below
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN, PredictionRows
from imgmine_gui.gui.widgets.saving_menu import SavingMenu


@dataclass(frozen=True)
class ExportSubject:
    """What can be exported now.

    Attributes:
        shown: rows of the table, in the order in which they are shown.
        current: the row of the image that is looked at; None where there is none.
        targets: for each row of the table the class to explain; None: the predicted ones.
    """

    model: str
    rows: PredictionRows
    shown: tuple[int, ...]
    current: int | None
    method: str
    options: dict[str, Any]
    targets: tuple[int, ...] | None
    drawing: Drawing


class ExportMenu(SavingMenu):
    """Asks where to, asks before it replaces anything, and writes.

    Args:
        subject: what can be exported when an entry is chosen; None: nothing yet.
    """

    def __init__(
        self, session: Session, subject: Callable[[], ExportSubject | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(session, parent)
        self._subject = subject
        self.add(N_("All predictions as a table (CSV)…"), lambda: self.export_table(only_shown=False))
        self.add(N_("Predictions of the shown images as a table (CSV)…"), self.export_table)
        self.addSeparator()
        self.add(N_("This image with its heatmap (PNG)…"), lambda: self.export_heatmaps("png", all_shown=False))
        self.add(N_("All shown images with their heatmaps (PNG)…"), lambda: self.export_heatmaps("png", True))
        self.addSeparator()
        self.add(N_("This heatmap as an array (.npy)…"), lambda: self.export_heatmaps("npy", all_shown=False))
        self.add(N_("All shown heatmaps as arrays (.npy)…"), lambda: self.export_heatmaps("npy", True))
        self.setToolTipsVisible(True)

    def export_table(self, only_shown: bool = True) -> None:
        """Ask for a file and write the rows that are shown, or all of them."""
        subject = self._subject()
        if subject is None:
            return
        wanted = subject.shown if only_shown else range(len(subject.rows))
        title = tr("Export the predictions")
        path = self.save_table(title, tr("predictions"), lambda: table_of(subject.rows, wanted))
        if path is not None:
            self._session.notifier.inform(lambda: tr("The predictions are in {path}.", path=path))

    def export_heatmaps(self, kind: str, all_shown: bool) -> None:
        """Ask for a folder and write heatmaps into it: "png" with their images, "npy" as arrays."""
        subject = self._subject()
        rows = self._readable(subject, all_shown) if subject else []
        if subject is None or not rows:
            return
        folder = self.ask_folder(tr("Choose a folder for the heatmaps"))
        if folder is None:
            return
        drawing = replace(subject.drawing, arrays=kind == "npy", overlays=kind == "png")
        names = [subject.rows.names[row] for row in rows]
        if not self.may_replace(existing(folder, names, drawing)):
            return
        self.remember(folder)
        job = self._session.export_heatmaps(
            subject.model,
            [subject.rows.table.paths[row] for row in rows],
            names,
            str(folder),
            subject.method,
            subject.options,
            None if subject.targets is None else [subject.targets[row] for row in rows],
            drawing,
        )
        job.succeeded.connect(lambda done: self._session.notifier.inform(lambda: _done_words(done, str(folder))))

    def _readable(self, subject: ExportSubject, all_shown: bool) -> list[int]:
        rows = subject.shown if all_shown else () if subject.current is None else (subject.current,)
        return [row for row in rows if subject.rows.predicted[row] != UNKNOWN]


def table_of(rows: PredictionRows, shown: Sequence[int]) -> str:
    """The rows ``shown`` as CSV, by their names."""
    chosen = np.array(shown, np.intp)
    table = rows.table
    part = PredictionTable(
        table.classes, tuple(table.paths[row] for row in shown), table.probabilities[chosen], table.reasons
    )
    return part.to_csv([rows.names[row] for row in shown])


def existing(folder: Path, names: Sequence[str], drawing: Drawing) -> int:
    """How many of the files that would be written are there already."""
    places = [place_below(folder, name) for name in names]
    return sum(place.with_name(place.name + suffix).exists() for place in places for suffix in drawing.suffixes)


def _done_words(done: Exported, folder: str) -> str:
    written = ntr("{count} heatmap is in {folder}.", "{count} heatmaps are in {folder}.", done.images, folder=folder)
    if not done.skipped:
        return written
    left_out = ntr("{count} image could not be read.", "{count} images could not be read.", done.skipped)
    return f"{written} {left_out}"
