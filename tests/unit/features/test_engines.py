"""The engines agree, and the program falls back from one to the other."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from imgmine_gui.core.architectures.efficientnet_lite import Variant
from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.features.engines import open_engine
from imgmine_gui.core.features.openvino_engine import OpenVinoEngine
from imgmine_gui.core.features.tensorflow_engine import TensorFlowEngine

SIZE = (96, 128)
SHIPPED = sorted((Path(__file__).resolve().parents[3] / "resources" / "samples").rglob("*.jpg"))


def cosines(first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    norms = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    result: npt.NDArray[np.float32] = (first * second).sum(axis=1) / norms
    return result


@pytest.mark.parametrize("channels", [1, 3])
def test_openvino_gives_what_tensorflow_gives(channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 12, 16, channels), np.uint8).repeat(8, 1).repeat(8, 2)
    pooled, maps = OpenVinoEngine(Variant.LITE0, SIZE, channels, maps=True, precision="f32")(pixels)
    wanted, wanted_maps = TensorFlowEngine(Variant.LITE0, SIZE, channels, maps=True)(pixels)
    assert maps is not None
    assert wanted_maps is not None
    assert wanted_maps.shape == (5, 3, 4, 1280)
    np.testing.assert_allclose(pooled, wanted, atol=2e-4)
    np.testing.assert_allclose(maps, wanted_maps, atol=2e-3)
    np.testing.assert_allclose(maps.mean(axis=(1, 2)), pooled, atol=1e-5)


def test_bfloat16_keeps_the_features_of_photos(shared_data: Path) -> None:
    photos = sorted((shared_data / "clothing" / "test").rglob("*.jpg"))[::12]
    pixels = np.stack([load_sample(str(photo), Preprocessing())[0] for photo in photos])
    fast = OpenVinoEngine(Variant.LITE0, (224, 224), 3, maps=False, precision="bf16")(pixels)[0].copy()
    exact = OpenVinoEngine(Variant.LITE0, (224, 224), 3, maps=False, precision="f32")(pixels)[0]
    found = cosines(fast, exact)
    assert found.mean() > 0.999
    assert found.min() > 0.998


def test_without_openvino_tensorflow_computes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    engine = open_engine(Variant.LITE0, SIZE, 3, maps=False)
    assert engine.name == "tensorflow"
    assert "OpenVINO failed" in caplog.text
    assert engine(np.zeros((2, *SIZE, 3), np.uint8))[0].shape == (2, 1280)


ALONE = """
import sys
import imgmine_gui.core.features.compute
assert not {"openvino", "tensorflow", "keras"} & set(sys.modules), "imported before it is used"
from imgmine_gui.core.architectures.efficientnet_lite import Variant
from imgmine_gui.core.features.engines import open_engine
engine = open_engine(Variant.LITE0, (64, 64), 3, False)
assert engine.name == "openvino"
assert "tensorflow" not in sys.modules
telemetry = [name for name in sys.modules if name.startswith("openvino_telemetry") and sys.modules[name]]
assert not telemetry, telemetry
"""


def test_openvino_needs_no_tensorflow_and_never_loads_its_telemetry() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
