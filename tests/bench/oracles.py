"""Our maps against those of tf-keras-vis and xplique, which live in an environment of their own.

xplique 2.0.2 pins TensorFlow to 2.20 with CUDA, so neither can be a dependency of the program or of its tests. Make the
environment once, elsewhere, without what is not needed on a processor::

    python3.11 -m venv ORACLES
    ORACLES/bin/pip install tensorflow-cpu==2.20.0 scipy==1.15.3 pillow deprecated imageio packaging einops matplotlib \
        opencv-python-headless "scikit-image<=0.25.2" "scikit-learn<=1.7.2"
    ORACLES/bin/pip install --no-deps tf-keras-vis==0.8.7 xplique==2.0.2 tensorflow-probability==0.25.0 tf_keras==2.20.1

Then, from the repository, with the program's interpreter and with theirs::

    python -m tests.bench.oracles write FOLDER
    ORACLES/bin/python tests/bench/oracles.py compare FOLDER

The first writes networks' weights, images and our maps, the second prints the largest difference a method, as a part
of the map's maximum, and exits with 1 if one is too large. Where a library departs from the paper, the row says how
the two were made comparable:

- xplique's Grad-CAM++ divides by the mean of A where the paper and its authors' code have the sum; ours is given A / N.
- tf-keras-vis's Grad-CAM++ divides the alphas of a channel by their sum, which the paper does not, and is left out.
- tf-keras-vis's Score-CAM enlarges the channels corner on corner, ours pixel centre on pixel centre as
  ``tf.image.resize``, which it is given.
- xplique's occlusion adds up overlapping windows and leaves out the border; the windows here tile the image.
- xplique's RISE is given our masks.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

SIDE, CLASSES, STEPS, WINDOW = 40, 5, 16, 5
FEATURES = "features"
TOLERANCE = 1e-4
KINDS = ("cnn", "crnn")


def build(kind: str) -> Any:
    """A small network without augmentation, which both environments build alike."""
    import keras
    from keras import layers

    images = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 127.5, -1.0)(images)
    for width in (8, 12):
        x = layers.MaxPooling2D()(layers.Conv2D(width, 3, padding="same", activation="relu")(x))
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name=FEATURES)(x)
    if kind == "cnn":
        x = layers.Dense(20, activation="relu")(layers.Flatten()(layers.MaxPooling2D()(x)))
    else:
        rows, columns, channels = x.shape[1:]
        sequence = layers.Reshape((columns, rows * channels))(layers.Permute((2, 1, 3))(x))
        x = layers.Bidirectional(layers.LSTM(12))(sequence)
    return keras.Model(images, layers.Dense(CLASSES)(x))


def write(folder: Path) -> None:
    """Write weights, images and our maps of every kind of network; runs where the program is installed."""
    import keras

    from imgmine_gui.core.explain.subject import Subject

    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(11)
    coarse = random.uniform(0, 255, (4, SIDE // 5, SIDE // 5, 3)).repeat(5, 1).repeat(5, 2)
    images = np.clip(coarse + random.normal(0, 15, coarse.shape), 0, 255).astype(np.float32)
    targets = np.array([0, 4, 2, 1])
    for kind in KINDS:
        keras.utils.set_random_seed(5)
        network = build(kind)
        order = np.stack([random.permutation(SIDE * SIDE).reshape(SIDE, SIDE) for _ in images]) / SIDE**2
        weights = {f"weight_{index:02}": value for index, value in enumerate(network.get_weights())}
        ours = our_maps(Subject(network, FEATURES), images, targets, order)
        np.savez(folder / f"{kind}.npz", images=images, targets=targets, order=order, **weights, **ours)


def our_maps(subject: Any, images: Any, targets: Any, order: Any) -> dict[str, Any]:
    """Every map that one of the libraries makes too."""
    from imgmine_gui.core.explain.base import EXPLAINERS
    from imgmine_gui.core.explain.baselines import Baseline
    from imgmine_gui.core.explain.compute import make_explainer
    from imgmine_gui.core.explain.faithfulness import faithfulness
    from imgmine_gui.core.explain.heatmap import Heatmap

    rise = make_explainer("rise", {"masks": 64, "baseline": "black"})
    integrated = make_explainer("integrated_gradients", {"steps": STEPS})
    features, gradients = subject.features_and_gradients(images, targets)
    positions = features.shape[1] * features.shape[2]
    makers = {
        **{name: make_explainer(name) for name in ("grad_cam", "layer_cam", "score_cam")},
        "saliency": make_explainer("smooth_grad", {"samples": 1, "noise": 0}),
        "occlusion": make_explainer(
            "occlusion", {"window": 100 * WINDOW // SIDE + 1, "overlap": 1, "baseline": "black"}
        ),
        "rise": rise,
    }
    black = {"deletion_baseline": Baseline.BLACK, "insertion_baseline": Baseline.BLACK}
    scored = [
        faithfulness(subject, image, int(target), Heatmap(values, "", int(target), False), steps=STEPS, **black)
        for image, target, values in zip(images, targets, order, strict=True)
    ]
    pairs = zip(images, targets, strict=True)
    return {
        **{name: maker.explain(subject, images, targets) for name, maker in makers.items()},
        "integrated_gradients": np.stack(
            [integrated.attributions(subject, image, target).sum(2) for image, target in pairs]
        ),
        "grad_cam_plus_plus_of_mean": EXPLAINERS["grad_cam_plus_plus"].combine(features / positions, gradients),
        "masks": np.concatenate(list(rise._masks(SIDE, SIDE))),
        "deletion": np.mean([score.deletion for score in scored]),
        "insertion": np.mean([score.insertion for score in scored]),
    }


def compare(folder: Path) -> bool:
    """Print the differences of every kind of network; runs where the libraries are installed."""
    import keras
    import tensorflow as tf

    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}")
    good = True
    for kind in KINDS:
        data = np.load(folder / f"{kind}.npz")
        network = build(kind)
        network.set_weights([data[name] for name in sorted(data.files) if name.startswith("weight_")])
        for library, rows in (("tf-keras-vis", tf_keras_vis_maps), ("xplique", xplique_maps)):
            for name, theirs in rows(network, data).items():
                good &= show(kind, library, name, np.maximum(data[name], 0), np.maximum(np.squeeze(theirs), 0))
    return good


def show(kind: str, library: str, name: str, ours: Any, theirs: Any) -> bool:
    """One row: the largest difference as a part of the largest value."""
    difference = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    print(f"{kind:5} {library:13} {name:28} largest difference {difference:.1e} of {np.abs(theirs).max():.3g}")
    return difference < TOLERANCE


def tf_keras_vis_maps(network: Any, data: Any) -> dict[str, Any]:
    """The methods of tf-keras-vis, on its own scale and at the resolution of the feature map."""
    import tensorflow as tf
    from tf_keras_vis import scorecam
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    scorecam.zoom = lambda maps, *_, **__: tf.image.resize(maps, (SIDE, SIDE)).numpy()
    score, images = CategoricalScore(data["targets"].tolist()), data["images"]
    raw: dict[str, Any] = {"penultimate_layer": FEATURES, "expand_cam": False, "normalize_cam": False}
    magnitude = Saliency(network)(score, images, normalize_map=False, gradient_modifier=np.abs)
    return {
        "grad_cam": Gradcam(network)(score, images, **raw),
        "layer_cam": Layercam(network)(score, images, **raw),
        "score_cam": scorecam.Scorecam(network)(score, images, **raw),
        "saliency": magnitude,
    }


def xplique_maps(network: Any, data: Any) -> dict[str, Any]:
    """The methods of xplique; its class activation maps before it enlarges them."""
    import keras
    import tensorflow as tf
    from xplique.attributions import GradCAM, GradCAMPP, IntegratedGradients, Occlusion, Rise, Saliency
    from xplique.metrics import Deletion, Insertion

    images, wanted = data["images"], np.eye(CLASSES, dtype=np.float32)[data["targets"]]
    probable = keras.Sequential([network, keras.layers.Softmax()])

    def class_activation(kind: Any) -> Any:
        explainer = kind(network, conv_layer=FEATURES)
        features, gradients = explainer._gradient(tf.constant(images), tf.constant(wanted))
        return explainer._apply_weights(explainer._compute_weights(gradients, features), features)

    masks = tf.constant(data["masks"])
    Rise._get_masks = staticmethod(lambda *_: masks)
    Rise._apply_masks = staticmethod(lambda image, part, _: (image[None] * part[..., None], part[..., None]))
    black: dict[str, Any] = {"baseline_mode": 0.0, "steps": STEPS}
    return {
        "grad_cam": class_activation(GradCAM),
        "grad_cam_plus_plus_of_mean": class_activation(GradCAMPP),
        "saliency": Saliency(network)(images, wanted),
        "integrated_gradients": IntegratedGradients(network, steps=STEPS, reducer="sum")(images, wanted),
        "occlusion": Occlusion(network, patch_size=WINDOW, patch_stride=WINDOW)(images, wanted),
        "rise": Rise(probable, nb_samples=len(masks))(images, wanted),
        "deletion": Deletion(probable, images, wanted, **black)(data["order"]),
        "insertion": Insertion(probable, images, wanted, **black)(data["order"]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("step", choices=("write", "compare"))
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    if chosen.step == "write":
        write(chosen.folder)
    elif not compare(chosen.folder):
        sys.exit(1)
