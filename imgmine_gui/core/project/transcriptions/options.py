"""What a person may choose when transcriptions are read."""

from pydantic import Field

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class Normalisation(Choice):
    """The Unicode form (Unicode Standard Annex 15) in which texts are learned; what is stored stays as it is."""

    NFC = "nfc", N_("Composed (NFC)")
    NFD = "nfd", N_("Decomposed (NFD)")
    NFKC = "nfkc", N_("Composed, compatible characters made alike (NFKC)")
    NONE = "none", N_("As it is written")


class TranscriptionOptions(Options):
    """How the transcriptions of a folder are read."""

    normalisation: Normalisation = Field(
        default=Normalisation.NFC,
        title=N_("Unicode form"),
        description=N_(
            "How characters with accents and the like are encoded, so that one character is one class. Composed is "
            "right for nearly all texts; the files stay as they are."
        ),
    )
    pattern: str = Field(
        default="",
        title=N_("Text in the name of the file"),
        description=N_(
            "Where no table or text file gives the text: a pattern such as {text}-* in which {text} stands for it, or "
            "an expression with a group called text."
        ),
    )
