"""Learning on Fashion-MNIST as Debian ships it (60,000 / 10,000 at 28 px): accuracy after a time budget.

``python3 packaging/dev.py bench fashion [default | architecture ...] [--budget 300]``
"""

import argparse
import gzip
import tempfile
from pathlib import Path

import numpy as np
from measuring import imgmine, row
from PIL import Image

SOURCE = Path("/usr/share/datasets/fashion-mnist")
SETTINGS = ("--image-size", 28, "--set", "colour=grey", "--set", "shift=0", "--epochs", 100, "--batch-size", 32)
"""Of architectures that are named; "default" takes what the program suggests, and is told the budget alone."""
AIMS = {"default": 0.935, "cnn": 0.92, "crnn": 0.90, "attention": 0.90}


def read(name: str) -> np.ndarray:
    """An IDX file of bytes."""
    content = gzip.decompress(next(SOURCE.parent.rglob(f"{name}*.gz")).read_bytes())
    dimensions = content[3]
    shape = [int.from_bytes(content[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(dimensions)]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def write_images(folder: Path) -> None:
    """PNG files in class folders; the last 2,000 training images are for validation."""
    for part, split in (("train", "train"), ("t10k", "test")):
        images, labels = read(f"{part}-images"), read(f"{part}-labels")
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            where = "validation" if split == "train" and number >= 58_000 else split
            target = folder / where / f"class{label}" / f"{number:05d}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(target)


def main() -> None:
    """Train and test each architecture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("architectures", nargs="*", default=["default"])
    parser.add_argument("--budget", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_images(folder / "images")
        for architecture in arguments.architectures:
            out = folder / architecture
            settings = () if architecture == "default" else ("--architecture", architecture, *SETTINGS)
            trained, wall, used = imgmine(
                "train", folder / "images", "--out", out, "--time-budget", f"{arguments.budget}s",
                "--seed", arguments.seed, *settings,
            )  # fmt: skip
            scored, _, _ = imgmine("evaluate", out, folder / "images", "--split", "test")
            row(architecture, accuracy=scored["accuracy"], aim=AIMS[architecture], training_seconds=trained["seconds"],
                epochs=trained["epochs"], command_seconds=wall, processor_seconds=used)  # fmt: skip


if __name__ == "__main__":
    main()
