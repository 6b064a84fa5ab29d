"""What each explainer costs: processor milliseconds an image on the attention network, default options.

``python3 packaging/dev.py bench explainers [--size 96] [--images 5]``
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from measuring import row

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.compute import explain_images
from imgmine_gui.core.explain.explain_file import subject_of
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network
from imgmine_gui.core.training.config import configure
from imgmine_gui.core.training.precision import resolve_precision

CLASSES = tuple("abcdefghij")


def make_network(architecture: str, size: int) -> Network:
    """An untrained network for grey images; what a method costs does not depend on the weights."""
    config = configure("classification", architecture, {"width": size, "height": size, "colour": "grey"}.items())
    return build_network(
        NetworkDescription(
            task=config.task,
            architecture=architecture,
            architecture_options=config.architecture_options,
            preprocessing=config.preprocessing,
            classes=CLASSES,
            precision=resolve_precision(config.training.precision).value,
        )
    )


def main() -> None:
    """Explain images one by one, as the window does, with every method that is defined on the network."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--images", type=int, default=5)
    parser.add_argument("--architecture", default="attention")
    arguments = parser.parse_args()
    subject = subject_of(make_network(arguments.architecture, arguments.size))
    shape = (arguments.images + 1, 1, arguments.size, arguments.size, 1)
    images = np.random.default_rng(0).integers(0, 255, shape).astype(np.float32)
    target = np.zeros(1, np.int32)
    for name in EXPLAINERS:
        if not EXPLAINERS[name].needs <= subject.gives:
            continue
        explain_images(name, subject, images[0], target)  # traces and compiles
        used, began = time.process_time(), time.perf_counter()
        for image in images[1:]:
            explain_images(name, subject, image, target)
        used, wall = time.process_time() - used, time.perf_counter() - began
        row(name, processor_ms=1000 * used / arguments.images, wall_ms=1000 * wall / arguments.images)


if __name__ == "__main__":
    main()
