"""Random changes to training images that do not change what is in them.

They run inside the training step, on the whole batch, from a seed made of the run's seed and the step's number alone:
a run that is resumed in the middle of an epoch sees the very same pictures.
"""

import math
from typing import Any

from pydantic import Field

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

DEGREE = math.pi / 180


class Augmentation(Options):
    """How far training images may be changed at random; zero and off leave them as they are."""

    flip_horizontal: bool = Field(
        False,
        title=N_("Mirror left and right"),
        description=N_("Right where a mirrored image is as likely as the original: plants, but not letters."),
    )
    flip_vertical: bool = Field(
        False,
        title=N_("Mirror top and bottom"),
        description=N_("Right where there is no up and down: microscope and aerial images."),
    )
    rotation: float = Field(
        0.0, ge=0, le=180, title=N_("Rotate"), description=N_("By at most so many degrees to either side."),
        json_schema_extra={"unit": "°"},
    )  # fmt: skip
    shift: float = Field(
        0.04, ge=0, le=0.5, title=N_("Shift"),
        description=N_("By at most this part of the width and of the height."),
    )  # fmt: skip
    shear: float = Field(
        0.0, ge=0, le=45, title=N_("Slant"), description=N_("By at most so many degrees, as italics are."),
        json_schema_extra={"unit": "°"},
    )  # fmt: skip
    zoom: float = Field(0.0, ge=0, le=0.9, title=N_("Zoom"), description=N_("Larger or smaller by at most this part."))
    brightness: float = Field(
        0.0, ge=0, le=1, title=N_("Brightness"),
        description=N_("Lighter or darker by at most this part of the full range."),
    )  # fmt: skip
    contrast: float = Field(
        0.0, ge=0, le=0.9, title=N_("Contrast"), description=N_("Stronger or weaker by at most this part.")
    )
    blur: float = Field(
        0.0, ge=0, le=5, title=N_("Blur"), description=N_("Less sharp, by a spread of at most so many pixels."),
        json_schema_extra={"unit": N_("px")},
    )  # fmt: skip
    noise: float = Field(
        0.0, ge=0, le=0.5, title=N_("Noise"),
        description=N_("Grain whose strength is at most this part of the full range."),
    )  # fmt: skip

    @property
    def moves_pixels(self) -> bool:
        """Whether any option changes where things are."""
        return self.flip_horizontal or self.flip_vertical or any((self.rotation, self.shift, self.shear, self.zoom))

    @property
    def changes_values(self) -> bool:
        """Whether any option changes how bright things are."""
        return any((self.brightness, self.contrast, self.blur, self.noise))


def augment(images: Any, options: Augmentation, seed: Any) -> Any:
    """Change each image of a batch at random.

    Args:
        images: float32 tensor (batch, height, width, channels), values 0..255.
        options: how far.
        seed: int32 tensor (2,), stateless: the same seed gives the same changes.

    Returns:
        A tensor of the same shape; what comes in from outside is filled with the nearest edge.
    """
    import tensorflow as tf

    if options.moves_pixels:
        transforms = _transforms(tf, images, options, seed)
        images = tf.raw_ops.ImageProjectiveTransformV3(
            images=images,
            transforms=transforms,
            output_shape=tf.shape(images)[1:3],
            fill_value=0.0,
            interpolation="BILINEAR",
            fill_mode="NEAREST",
        )
    if options.changes_values:
        images = change_values(tf, images, options, seed)
    return images


def uniform(tf: Any, seed: Any, salt: int, batch: Any, limit: float) -> Any:
    """(batch,) numbers in -limit..limit, independent between salts."""
    return tf.random.stateless_uniform([batch], seed + tf.constant([0, salt], tf.int32), -limit, limit)


def _transforms(tf: Any, images: Any, options: Augmentation, seed: Any) -> Any:
    """(batch, 8) projective transforms from output to input pixels: rotate, zoom and mirror about the centre, shift."""
    shape = tf.shape(images)
    batch, height, width = shape[0], tf.cast(shape[1], tf.float32), tf.cast(shape[2], tf.float32)
    angle = uniform(tf, seed, 1, batch, options.rotation * DEGREE)
    scale = 1.0 + uniform(tf, seed, 2, batch, options.zoom)
    mirror_x = _signs(tf, seed, 3, batch, options.flip_horizontal)
    mirror_y = _signs(tf, seed, 4, batch, options.flip_vertical)
    shift_x = uniform(tf, seed, 5, batch, options.shift) * width
    shift_y = uniform(tf, seed, 6, batch, options.shift) * height
    slant = tf.tan(uniform(tf, seed, 9, batch, options.shear * DEGREE))
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    a, b = tf.cos(angle) * scale * mirror_x, -tf.sin(angle) * scale * mirror_y
    c, d = tf.sin(angle) * scale * mirror_x, tf.cos(angle) * scale * mirror_y
    a, b = a + slant * c, b + slant * d  # first slanted, then turned
    offset_x = centre_x - a * centre_x - b * centre_y + shift_x
    offset_y = centre_y - c * centre_x - d * centre_y + shift_y
    zeros = tf.zeros_like(a)
    return tf.stack([a, b, offset_x, c, d, offset_y, zeros, zeros], axis=1)


def _signs(tf: Any, seed: Any, salt: int, batch: Any, on: bool) -> Any:
    """(batch,) of 1 and, where ``on``, -1 as often."""
    if not on:
        return tf.ones([batch])
    return tf.where(uniform(tf, seed, salt, batch, 1.0) < 0, -1.0, 1.0)


def change_values(tf: Any, images: Any, options: Augmentation, seed: Any) -> Any:
    """Blur, change contrast and brightness, add grain; float32 (batch, height, width, channels) of 0..255."""
    batch = tf.shape(images)[0]
    if options.blur:
        images = _blurred(tf, images, options.blur, uniform(tf, seed, 10, batch, 1.0))
    if options.contrast or options.brightness:
        contrast = 1.0 + uniform(tf, seed, 7, batch, options.contrast)[:, None, None, None]
        brightness = 255.0 * uniform(tf, seed, 8, batch, options.brightness)[:, None, None, None]
        mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
        images = (images - mean) * contrast + mean + brightness
    if options.noise:
        strength = 255.0 * tf.abs(uniform(tf, seed, 11, batch, options.noise))[:, None, None, None]
        grain = tf.random.stateless_normal(tf.shape(images), seed + tf.constant([0, 12], tf.int32))
        images = images + strength * grain
    return tf.clip_by_value(images, 0.0, 255.0)


def _blurred(tf: Any, images: Any, sigma: float, part: Any) -> Any:
    """Each image mixed with its Gaussian blur by |part|, (batch,)."""
    reach = math.ceil(2 * sigma)
    weights = [math.exp(-0.5 * (step / sigma) ** 2) for step in range(-reach, reach + 1)]
    row = tf.constant(weights, tf.float32) / sum(weights)
    channels = images.shape[3]
    padded = tf.pad(images, [[0, 0], [reach, reach], [reach, reach], [0, 0]], "SYMMETRIC")
    down = tf.tile(row[:, None, None, None], [1, 1, channels, 1])
    across = tf.tile(row[None, :, None, None], [1, 1, channels, 1])
    soft = tf.nn.depthwise_conv2d(padded, down, [1, 1, 1, 1], "VALID")
    soft = tf.nn.depthwise_conv2d(soft, across, [1, 1, 1, 1], "VALID")
    return images + tf.abs(part)[:, None, None, None] * (soft - images)
