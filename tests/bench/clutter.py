"""Learning on the clutter sample's large form: accuracy, and whether the heatmaps point at the item.

``python3 packaging/dev.py bench clutter [--seeds 0 1 2] [--budget 180] [--networks attention global cnn crnn]``

``global`` is the attention network's convolutions with global average pooling in place of attention.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import REPOSITORY, imgmine, row

from imgmine_gui.core.evaluation.localisation import energy_in, points_at, read_boxes

NETWORKS = {
    "attention": ("attention", []),
    "global": ("cnn", ["summary=global_average", "dense=128", "poolings=3"]),
    "cnn": ("cnn", []),
    "crnn": ("crnn", []),
}
METHODS = {
    "attention": ("attention", "hires_cam"),
    "global": ("hires_cam",),
    "cnn": ("layer_cam",),
    "crnn": ("columns",),
}
RECIPE = ["colour=grey", "flip_horizontal=true", "dropout=0.1", "learning_rate=0.002", "schedule=one_cycle"]
"""For 180 s: with the default dropout and rate a network is not done in that time."""
MARGIN = 4
LOOKED_AT = 500


def main() -> None:
    """Train and test each network under each seed, then print the means."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--budget", type=float, default=180)
    parser.add_argument("--train", type=int, default=15_000)
    parser.add_argument("--test", type=int, default=2_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "clutter"
        subprocess.run(
            [sys.executable, REPOSITORY / "packaging" / "make_clutter.py", "--out", data, "--train",
             str(arguments.train), "--validation", "1000", "--test", str(arguments.test)], check=True,
        )  # fmt: skip
        for name in arguments.networks:
            runs = [_measure(name, seed, data, Path(temporary), arguments.budget) for seed in arguments.seeds]
            row(f"{name} (mean)", **{key: float(np.mean([run[key] for run in runs])) for key in runs[0]})


def _measure(name: str, seed: int, data: Path, folder: Path, budget: float) -> dict[str, float]:
    architecture, settings = NETWORKS[name]
    out = folder / f"{name}{seed}"
    chosen = [part for text in [*RECIPE, *settings] for part in ("--set", text)]
    trained, _, used = imgmine(
        "train", data, "--out", out, "--architecture", architecture, "--image-size", 96, "--epochs", 60, *chosen,
        "--time-budget", f"{budget}s", "--seed", seed,
    )  # fmt: skip
    scored, _, _ = imgmine("evaluate", out, data, "--split", "test")
    figures = {"accuracy": scored["accuracy"], "seconds": trained["seconds"], "processor_seconds": used,
               "epochs": float(trained["epochs"])}  # fmt: skip
    for method in METHODS[name]:
        figures |= _look(method, out, data, folder / f"{name}{seed}{method}")
    row(f"{name} seed {seed}", **figures)
    return figures


def _look(method: str, model: Path, data: Path, maps: Path) -> dict[str, float]:
    boxes = {path: box for path, box in read_boxes(data).items() if path.startswith("test/")}
    chosen = dict(list(boxes.items())[:: max(1, len(boxes) // LOOKED_AT)])
    part = maps / "images"
    for path in chosen:
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        (part / path).symlink_to(data / path)
    imgmine("predict", model, part, "--out", maps / "p.csv", "--heatmaps", maps / "maps", "--method", method)
    values = {path: np.load(maps / "maps" / f"{path}.npy") for path in chosen}
    hits = [points_at(values[path], box.widened(MARGIN)) for path, box in chosen.items()]
    energy = [energy_in(values[path], box) for path, box in chosen.items()]
    return {f"{method}_pointing": float(np.mean(hits)), f"{method}_energy": float(np.mean(energy))}


if __name__ == "__main__":
    main()
