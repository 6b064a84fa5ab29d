"""Transfer learning on real photos: the whole command against the least that it could take, and the run after it.

    packaging/dev.py bench transfer [--data FOLDER]

Measures, one after another on the same machine: decoding all training and validation images and passing them through
the backbone once; ``imgmine train`` without any cache, from the start of its process to the saved model; the same
again, with the features in the cache; and the accuracy of the model on the test images.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from imgmine_gui.core.features.compute import FeatureRequest, compute_features
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.training.config import configure

CLOTHING = Path(__file__).parents[2].parent / "shared/data/clothing"


def imgmine(cache: Path, *arguments: str) -> dict[str, Any]:
    """The result of a command, from its last line."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-m", "imgmine_gui", *arguments, "--json"]
    lines = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=CLOTHING)
    data = parser.parse_args().data
    items, _ = load_items(data, SplitSettings(), PlainContext())
    chosen = [item for item in items.items if item.label is not None and item.split is not Split.TEST]
    request = FeatureRequest(preprocessing=configure("classification", "transfer").preprocessing)
    table = compute_features(chosen, request, None, PlainContext())
    print(f"decoding and one pass, {len(chosen)} images, {table.engine}: {table.seconds:.1f} s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("cold", "cached"):
            began = time.perf_counter()
            run = folder / kind
            trained = imgmine(folder, "train", str(data), "--architecture", "transfer", "--out", str(run))
            seconds = time.perf_counter() - began
            print(f"{kind} run: {seconds:.1f} s, {seconds / table.seconds:.2f} times the pass; "
                  f"training alone {trained['seconds']:.1f} s")  # fmt: skip
        judged = imgmine(folder, "evaluate", str(folder / "cached"), str(data))
        print(f"accuracy on the test images: {judged['accuracy']:.4f}")


if __name__ == "__main__":
    main()
