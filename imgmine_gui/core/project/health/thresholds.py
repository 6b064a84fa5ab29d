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
        title=N_("Difference of near duplicates"),
        description=N_(
            "In how many of 64 bits the hashes of two images may differ. Copies that were compressed or resized differ "
            "in up to 2, brightened ones in up to 4, slightly cropped ones in up to 8. From 4 on, different things in "
            "the same setting come in too."
        ),
        json_schema_extra={"unit": "bits"},
    )
    sharpness: float = Field(
        0.2,
        ge=0,
        le=1,
        title=N_("Blurred"),
        description=N_("Images whose sharpness is below this share of what is typical in the project."),
    )
    dark: float = Field(
        0.4,
        ge=0,
        le=1,
        title=N_("Dark"),
        description=N_("Images whose brightness is below this share of what is typical in the project."),
    )
    bright: float = Field(
        0.4,
        ge=0,
        le=1,
        title=N_("Bright"),
        description=N_("Images that are nearer to white than this share of what is typical in the project."),
    )
    contrast: float = Field(
        0.02,
        ge=0,
        le=0.5,
        title=N_("Nearly one colour: contrast"),
        description=N_("Images whose brightness varies less than this, where 0.5 is half black and half white."),
    )
    entropy: float = Field(
        0.2,
        ge=0,
        le=8,
        title=N_("Nearly one colour: information"),
        description=N_("Images with less information than this in the brightness of a pixel; 8 is the most there is."),
        json_schema_extra={"unit": "bits"},
    )
    grey: float = Field(
        0.01,
        ge=0,
        le=1,
        title=N_("Greyscale"),
        description=N_("Images with less colour than this, where 0 is grey and 1 is as strong as a screen shows it."),
    )
    oddness: float = Field(
        3.5,
        ge=1,
        le=100,
        title=N_("Odd sizes"),
        description=N_(
            "Rare sizes: images whose area or proportions are this many deviations from what is typical; 3.5 is what "
            "statistics recommends."
        ),
    )
