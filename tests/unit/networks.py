"""Small networks and a second implementation of their layers in plain NumPy, for comparison."""

from typing import Any

import keras
import numpy as np

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network

SMALL: dict[str, Any] = {"widths": (4, 6), "poolings": 1, "batch_normalisation": True}


def small_network(architecture: str, size: int = 16, classes: int = 3, seed: int = 1, **options: Any) -> Network:
    """A fresh network whose batch normalisation has statistics unlike those it starts with."""
    keras.utils.set_random_seed(seed)
    kind = ARCHITECTURES[architecture].options_type
    small = {name: value for name, value in SMALL.items() if name in kind.model_fields}
    checked = parse_options(kind, {**small, **options})
    network = build_network(
        NetworkDescription(
            task="classification",
            architecture=architecture,
            architecture_options=checked.model_dump(mode="json"),
            preprocessing=Preprocessing(width=size, height=size, normalisation="unit"),
            classes=tuple(f"class {number}" for number in range(classes)),
        )
    )
    random = np.random.default_rng(seed)
    for variable in network.model.weights:
        if "moving" in variable.path or variable.path.endswith(("beta", "bias")):
            variable.assign(random.uniform(0.5, 1.5, variable.shape))
    return network


def values_of(network: Network) -> dict[str, np.ndarray]:
    """Weights by path, float64."""
    return {variable.path: np.asarray(variable, np.float64) for variable in network.model.weights}


def pixels(count: int, size: int = 16, seed: int = 0) -> np.ndarray:
    """float32 (count, size, size, 3) of 0..255."""
    return np.random.default_rng(seed).uniform(0, 255, (count, size, size, 3)).astype(np.float32)


def convolve(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | float = 0.0) -> np.ndarray:
    """Cross-correlation with zeros around, by the formula; kernels of odd size."""
    size = kernel.shape[0]
    padded = np.pad(x, ((0, 0), (size // 2,) * 2, (size // 2,) * 2, (0, 0)))
    out = np.zeros((*x.shape[:3], kernel.shape[3]))
    for row in range(size):
        for column in range(size):
            window = padded[:, row : row + x.shape[1], column : column + x.shape[2]]
            out += np.einsum("bhwi,io->bhwo", window, kernel[row, column])
    return out + bias


def batch_norm(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Inference by the moving statistics, epsilon 1e-3."""
    scale = w[f"{name}/gamma"] / np.sqrt(w[f"{name}/moving_variance"] + 1e-3)
    return (x - w[f"{name}/moving_mean"]) * scale + w[f"{name}/beta"]


def pool(x: np.ndarray, how: str = "max") -> np.ndarray:
    """2x2, stride 2, a rest is cut off."""
    h, w = x.shape[1] // 2, x.shape[2] // 2
    blocks = x[:, : 2 * h, : 2 * w].reshape(len(x), h, 2, w, 2, -1)
    return blocks.max(axis=(2, 4)) if how == "max" else blocks.mean(axis=(2, 4))


def stack(images: np.ndarray, w: dict[str, np.ndarray], poolings: int, how: str = "max") -> np.ndarray:
    """The convolution stack with batch normalisation."""
    x = images.astype(np.float64) / 255
    for number in (1, 2):
        x = np.maximum(batch_norm(convolve(x, w[f"conv_{number}/kernel"]), w, f"norm_{number}"), 0)
        if number <= poolings:
            x = pool(x, how)
    return x


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """exp(x) / sum exp(x)."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def dense(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """x W + b."""
    return x @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0.0)
