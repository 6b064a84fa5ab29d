"""Read texts with what is known of their images, and which of them are shown in which order."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.evaluation.transcription import TranscriptionReport, transcription_report
from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.gui.item_models.predictions_rows import Outcome

Rows = npt.NDArray[np.intp]


class TextOrder(StrEnum):
    """What stands first."""

    NAME = "name"
    ERRORS = "errors"
    """The highest character error rate; then lines whose true text is not known."""
    UNSURE = "unsure"
    CONFIDENT = "confident"


@dataclass(frozen=True)
class TextFilter:
    """Which lines are shown; all conditions must hold.

    Attributes:
        text: part of the name, of the read or of the true text, in any case.
        confusion: a true and a read character, one of them perhaps empty, that stand against each other in the line.
    """

    outcome: Outcome = Outcome.ALL
    text: str = ""
    confusion: tuple[str, str] | None = None


@dataclass(frozen=True)
class TextRows:
    """A table of read texts with the names and true texts of its images.

    Attributes:
        table: what was read.
        names: what each image is called.
        true: the transcription of each image; None where it is not known.
        ids: of the images in the catalogue; 0 where the project does not know them.
    """

    table: TextTable
    names: tuple[str, ...]
    true: tuple[str | None, ...]
    ids: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def judged(self) -> Rows:
        """The rows of which it can be said how right they are, ascending."""
        pairs = zip(self.true, self.table.lines, strict=True)
        return np.array([row for row, (true, line) in enumerate(pairs) if true and line], np.intp)

    @cached_property
    def report(self) -> TranscriptionReport:
        """The scores of the judged rows."""
        rows = self.judged.tolist()
        return transcription_report([self.true[row] or "" for row in rows], [self.table.texts[row] for row in rows])

    @cached_property
    def cer(self) -> npt.NDArray[np.float64]:
        """(rows,) character error rate; NaN where it is not known."""
        rates = np.full(len(self), np.nan)
        rates[self.judged] = [line.cer for line in self.report.lines]
        return rates

    @cached_property
    def confidence(self) -> npt.NDArray[np.float64]:
        """(rows,) of the whole line; NaN where the image could not be read."""
        return np.array([line.confidence if line else np.nan for line in self.table.lines], np.float64)

    @cached_property
    def _folded(self) -> list[str]:
        parts = zip(self.names, self.table.texts, self.true, strict=True)
        return ["\n".join((name, text, true or "")).casefold() for name, text, true in parts]

    @cached_property
    def _by_name(self) -> Rows:
        return np.array(sorted(range(len(self)), key=lambda row: self.names[row].casefold()), np.intp)

    def with_true(self, texts: dict[int, str | None]) -> "TextRows":
        """The same with other transcriptions, by the ids of their images."""
        true = tuple(texts.get(number, old) for number, old in zip(self.ids, self.true, strict=True))
        return replace(self, true=true)

    def chosen(self, wanted: TextFilter, order: TextOrder) -> Rows:
        """The rows that ``wanted`` lets through, in ``order``; ties by name."""
        shown = self._shown(wanted)
        by_name = self._by_name[shown[self._by_name]]
        rank = {
            TextOrder.NAME: np.zeros(len(self)),
            TextOrder.ERRORS: -np.nan_to_num(self.cer, nan=-1.0),
            TextOrder.UNSURE: np.nan_to_num(self.confidence, nan=2.0),
            TextOrder.CONFIDENT: -np.nan_to_num(self.confidence, nan=-1.0),
        }[order]
        return by_name[np.argsort(rank[by_name], kind="stable")]

    def _shown(self, wanted: TextFilter) -> npt.NDArray[np.bool_]:
        shown = {
            Outcome.ALL: np.ones(len(self), np.bool_),
            Outcome.RIGHT: self.cer == 0,
            Outcome.WRONG: self.cer > 0,
            Outcome.UNREADABLE: np.isnan(self.confidence),
        }[wanted.outcome]
        if wanted.text:
            part = wanted.text.casefold()
            shown = shown & np.array([part in words for words in self._folded], np.bool_)
        if wanted.confusion is not None:
            cells = (one for one in self.report.confusions if (one.true, one.recognised) == wanted.confusion)
            inside = np.zeros(len(self), np.bool_)
            for cell in cells:
                inside[self.judged[list(cell.lines)]] = True
            shown = shown & inside
        return np.asarray(shown)
