"""Make the clutter sample: one whole clothing item among distracting pieces of others, its box known.

Each image is a dark canvas of 96 x 96 pixels. Twelve pieces of 7 to 12 pixels a side, cut from other items, lie at
random places; one whole item of Fashion-MNIST, mildly scaled, lies over them at a random place and gives the image its
class; noise covers everything. A network that is right for the right reason looks at the item, and `boxes.csv` says
where it is.

Items and pieces of `test` come from the test file of Fashion-MNIST, those of `train` and `validation` from disjoint
parts of its training file. The same arguments give the same files, byte for byte (with the same zlib).
"""

import argparse
import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sample_folder import SampleError, make_folder

Pixels = NDArray[np.uint8]

CLASSES = ("t_shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle_boot")
SPLITS = ("train", "validation", "test")
SOURCE = Path("/usr/share/datasets/fashion-mnist")

CANVAS = 96
ITEM_SIDES = (26, 30)
"""Items of 28 pixels a side are scaled to between these sides."""
PIECES = 12
PIECE_SIDES = (7, 12)
PIECE_INK = 0.6
"""The least part of a piece that is cloth: a piece of empty background distracts nobody."""
INK = 24
"""Grey level from which a pixel belongs to an item; the JPEG-like haze around some items lies below."""
NOISE = 8.0
"""Standard deviation of the noise, in grey levels of 255."""
STEP = 10
"""Grey levels are rounded to multiples of this (26 levels): noise of 256 levels would not compress."""
VALIDATION_PART = 6
"""One in so many items of the training file is kept for `validation`."""

