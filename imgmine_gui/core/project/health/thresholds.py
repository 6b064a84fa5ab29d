"""From where on an image counts as blurred, dark or odd; a person can change all of it."""

from pydantic import Field

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class HealthThresholds(Options):
    """The limits of the findings, with defaults that were measured on photos, microscopy, scanned print and made text.

    Where typical images differ from project to project, a limit is a share of the project's median.
    """

    distance: int = Field(
        2,
        ge=0,
        le=12,
        title=N_("Largest difference"),
        description=N_(
            "In how many of 64 bits the hashes of two images may differ. Copies that were compressed or resized differ "
            "in up to 2, brightened ones in up to 4, slightly cropped ones in up to 8. From 4 on, different things in "
            "the same setting come in too."
        ),
        json_schema_extra={"unit": N_("bits")},
    )
    sharpness: float = Field(
        0.2,
        ge=0,
        le=1,
        title=N_("Sharpness below"),
        description=N_("As a share of what is typical in the project."),
        json_schema_extra={"unit": N_("× typical")},
    )
    dark: float = Field(
        0.4,
        ge=0,
        le=1,
        title=N_("Brightness below"),
        description=N_("As a share of what is typical in the project."),
        json_schema_extra={"unit": N_("× typical")},
    )
    bright: float = Field(
        0.4,
        ge=0,
        le=1,
        title=N_("Distance to white below"),
        description=N_("As a share of what is typical in the project."),
        json_schema_extra={"unit": N_("× typical")},
    )
    contrast: float = Field(
        0.02,
        ge=0,
        le=0.5,
        title=N_("Contrast below"),
        description=N_("How much the brightness varies; 0.5 is half black and half white."),
    )
    entropy: float = Field(
        0.2,
        ge=0,
        le=8,
        title=N_("Information below"),
        description=N_("In the brightness of a pixel; 8 bits is the most there is."),
        json_schema_extra={"unit": N_("bits")},
    )
    grey: float = Field(
        0.01,
        ge=0,
        le=1,
        title=N_("Colour below"),
        description=N_("How far from grey, in the mean; 1 is as strong as a screen shows it."),
    )
    oddness: float = Field(
        3.5,
        ge=1,
        le=100,
        title=N_("Deviations above"),
        description=N_("How far area or proportions are from the typical ones; 3.5 is what statistics recommends."),
    )
