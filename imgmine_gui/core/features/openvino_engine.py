"""The backbone in OpenVINO: its graph made from the weights alone, without TensorFlow and without a file.

``openvino-telemetry``, which comes with OpenVINO, is kept out by ``imgmine_gui/__init__.py``: nothing is ever sent.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.efficientnet_lite import Variant, blocks, pretrained_arrays
from imgmine_gui.core.features.bfloat16 import keep_sums

DEPTHWISE = "_depthwise/kernel"

Arrays = Mapping[str, npt.NDArray[np.float32]]


class OpenVinoEngine:
    """Features of a pretrained EfficientNet-Lite.

    Args:
        variant: which backbone.
        size: height and width of the images.
        channels: 3, or 1 for grey images.
        maps: whether the feature map is wanted beside its mean.
        threads: of the processor; None takes all that this process may use.
        precision: "f32" or "bf16"; None takes what is fastest here.

    Raises:
        ImportError, RuntimeError: there is no OpenVINO for this system, or it does not work here.
    """

    name = "openvino"

    def __init__(
        self, variant: Variant, size: tuple[int, int], channels: int, maps: bool, threads: int | None = None,
        precision: str | None = None,
    ) -> None:  # fmt: skip
        import openvino

        core = openvino.Core()
        self.precision = precision or best_precision(core)
        settings = {"INFERENCE_PRECISION_HINT": self.precision, "PERFORMANCE_HINT": "LATENCY"}
        if threads:
            settings["INFERENCE_NUM_THREADS"] = str(threads)
        arrays = dict(pretrained_arrays(variant))
        if self.precision == "bf16":
            arrays = {name: keep_sums(array) if name.endswith(DEPTHWISE) else array for name, array in arrays.items()}
        model = build_model(variant, arrays, size, channels, maps)
        self._request = core.compile_model(model, "CPU", settings).create_infer_request()
        self._maps = maps

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32] | None]:
        """Pooled features (n, 1280) and, where wanted, the maps (n, h, w, 1280) of uint8 (n, height, width, channels).

        Both are overwritten by the next call.
        """
        results = self._request.infer([np.ascontiguousarray(pixels)], share_inputs=True, share_outputs=True)
        return results[0], results[1] if self._maps else None


def best_precision(core: Any) -> str:
    """bfloat16 where the processor multiplies it, which keeps the features' cosine above 0.999; else float32."""
    return "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def build_model(variant: Variant, arrays: Arrays, size: tuple[int, int], channels: int, maps: bool) -> Any:
    """The graph from uint8 images (any number, height, width, channels) to pooled features, and maps if wanted."""
    import openvino
    from openvino import opset13 as ops

    images = ops.parameter([-1, *size, channels], np.uint8, name="images")
    x = ops.divide(ops.subtract(ops.convert(images, "f32"), np.float32(127)), np.float32(128))
    x = ops.transpose(x, np.array([0, 3, 1, 2]))
    if channels == 1:
        x = ops.concat([x, x, x], 1)
    x = _convolution(ops, x, arrays, "stem", stride=2)
    for block in blocks(variant):
        before = x
        if block.expands:
            x = _convolution(ops, x, arrays, f"{block.name}_expand")
        x = _convolution(ops, x, arrays, f"{block.name}_depthwise", stride=block.stride, depthwise=True)
        x = _convolution(ops, x, arrays, f"{block.name}_project", linear=True)
        if block.residual:
            x = ops.add(x, before)
    x = _convolution(ops, x, arrays, "top")
    outputs = [ops.reduce_mean(x, np.array([2, 3]), False)]
    if maps:
        outputs.append(ops.transpose(x, np.array([0, 2, 3, 1])))
    return openvino.Model(outputs, [images], variant.value)


def _convolution(
    ops: Any, x: Any, arrays: Arrays, name: str, stride: int = 1, depthwise: bool = False, linear: bool = False
) -> Any:
    """A convolution with bias and, unless ``linear``, ReLU6; padded as TensorFlow does, an odd rest at the end."""
    kernel = arrays[f"{name}/kernel"]  # (height, width, in, out), depthwise (height, width, channels, 1)
    padding = {"pads_begin": [0, 0], "pads_end": [0, 0], "dilations": [1, 1], "auto_pad": "same_upper"}
    if depthwise:
        weights = np.ascontiguousarray(kernel.transpose(2, 3, 0, 1)[:, :, np.newaxis])
        x = ops.group_convolution(x, ops.constant(weights), strides=[stride, stride], **padding)
    else:
        weights = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
        x = ops.convolution(x, ops.constant(weights), strides=[stride, stride], **padding)
    x = ops.add(x, ops.constant(arrays[f"{name}/bias"].reshape(1, -1, 1, 1)))
    return x if linear else ops.clamp(x, 0.0, 6.0)