README = """# Clutter

Images of {canvas} x {canvas} pixels, 8-bit grey: one whole clothing item at a random place among {pieces} pieces cut
from other items, under noise. The folder says the class of the whole item; `boxes.csv` (path, class, x, y, width,
height in pixels, from the top left corner) says where it is, so that a heatmap can be right or wrong.

| split | images |
|---|---|
| train | {train} |
| validation | {validation} |
| test | {test} |

Items and pieces of `test` come from the test file of Fashion-MNIST, those of `train` and `validation` from disjoint
parts of its training file. Made by `packaging/make_clutter.py` with seed {seed}.

## Source and licence

Fashion-MNIST, https://github.com/zalandoresearch/fashion-mnist, by Han Xiao, Kashif Rasul and Roland Vollgraf
(arXiv:1708.07747), as in Debian's package `dataset-fashion-mnist`. The images here are derived from it and stand
under the same licence:

The MIT License (MIT)

Copyright (c) 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; (x, y) is its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Items:
    """Whole items: `images` (items, 28, 28) uint8, `labels` (items,) uint8 into `CLASSES`."""

    images: Pixels
    labels: Pixels


@dataclass(frozen=True)
class Sample:
    """One image of the sample; `item` is the place of its whole item in the `Items` it was made from."""

    pixels: Pixels
    label: int
    box: Box
    item: int


def read_idx(path: Path) -> Pixels:
    """Read a gzipped IDX file of unsigned bytes as an array of the shape that its header states."""
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise SampleError(f"{path} cannot be read ({error}): install Debian's dataset-fashion-mnist") from error
    if data[:3] != b"\x00\x00\x08":
        raise SampleError(f"{path} is no IDX file of bytes")
    dimensions = data[3]
    header = 4 + 4 * dimensions
    shape = np.frombuffer(data[4:header], dtype=">u4").astype(int)
    return np.frombuffer(data[header:], dtype=np.uint8).reshape(shape)


def read_items(folder: Path, prefix: str) -> Items:
    """Read the images and labels of one file of Fashion-MNIST; `prefix` is `train` or `t10k`."""
    return Items(
        read_idx(folder / f"{prefix}-images-idx3-ubyte.gz"), read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
    )


def split_items(folder: Path) -> dict[str, Items]:
    """Return the items that each split may use; no item is in two of them."""
    training, test = read_items(folder, "train"), read_items(folder, "t10k")
    kept = np.arange(len(training.labels)) % VALIDATION_PART == 0
    return {
        "train": Items(training.images[~kept], training.labels[~kept]),
        "validation": Items(training.images[kept], training.labels[kept]),
        "test": test,
    }


def tight_box(image: Pixels) -> Box:
    """Return the smallest box around all pixels of an item; the item must have one."""
    rows, columns = (np.flatnonzero((image >= INK).any(axis=axis)) for axis in (1, 0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1)


def choose_items(labels: Pixels, count: int, random: np.random.Generator) -> list[int]:
    """Choose `count` different items, the classes in turn, so that their counts differ by one at most."""
    queues = [random.permutation(np.flatnonzero(labels == label)) for label in range(len(CLASSES))]
    most = min(map(len, queues)) * len(CLASSES)
    if count > most:
        raise SampleError(f"{count} images are too many: there are different items for {most}")
    return [int(queues[place % len(CLASSES)][place // len(CLASSES)]) for place in range(count)]


def cut_piece(images: Pixels, item: int, random: np.random.Generator) -> Pixels:
    """Cut a piece that is mostly cloth from any item but `item`."""
    while True:
        other = int(random.integers(len(images)))
        height, width = (int(side) for side in random.integers(PIECE_SIDES[0], PIECE_SIDES[1] + 1, size=2))
        top = int(random.integers(images.shape[1] - height + 1))
        left = int(random.integers(images.shape[2] - width + 1))
        piece = images[other, top : top + height, left : left + width]
        if other != item and np.mean(piece >= INK) >= PIECE_INK:
            return piece


def paste(canvas: Pixels, image: Pixels, random: np.random.Generator) -> Box:
    """Lay the pixels of `image` that are cloth over `canvas`, at a random place, and return where it lies."""
    height, width = image.shape
    y = int(random.integers(canvas.shape[0] - height + 1))
    x = int(random.integers(canvas.shape[1] - width + 1))
    under = canvas[y : y + height, x : x + width]
    np.copyto(under, image, where=image >= INK)
    return Box(x, y, width, height)


def make_sample(items: Items, item: int, random: np.random.Generator) -> Sample:
    """Make the image of one whole item."""
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    for _ in range(PIECES):
        paste(canvas, cut_piece(items.images, item, random), random)
    side = int(random.integers(ITEM_SIDES[0], ITEM_SIDES[1] + 1))
    scaled = np.asarray(Image.fromarray(items.images[item]).resize((side, side), Image.Resampling.BILINEAR))
    box = tight_box(scaled)
    box = paste(canvas, scaled[box.y : box.y + box.height, box.x : box.x + box.width], random)
    noisy = canvas + random.normal(0.0, NOISE, canvas.shape)
    pixels = (np.clip(np.rint(noisy / STEP), 0, 255 // STEP) * STEP).astype(np.uint8)
    return Sample(pixels, int(items.labels[item]), box, item)


def make_samples(items: Items, split: str, count: int, seed: int) -> Iterator[Sample]:
    """Make the images of a split, the classes in turn."""
    random = np.random.default_rng([seed, SPLITS.index(split)])
    for item in choose_items(items.labels, count, random):
        yield make_sample(items, item, random)


def write_split(folder: Path, split: str, samples: Iterable[Sample]) -> Iterator[tuple[str | int, ...]]:
    """Write the images of a split and yield the row of each in `boxes.csv`."""
    for name in CLASSES:
        (folder / split / name).mkdir(parents=True)
    for number, sample in enumerate(samples):
        name, box = CLASSES[sample.label], sample.box
        path = f"{split}/{name}/{number:05}.png"
        Image.fromarray(sample.pixels).save(folder / path, optimize=True)
        yield path, name, box.x, box.y, box.width, box.height


def write_sample(folder: Path, counts: dict[str, int], seed: int, source: Path) -> None:
    """Write the folders of images, `boxes.csv` and `README.md` into the new folder `folder`."""
    pools = split_items(source)
    with (folder / "boxes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("path", "class", "x", "y", "width", "height"))
        for split, count in counts.items():
            table.writerows(write_split(folder, split, make_samples(pools[split], split, count, seed)))
    readme = README.format(canvas=CANVAS, pieces=PIECES, seed=seed, **counts)
    (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make the clutter sample from Fashion-MNIST.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to make; it must not exist")
    for split, count in zip(SPLITS, (3000, 500, 500), strict=True):
        parser.add_argument(f"--{split}", type=int, default=count, help=f"images of {split} (default {count})")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--source", type=Path, default=SOURCE, help="the folder of the four IDX files")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Make the sample that the command line asks for; return the exit code."""
    options = parse_arguments(arguments)
    counts = {split: getattr(options, split) for split in SPLITS}
    try:
        make_folder(options.out, lambda folder: write_sample(folder, counts, options.seed, options.source))
    except SampleError as error:
        print(f"make_clutter: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"{options.out}: {sum(counts.values())} images, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
