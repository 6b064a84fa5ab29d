"""EfficientNet-Lite (Tan and Le 2019; the Lite variants: Google 2020), the backbone that comes pretrained.

Inverted residual blocks without squeeze and excitation, with ReLU6, and with stem and top of one width in all variants.
Batch normalisation is folded into the convolutions (see ``packaging/convert_efficientnet_lite.py``), so that a layer
is a convolution with a bias.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, RESOURCES

PRETRAINED = RESOURCES / "pretrained"
STEM_WIDTH: Final = 32
TOP_WIDTH: Final = 1280
EXPANSION: Final = 6
REDUCTION: Final = 32
"""An image side of so many pixels becomes one position of the map; a rest becomes one more."""


class Variant(Choice):
    """The backbones of this family that there are weights for."""

    LITE0 = "efficientnet_lite0", N_("EfficientNet-Lite0: 3.4 million weights, made for 224 px")
    LITE1 = "efficientnet_lite1", N_("EfficientNet-Lite1: 4.1 million weights, made for 240 px, to be fetched")
    LITE2 = "efficientnet_lite2", N_("EfficientNet-Lite2: 4.8 million weights, made for 260 px, to be fetched")


_SCALES = {Variant.LITE0: (1.0, 1.0), Variant.LITE1: (1.0, 1.1), Variant.LITE2: (1.1, 1.2)}
"""Of width and depth."""

_STAGES = ((1, 3, 1, 16), (2, 3, 2, 24), (2, 5, 2, 40), (3, 3, 2, 80), (3, 5, 1, 112), (4, 5, 2, 192), (1, 3, 1, 320))
"""Repeats, kernel, stride of the first repeat and width of each stage, before scaling."""


@dataclass(frozen=True)
class Block:
    """One inverted residual block.

    Attributes:
        name: prefix of its layers.
        kernel: side of the depthwise convolution.
        stride: of the depthwise convolution.
        expanded: channels between expansion and projection; as many as come in where there is no expansion.
        width: channels that go out.
        expands, residual: whether it has an expansion, and whether its input is added to its output.
    """

    name: str
    kernel: int
    stride: int
    expanded: int
    width: int
    expands: bool
    residual: bool


def blocks(variant: Variant) -> list[Block]:
    """The blocks from the first to the last; first and last stage are not made deeper."""
    wider, deeper = _SCALES[variant]
    found: list[Block] = []
    before = STEM_WIDTH
    for stage, (repeats, kernel, stride, unscaled) in enumerate(_STAGES):
        width = _rounded(unscaled * wider)
        times = repeats if stage in (0, len(_STAGES) - 1) else math.ceil(repeats * deeper)
        for repeat in range(times):
            step = stride if repeat == 0 else 1
            expanded = before if stage == 0 else before * EXPANSION
            name = f"block_{len(found) + 1:02}"
            found.append(Block(name, kernel, step, expanded, width, stage > 0, step == 1 and before == width))
            before = width
    return found


def _rounded(width: float, divisor: int = 8) -> int:
    """To the nearest multiple of 8 that is not more than a tenth smaller (MobileNet's ``make_divisible``)."""
    nearest = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * width else nearest


def backbone(images: Any, variant: Variant, learning: frozenset[str] = frozenset()) -> Any:
    """The feature map of RGB or grey images.

    Args:
        images: float32 (batch, height, width, 1 or 3), pixel values 0..255; scaled here to (x - 127) / 128.
        learning: names of the layers that can be trained; the others are frozen.

    Returns:
        (batch, ceil(height / 32), ceil(width / 32), 1280), at least 0 and at most 6; its layer is ``feature_map``.
    """
    from keras import layers

    if images.shape[-1] == 1:
        images = layers.Concatenate(name="three_channels")([images, images, images])
    x = layers.Rescaling(1 / 128, offset=-127 / 128, dtype="float32", name="normalisation")(images)
    x = _convolution(x, "stem", STEM_WIDTH, learning, kernel=3, stride=2)
    for block in blocks(variant):
        x = _block(x, block, learning)
    x = _convolution(x, "top", TOP_WIDTH, learning)
    return layers.Identity(name="feature_map")(x)


def _block(x: Any, block: Block, learning: frozenset[str]) -> Any:
    from keras import layers

    before, name = x, f"{block.name}_depthwise"
    if block.expands:
        x = _convolution(x, f"{block.name}_expand", block.expanded, learning)
    # TensorFlow's "same" pads an odd rest at the right and the bottom, as in the training of these weights.
    x = layers.DepthwiseConv2D(
        block.kernel, block.stride, padding="same", activation="relu6", trainable=name in learning, name=name
    )(x)
    x = _convolution(x, f"{block.name}_project", block.width, learning, linear=True)
    return layers.Add(name=f"{block.name}_add")([x, before]) if block.residual else x


def _convolution(
    x: Any, name: str, width: int, learning: frozenset[str], kernel: int = 1, stride: int = 1, linear: bool = False
) -> Any:
    from keras import layers

    return layers.Conv2D(
        width, kernel, stride, padding="same", activation=None if linear else "relu6", trainable=name in learning,
        name=name,
    )(x)  # fmt: skip


def parts(variant: Variant) -> list[list[str]]:
    """Names of the layers that have weights, from the images on: the stem, each block, the top."""
    kinds = ("expand", "depthwise", "project")
    inner = [
        [f"{block.name}_{kind}" for kind in kinds if block.expands or kind != "expand"] for block in blocks(variant)
    ]
    return [["stem"], *inner, ["top"]]


def fingerprint(variant: Variant) -> str:
    """SHA-256 of the pretrained weights, as their description states it.

    Raises:
        UserError: the weights of this variant are not there.
    """
    path = PRETRAINED / f"{variant.value}.json"
    try:
        return str(json.loads(path.read_bytes())["sha256"])
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            N_("The pretrained weights of {name} are not on this computer: {path} is missing."),
            N_("Choose EfficientNet-Lite0, or fetch them with packaging/convert_efficientnet_lite.py."),
            name=variant.value,
            path=path,
        ) from error


def assign_pretrained(layers: Iterable[Any], variant: Variant) -> None:
    """Give the backbone's layers among ``layers`` the pretrained weights.

    Raises:
        UserError: the weights of this variant are not there, or the file was changed.
    """
    arrays = dict(pretrained_arrays(variant))
    wanted = {name for part in parts(variant) for name in part}
    for layer in layers:
        if layer.name in wanted:
            for variable in layer.weights:
                variable.assign(arrays[f"{layer.name}/{variable.name}"])


def pretrained_arrays(variant: Variant) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Arrays by ``LAYER/VARIABLE``, float32, checked against the SHA-256 of their description."""
    from safetensors.numpy import load

    wanted = fingerprint(variant)
    path = PRETRAINED / f"{variant.value}.safetensors"
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != wanted:
        raise UserError(
            N_("The pretrained weights {path} are missing or damaged."),
            N_("Install ImgMine again, or fetch them with packaging/convert_efficientnet_lite.py."),
            path=path,
        )
    for name, array in load(content).items():
        yield name, array.astype(np.float32)
