"""All that turns what a network says of a line into text and confidences: fitted after a training, kept with it."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import save

from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import Columns
from imgmine_gui.core.inference.ctc_choice import DecodingChoice, choose_decoding
from imgmine_gui.core.inference.ctc_decoding import Recognised
from imgmine_gui.core.inference.text_confidence import Calibration, TextCalibration, calibrate_text
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.storage.weights import damaged, read_header, unpack

VERSION = 1
"""Of what ``to_bytes`` makes."""
TOLD = "decoder"


@dataclass(frozen=True)
class TextDecoder:
    """How the lines of one network are read.

    Attributes:
        alphabet: the characters of the network's classes 1, 2, ...
        choice: greedy, or beam search with which weights.
        calibration: of confidences, for that way of decoding.
        model: of characters; None where the choice does without.
    """

    alphabet: tuple[str, ...]
    choice: DecodingChoice = field(default_factory=DecodingChoice)
    calibration: TextCalibration = field(default_factory=TextCalibration)
    model: CharacterModel | None = None

    @classmethod
    def fitted(
        cls,
        log_probabilities: Sequence[Columns],
        texts: Sequence[str],
        alphabet: Sequence[str],
        training_texts: Sequence[str],
        context: JobContext,
        words: Iterable[str] = (),
    ) -> "TextDecoder":
        """Learn the character model, choose how to decode, and calibrate.

        Args:
            log_probabilities, texts: what the network says of validation lines, and their true texts.
            training_texts: what the character model is learned from; none of the validation or test lines.
            words: a word list that it is learned from too.

        Raises:
            Cancelled: the person stopped it.
        """
        model = CharacterModel.learned(training_texts, alphabet, words=words)
        choice = choose_decoding(log_probabilities, texts, alphabet, model, context)
        plain = cls(tuple(alphabet), choice, model=model if choice.weight else None)
        read = []
        for line in log_probabilities:
            check_cancelled(context)
            read.append(plain.read(line))
        return cls(plain.alphabet, choice, calibrate_text(read, texts), plain.model)

    def read(self, log_probabilities: Columns) -> Recognised:
        """The text of one line with calibrated confidences, from float32 (columns, 1 + len(alphabet))."""
        return self.calibration.applied(self.choice.decode(log_probabilities, self.alphabet, self.model))

    def to_bytes(self) -> bytes:
        """All of it as the content of a safetensors file: the arrays of the character model, and a JSON text beside."""
        told = {
            "version": VERSION,
            "alphabet": self.alphabet,
            "choice": asdict(self.choice),
            "line": asdict(self.calibration.line),
            "character": asdict(self.calibration.character),
        }
        content: bytes = save(self.model.to_arrays() if self.model else {}, metadata={TOLD: json.dumps(told)})
        return content

    @classmethod
    def from_bytes(cls, content: bytes, source: Path) -> "TextDecoder":
        """Read what ``to_bytes`` made.

        Raises:
            UserError: it is damaged or of a newer version; words name ``source``.
        """
        try:
            _, metadata = read_header(io.BytesIO(content), len(content))
            told: dict[str, Any] = json.loads(metadata[TOLD])
            if told["version"] != VERSION:
                raise ValueError(f"version {told['version']}")
            arrays = unpack(content)
            return cls(
                tuple(told["alphabet"]),
                DecodingChoice(**told["choice"]),
                TextCalibration(Calibration(**told["line"]), Calibration(**told["character"])),
                CharacterModel.from_arrays(arrays) if arrays else None,
            )
        except (ValueError, KeyError, TypeError, SafetensorError) as error:
            raise damaged(source, str(error)) from error
