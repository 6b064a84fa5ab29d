"""Sentences that both quick checks share."""

from collections.abc import Iterator

from imgmine_gui.core.features.quick_check import CheckedImages
from imgmine_gui.core.text import ntr, tr
from imgmine_gui.gui.format import count, duration


def unbroken(text: str) -> str:
    """The text with every percent sign on the line of its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def how_words(images: CheckedImages, seconds: float) -> Iterator[str]:
    """How it was done, a sentence each.

    Args:
        images: that were judged.
        seconds: that the trainings took.
    """
    yield tr(
        "Network: EfficientNet-Lite0, which was trained on ImageNet, with a last layer that learns your classes. Test "
        "images were left out."
    )
    if images.together:
        yield ntr(
            "{images} image is a copy of others or in a group with them: these always stay in one part.",
            "{images} images are copies of others or in a group with them: these always stay in one part.",
            images.together,
            images=count(images.together),
        )
    if images.unreadable:
        yield ntr(
            "{images} image could not be read.",
            "{images} images could not be read.",
            images.unreadable,
            images=count(images.unreadable),
        )
    if images.computed:
        yield ntr(
            "The features of {images} image were computed in {time} and are kept for the next time.",
            "The features of {images} images were computed in {time} and are kept for the next time.",
            images.computed,
            images=count(images.computed),
            time=duration(images.feature_seconds),
        )
    yield tr("The trainings took {time}.", time=duration(seconds))
