"""Random changes to training images that do not change what is in them.

They run inside the training step, on the whole batch, from a seed made of the run's seed and the step's number alone:
a run that is resumed in the middle of an epoch sees the very same pictures.
"""

from typing import Any

from pydantic import Field

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


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
    zoom: float = Field(0.0, ge=0, le=0.9, title=N_("Zoom"), description=N_("Larger or smaller by at most this part."))
    brightness: float = Field(
        0.0, ge=0, le=1, title=N_("Brightness"),
        description=N_("Lighter or darker by at most this part of the full range."),
    )  # fmt: skip
    contrast: float = Field(
        0.0, ge=0, le=0.9, title=N_("Contrast"), description=N_("Stronger or weaker by at most this part.")
    )

    @property
    def moves_pixels(self) -> bool:
        """Whether any option changes where things are."""
        return self.flip_horizontal or self.flip_vertical or any((self.rotation, self.shift, self.zoom))

    @property
    def changes_values(self) -> bool:
        """Whether any option changes how bright things are."""
        return any((self.brightness, self.contrast))


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
        images = _change_values(tf, images, options, seed)
    return images


def _uniform(tf: Any, seed: Any, salt: int, batch: Any, limit: float) -> Any:
    """(batch,) numbers in -limit..limit, independent between salts."""
    return tf.random.stateless_uniform([batch], seed + tf.constant([0, salt], tf.int32), -limit, limit)


def _transforms(tf: Any, images: Any, options: Augmentation, seed: Any) -> Any:
    """(batch, 8) projective transforms from output to input pixels: rotate, zoom and mirror about the centre, shift."""
    shape = tf.shape(images)
    batch, height, width = shape[0], tf.cast(shape[1], tf.float32), tf.cast(shape[2], tf.float32)
    angle = _uniform(tf, seed, 1, batch, options.rotation * 3.141592653589793 / 180)
    scale = 1.0 + _uniform(tf, seed, 2, batch, options.zoom)
    mirror_x = _signs(tf, seed, 3, batch, options.flip_horizontal)
    mirror_y = _signs(tf, seed, 4, batch, options.flip_vertical)
    shift_x = _uniform(tf, seed, 5, batch, options.shift) * width
    shift_y = _uniform(tf, seed, 6, batch, options.shift) * height
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    a, b = tf.cos(angle) * scale * mirror_x, -tf.sin(angle) * scale * mirror_y
    c, d = tf.sin(angle) * scale * mirror_x, tf.cos(angle) * scale * mirror_y
    offset_x = centre_x - a * centre_x - b * centre_y + shift_x
    offset_y = centre_y - c * centre_x - d * centre_y + shift_y
    zeros = tf.zeros_like(a)
    return tf.stack([a, b, offset_x, c, d, offset_y, zeros, zeros], axis=1)


def _signs(tf: Any, seed: Any, salt: int, batch: Any, on: bool) -> Any:
    """(batch,) of 1 and, where ``on``, -1 as often."""
    if not on:
        return tf.ones([batch])
    return tf.where(_uniform(tf, seed, salt, batch, 1.0) < 0, -1.0, 1.0)


def _change_values(tf: Any, images: Any, options: Augmentation, seed: Any) -> Any:
    batch = tf.shape(images)[0]
    contrast = 1.0 + _uniform(tf, seed, 7, batch, options.contrast)[:, None, None, None]
    brightness = 255.0 * _uniform(tf, seed, 8, batch, options.brightness)[:, None, None, None]
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    return tf.clip_by_value((images - mean) * contrast + mean + brightness, 0.0, 255.0)
