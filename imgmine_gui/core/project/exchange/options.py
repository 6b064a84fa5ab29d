"""What a person may choose when labels are brought in and taken out."""

from enum import StrEnum

from pydantic import Field

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class Existing(StrEnum):
    """What becomes of a label, split, group or note that an image has already."""

    REPLACE = "replace"
    KEEP = "keep"

    @property
    def words(self) -> str:
        """For a person; English, marked with ``N_``."""
        return _EXISTING[self]


class ExistingShapes(StrEnum):
    """What becomes of the shapes that an image has already."""

    REPLACE = "replace"
    ADD = "add"

    @property
    def words(self) -> str:
        """For a person; English, marked with ``N_``."""
        return _EXISTING_SHAPES[self]


_EXISTING = {Existing.REPLACE: N_("Replace it"), Existing.KEEP: N_("Keep it")}
_EXISTING_SHAPES = {
    ExistingShapes.REPLACE: N_("Replace them"),
    ExistingShapes.ADD: N_("Add to them"),
}


class ImportOptions(Options):
    """How a file is read, and what it may change."""

    existing: Existing = Field(
        default=Existing.REPLACE,
        title=N_("What an image has already"),
        description=N_("Whether a label, split, group, note or text in the file takes the place of one that is there."),
    )
    shapes: ExistingShapes = Field(
        default=ExistingShapes.REPLACE,
        title=N_("Shapes that are there"),
        description=N_("Whether the shapes in the file take the place of those that the image has."),
    )
    several: bool = Field(
        default=False,
        title=N_("Several labels an image"),
        description=N_("Take all labels of an image, so that the project holds several. Otherwise the first is taken."),
    )
    clear: bool = Field(
        default=False,
        title=N_("Empty means none"),
        description=N_("An empty cell takes away the label, group, note or text that an image has."),
        json_schema_extra={"advanced": True},
    )
    encoding: str = Field(
        default="",
        title=N_("Encoding"),
        description=N_("Of a text file, such as utf-8, gbk or latin-1. Found out where it is left empty."),
        json_schema_extra={"advanced": True},
    )
    separator: str = Field(
        default="",
        max_length=3,
        title=N_("Between labels"),
        description=N_("What stands between several labels in one cell. Left empty, a cell is one label."),
        json_schema_extra={"advanced": True},
    )
    path_column: str = Field(
        default="",
        title=N_("Column of the paths"),
        description=N_("The title of the column that names the images. Found out where it is left empty."),
        json_schema_extra={"advanced": True},
    )
    label_column: str = Field(
        default="",
        title=N_("Column of the labels"),
        description=N_("The title of the column with the labels. Found out where it is left empty."),
        json_schema_extra={"advanced": True},
    )
    text_column: str = Field(
        default="",
        title=N_("Column of the texts"),
        description=N_("The title of the column with what is written in the images. Found out where it is left empty."),
        json_schema_extra={"advanced": True},
    )
    group_column: str = Field(
        default="",
        title=N_("Column of the groups"),
        description=N_("The title of the column that names the groups, such as patients. Found out where it is empty."),
        json_schema_extra={"advanced": True},
    )


class WhichImages(StrEnum):
    """Which images are written."""

    ALL = "all"
    LABELLED = "labelled"
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"

    @property
    def words(self) -> str:
        """For a person; English, marked with ``N_``."""
        return _WHICH[self]


_WHICH = {
    WhichImages.ALL: N_("All"),
    WhichImages.LABELLED: N_("Labelled or marked"),
    WhichImages.TRAIN: N_("Train"),
    WhichImages.VALIDATION: N_("Validation"),
    WhichImages.TEST: N_("Test"),
}


class Linking(StrEnum):
    """How images go along where they must."""

    COPY = "copy"
    HARD_LINK = "hard_link"
    SYMBOLIC_LINK = "symbolic_link"

    @property
    def words(self) -> str:
        """For a person; English, marked with ``N_``."""
        return _PLACING[self.value]


class Placing(StrEnum):
    """How images go along where they may stay behind."""

    COPY = "copy"
    HARD_LINK = "hard_link"
    SYMBOLIC_LINK = "symbolic_link"
    NONE = "none"

    @property
    def words(self) -> str:
        """For a person; English, marked with ``N_``."""
        return _PLACING[self.value]


_PLACING = {
    "copy": N_("Copy them"),
    "hard_link": N_("Hard links"),
    "symbolic_link": N_("Symbolic links"),
    "none": N_("Leave them out"),
}


class ExportOptions(Options):
    """What every writer lets choose."""

    which: WhichImages = Field(
        default=WhichImages.ALL,
        title=N_("Images"),
        description=N_("Which images are written. Those that cannot be read and those that are excluded never are."),
    )


_FILES = N_("Image files")
_ABOUT_FILES = N_(
    "What becomes of the image files. Links take no room on the drive; but a program that changes a linked image "
    "changes the original with it."
)


class FolderOptions(ExportOptions):
    """Of formats that need the images."""

    placing: Linking = Field(default=Linking.COPY, title=_FILES, description=_ABOUT_FILES)


class BesideOptions(ExportOptions):
    """Of formats that do with and without the images."""

    placing: Placing = Field(default=Placing.COPY, title=_FILES, description=_ABOUT_FILES)
