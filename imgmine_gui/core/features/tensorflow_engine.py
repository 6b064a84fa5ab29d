"""The backbone in TensorFlow, float32: works wherever the program does, and takes two to three times as long."""

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.efficientnet_lite import Variant, assign_pretrained, backbone


class TensorFlowEngine:
    """Features of a pretrained EfficientNet-Lite.

    Args:
        variant: which backbone.
        size: height and width of the images.
        channels: 3, or 1 for grey images.
        maps: whether the feature map is wanted beside its mean.
    """

    name = "tensorflow"
    precision = "f32"

    def __init__(self, variant: Variant, size: tuple[int, int], channels: int, maps: bool) -> None:
        import keras
        import tensorflow as tf

        policy = keras.config.dtype_policy()
        keras.config.set_dtype_policy("float32")
        try:
            images = keras.Input((*size, channels), name="images", dtype="float32")
            feature_map = backbone(images, variant)
            pooled = keras.layers.GlobalAveragePooling2D(name="features")(feature_map)
            model = keras.Model(images, {"pooled": pooled, "map": feature_map} if maps else {"pooled": pooled})
        finally:
            keras.config.set_dtype_policy(policy)
        assign_pretrained(model.layers, variant)
        signature = [tf.TensorSpec((None, *size, channels), tf.uint8)]
        self._run = tf.function(
            lambda pixels: model(tf.cast(pixels, tf.float32), training=False), input_signature=signature
        )
        self._maps = maps

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32] | None]:
        """Pooled features (n, 1280), and maps (n, h, w, 1280) where wanted, of uint8 (n, height, width, channels)."""
        results = self._run(pixels)
        return results["pooled"].numpy(), results["map"].numpy() if self._maps else None
