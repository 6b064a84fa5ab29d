"""The engines that could compute features, in one run, and then the pass, the cache and the heads on real photos.

``python3 packaging/dev.py bench features`` measures what the program has: TensorFlow and OpenVINO. ONNX Runtime and
LiteRT are no dependencies; an environment that has them too measures all four::

    python3.11 -m venv ENGINES
    ENGINES/bin/pip install . onnx onnxruntime ai-edge-litert
    ENGINES/bin/python tests/bench/features.py

Every engine runs in a process of its own, in ``--rounds``, alternately; the best counts. Milliseconds are those of
the processor, over all threads, an image: EfficientNet-Lite0, 224 px, batches of 32, pooled features. The cosine is to
TensorFlow in float32. int8 is LiteRT's, calibrated on 32 of the photos. Exits with 1 where the engine that the program
takes is more than 10 percent behind the fastest one whose mean cosine is at least 0.999, or slower than 7 ms with
bfloat16 and 12 ms without.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
from measuring import REPOSITORY

from imgmine_gui.core.architectures.efficientnet_lite import Variant, blocks, pretrained_arrays
from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.features.cache import FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest, compute_features
from imgmine_gui.core.features.crossvalidation import Judged, cross_validate
from imgmine_gui.core.features.engines import open_engine
from imgmine_gui.core.features.heads import HeadOptions, Labelled, train_head
from imgmine_gui.core.features.learning_curve import learning_curve
from imgmine_gui.core.features.openvino_engine import OpenVinoEngine
from imgmine_gui.core.features.tensorflow_engine import TensorFlowEngine
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings

BATCH, BATCHES = 32, 8
SIZE = (224, 224)
LITE0 = Variant.LITE0
COSINE, BEHIND = 0.999, 1.10
LIMITS = {"bf16": 7.0, "f32": 12.0}
PHOTOS = REPOSITORY.parent / "shared" / "data" / "clothing"

Compute = Callable[[Any], Any]


def tensorflow_bf16() -> Compute:
    import keras
    import tensorflow as tf

    from imgmine_gui.core.architectures.efficientnet_lite import assign_pretrained, backbone

    keras.config.set_dtype_policy("mixed_bfloat16")
    images = keras.Input((*SIZE, 3), dtype="float32")
    pooled = keras.layers.GlobalAveragePooling2D(dtype="float32")(backbone(images, LITE0))
    model = keras.Model(images, pooled)
    assign_pretrained(model.layers, LITE0)
    run = tf.function(lambda pixels: model(tf.cast(pixels, tf.float32), training=False))
    return lambda pixels: run(pixels).numpy()


def litert(int8: bool) -> Compute:
    import keras
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2 as freeze

    from imgmine_gui.core.architectures.efficientnet_lite import assign_pretrained, backbone

    images = keras.Input((*SIZE, 3), batch_size=BATCH, dtype="float32")
    model = keras.Model(images, keras.layers.GlobalAveragePooling2D()(backbone(images, LITE0)))
    assign_pretrained(model.layers, LITE0)
    signature = tf.TensorSpec((BATCH, *SIZE, 3), tf.float32)
    frozen = freeze(tf.function(lambda x: model(x, training=False)).get_concrete_function(signature))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    if int8:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: [[photos()[:BATCH].astype(np.float32)]]
    interpreter = Interpreter(model_content=converter.convert(), num_threads=os.cpu_count())
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def run(pixels: Any) -> Any:
        interpreter.set_tensor(source, pixels.astype(np.float32))
        interpreter.invoke()
        return interpreter.get_tensor(target)

    return run


def onnxruntime() -> Compute:
    import onnxruntime as ort

    session = ort.InferenceSession(onnx_model().SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(None, {"images": pixels})[0]


def onnx_model() -> Any:
    """The backbone as an ONNX graph, from the same weights."""
    from onnx import TensorProto, helper, numpy_helper

    arrays = dict(pretrained_arrays(LITE0))
    nodes: list[Any] = []
    constants = {
        "offset": np.float32(127), "scale": np.float32(128), "low": np.float32(0), "high": np.float32(6),
        "axes": np.array([2, 3]),
    }  # fmt: skip

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [f"x{len(nodes)}"], **attributes))
        return f"x{len(nodes) - 1}"

    def convolution(x: str, name: str, stride: int = 1, linear: bool = False) -> str:
        kernel = arrays[f"{name}/kernel"]
        depthwise = name.endswith("depthwise")
        constants[f"{name}/kernel"] = np.ascontiguousarray(
            kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        )
        constants[f"{name}/bias"] = arrays[f"{name}/bias"]
        group = kernel.shape[2] if depthwise else 1
        x = node(
            "Conv", x, f"{name}/kernel", f"{name}/bias", strides=[stride, stride], group=group, auto_pad="SAME_UPPER"
        )
        return x if linear else node("Clip", x, "low", "high")

    x = node("Div", node("Sub", node("Cast", "images", to=TensorProto.FLOAT), "offset"), "scale")
    x = convolution(node("Transpose", x, perm=[0, 3, 1, 2]), "stem", 2)
    for block in blocks(LITE0):
        before = x
        if block.expands:
            x = convolution(x, f"{block.name}_expand")
        x = convolution(x, f"{block.name}_depthwise", block.stride)
        x = convolution(x, f"{block.name}_project", linear=True)
        x = node("Add", x, before) if block.residual else x
    x = node("ReduceMean", convolution(x, "top"), "axes", keepdims=0)
    graph = helper.make_graph(
        nodes, "lite0",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, [BATCH, *SIZE, 3])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, [BATCH, 1280])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def openvino(precision: str) -> Compute:
    engine = OpenVinoEngine(LITE0, SIZE, 3, maps=False, precision=precision)
    return lambda pixels: engine(pixels)[0]


def openvino_plain_bf16() -> Compute:
    """bfloat16 as OpenVINO rounds by itself, for comparison."""
    from openvino import Core

    from imgmine_gui.core.features.openvino_engine import build_model

    core = Core()
    model = build_model(LITE0, dict(pretrained_arrays(LITE0)), SIZE, 3, maps=False)
    request = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "bf16"}).create_infer_request()
    return lambda pixels: request.infer([pixels])[0]


def chosen() -> Compute:
    engine = open_engine(LITE0, SIZE, 3, maps=False)
    return lambda pixels: engine(pixels)[0]


def tensorflow() -> Compute:
    engine = TensorFlowEngine(LITE0, SIZE, 3, maps=False)
    return lambda pixels: engine(pixels)[0]


ENGINES: dict[str, Callable[[], Compute]] = {
    "TensorFlow float32": tensorflow,
    "TensorFlow bfloat16": tensorflow_bf16,
    "LiteRT float32": lambda: litert(int8=False),
    "LiteRT int8": lambda: litert(int8=True),
    "ONNX Runtime float32": onnxruntime,
    "OpenVINO float32": lambda: openvino("f32"),
    "OpenVINO bfloat16, plain": openvino_plain_bf16,
    "OpenVINO bfloat16, sums kept": lambda: openvino("bf16"),
    "what the program takes": chosen,
}


def photos() -> Any:
    """uint8 (64, 224, 224, 3), photos that are evenly drawn; noise where there are none."""
    paths = sorted((PHOTOS / "test").rglob("*.jpg"))
    if not paths:
        coarse = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 3), np.uint8)
        return coarse.repeat(8, 1).repeat(8, 2)
    step = len(paths) / 64
    return np.stack([load_sample(str(paths[int(number * step)]), Preprocessing())[0] for number in range(64)])


def measure(name: str, out: Path) -> None:
    """In a process of its own: milliseconds an image, and the features, to a file."""
    began = time.perf_counter()
    compute = ENGINES[name]()
    pixels = photos()
    features = np.concatenate([np.array(compute(pixels[start : start + BATCH])) for start in (0, BATCH)])
    ready = time.perf_counter() - began
    best = {"cpu": np.inf, "wall": np.inf}
    for _ in range(3):
        spent, wall = time.process_time(), time.perf_counter()
        for number in range(BATCHES):
            compute(pixels[number % 2 * BATCH : number % 2 * BATCH + BATCH])
        images = BATCHES * BATCH
        best["cpu"] = min(best["cpu"], (time.process_time() - spent) / images * 1e3)
        best["wall"] = min(best["wall"], (time.perf_counter() - wall) / images * 1e3)
    np.savez(out, features=features, ready=ready, **best)


def compare_engines(rounds: int) -> bool:
    """Print the table; whether the program's choice keeps to the limits."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "one.npz"
        for _ in range(rounds):
            for name in ENGINES:
                command = [sys.executable, __file__, "--measure", name, str(out)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    found.setdefault(name, {"why": done.stderr.strip().splitlines()[-1:]})
                    continue
                values = dict(np.load(out))
                if "cpu" not in found.get(name, {}) or values["cpu"] < found[name]["cpu"]:
                    found[name] = values
    exact = found["TensorFlow float32"]["features"]
    for name, values in found.items():
        if "why" in values:
            print(f"{name:30} not measured: {' '.join(values['why'])}")
            continue
        norms = np.linalg.norm(values["features"], axis=1) * np.linalg.norm(exact, axis=1)
        cosines = (values["features"] * exact).sum(axis=1) / norms
        values["cosine"] = float(cosines.mean())
        print(
            f"{name:30} {values['cpu']:6.2f} ms of processor, {values['wall']:6.2f} ms, an image; ready after "
            f"{values['ready']:5.2f} s; cosine mean {cosines.mean():.5f}, least {cosines.min():.5f}"
        )
    fastest = min(float(values["cpu"]) for values in found.values() if values.get("cosine", 0) >= COSINE)
    taken = found["what the program takes"]
    precision = "bf16" if "bf16" in open_engine(LITE0, SIZE, 3, maps=False).precision else "f32"
    good = float(taken["cpu"]) <= min(fastest * BEHIND, LIMITS[precision]) and taken["cosine"] >= COSINE
    print(
        f"fastest {fastest:.2f} ms, taken {float(taken['cpu']):.2f} ms ({precision}): {'good' if good else 'TOO SLOW'}"
    )
    return good


def whole_way() -> None:
    """The pass over the clothes, the cache, and what is learned from it."""
    if not PHOTOS.is_dir():
        print("The pass and the heads are not measured: there are no photos beside the repository.")
        return
    context = PlainContext()
    items, _ = load_items(PHOTOS, SplitSettings(), context)
    with tempfile.TemporaryDirectory() as folder, FeatureCache(Path(folder)) as cache:
        for maps in (False, True):
            request = FeatureRequest(maps=maps)
            first = compute_features(items.items, request, cache, context)
            again = compute_features(items.items, request, cache, context)
            count = len(first.images)
            print(
                f"{'maps' if maps else 'pooled':6} of {count} photos: {first.seconds:.1f} s, "
                f"{first.processor_seconds / count * 1e3:.1f} ms of processor an image with decoding, {first.engine}; "
                f"from the cache {again.seconds:.2f} s; {cache.uses()[0].size / count:,.0f} bytes an image"
            )
            if not maps:
                table = first
    index = {name: number for number, name in enumerate(items.classes)}
    targets = np.array([index[items.items[image].label or ""] for image in table.images], np.int32)
    splits = np.array([items.items[image].split for image in table.images])
    train, validation, test = (
        Labelled(table.values[splits == split], targets[splits == split])
        for split in (Split.TRAIN, Split.VALIDATION, Split.TEST)
    )
    head = train_head(train, len(index), HeadOptions(), validation)
    changed = train.targets.copy()
    changed[0] = (changed[0] + 1) % len(index)
    warm = train_head(Labelled(train.features, changed), len(index), HeadOptions(), validation, head.arrays)
    right = float((head.logits(test.features).argmax(axis=1) == test.targets).mean())
    print(f"linear head of {len(train.targets)}: {head.seconds:.2f} s, {head.iterations} iterations, test {right:.4f}")
    print(f"after one changed label, from the former head: {warm.seconds:.2f} s, {warm.iterations} iterations")
    groups = [items.items[image].key for image in table.images]
    rows = np.flatnonzero(splits != Split.TEST)
    judged = Judged(table.values[rows], targets[rows], [groups[row] for row in rows], len(index))
    crossed = cross_validate(judged, HeadOptions(), context)
    print(f"5 folds: {crossed.seconds:.1f} s, accuracy {json.dumps(vars(crossed.accuracy))}")
    curve = learning_curve(judged, HeadOptions(), context)
    print(f"learning curve: {curve.seconds:.1f} s, doubling brings {json.dumps(vars(curve.gain))}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--measure", nargs=2, metavar=("ENGINE", "OUT"), help="for the bench itself")
    parser.add_argument("--rounds", type=int, default=3, help="of the engines; 0 leaves them out")
    given = parser.parse_args()
    if given.measure:
        measure(given.measure[0], Path(given.measure[1]))
    else:
        fast_enough = not given.rounds or compare_engines(given.rounds)
        whole_way()
        sys.exit(0 if fast_enough else 1)
