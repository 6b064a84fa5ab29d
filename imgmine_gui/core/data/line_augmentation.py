"""Random changes to lines of text that leave their text as it is, for batches of lines of different widths.

As in ``augmentation``, they run inside the training step, from a seed made of the run's seed and the step's number.
"""

from typing import Any

from imgmine_gui.core.data.augmentation import DEGREE, Augmentation, change_values, uniform


def augment_lines(images: Any, options: Augmentation, seed: Any) -> Any:
    """Change each line of a batch at random.

    At half height the left edge stays where it is, and a line grows no wider, so that no letter leaves it: ``zoom``
    makes it narrower and lower or higher, ``shift`` moves it up or down, ``shear`` slants it about half height.

    Args:
        images: float32 tensor (batch, height, width, channels), values 0..255.
        options: how far.
        seed: int32 tensor (2,), stateless: the same seed gives the same changes.

    Returns:
        A tensor of the same shape; what comes in from outside is filled with the nearest edge.
    """
    import tensorflow as tf

    if any((options.shift, options.zoom, options.shear)):
        images = tf.raw_ops.ImageProjectiveTransformV3(
            images=images,
            transforms=_transforms(tf, images, options, seed),
            output_shape=tf.shape(images)[1:3],
            fill_value=0.0,
            interpolation="BILINEAR",
            fill_mode="NEAREST",
        )
    return change_values(tf, images, options, seed) if options.changes_values else images


def _transforms(tf: Any, images: Any, options: Augmentation, seed: Any) -> Any:
    """(batch, 8) projective transforms from output to input pixels."""
    batch = tf.shape(images)[0]
    height = tf.cast(tf.shape(images)[1], tf.float32)
    middle = (height - 1) / 2
    across = 1.0 + tf.abs(uniform(tf, seed, 4, batch, options.zoom))
    down = 1.0 + uniform(tf, seed, 9, batch, options.zoom)
    slant = tf.tan(uniform(tf, seed, 13, batch, options.shear * DEGREE))
    shift = uniform(tf, seed, 6, batch, options.shift) * height
    zeros = tf.zeros_like(across)
    # x_in = across * x + slant * (y - middle), y_in = down * (y - middle) + middle + shift
    return tf.stack([across, slant, -slant * middle, zeros, down, middle * (1.0 - down) + shift, zeros, zeros], axis=1)
