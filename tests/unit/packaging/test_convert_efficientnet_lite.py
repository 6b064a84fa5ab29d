"""The converter of pretrained weights, on checkpoints made here: PyTorch is not needed to write the old format."""

import hashlib
import io
import os
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import convert_efficientnet_lite as converter
import numpy as np
import pytest
from convert_efficientnet_lite import ConvertError, Source, folded, main, rounded
from legacy_checkpoint import MAGIC, PROTOCOL, CheckpointError, read_checkpoint
from safetensors.numpy import load_file


class _Storage:
    """Stands for the numbers in the table; the pickler writes its persistent id instead."""

    def __init__(self, key: str, kind: type, numbers: np.ndarray) -> None:
        self.key, self.kind, self.numbers = key, kind, numbers


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing: Any) -> Any:
        if isinstance(thing, _Storage):
            return ("storage", thing.kind, thing.key, "cpu", thing.numbers.size, None)
        return None


class _Tensor:
    """A tensor as torch pickles it."""

    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.arguments = (storage, offset, shape, strides, False, OrderedDict())

    def __reduce__(self) -> Any:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


@pytest.fixture(autouse=True)
def torch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that bear torch's names, so that a pickle can refer to them."""

    def rebuild(*arguments: Any) -> None:
        raise AssertionError("the reader ran what the file names")

    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils, torch = types.ModuleType("torch._utils"), types.ModuleType("torch")
    utils._rebuild_tensor_v2 = rebuild  # type: ignore[attr-defined]
    for name in ("FloatStorage", "LongStorage"):
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    torch._utils = utils  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def storage(key: str, numbers: np.ndarray) -> _Storage:
    kind = "FloatStorage" if numbers.dtype == np.float32 else "LongStorage"
    return _Storage(key, getattr(sys.modules["torch"], kind), numbers)


def checkpoint(table: dict[str, Any], storages: list[_Storage], magic: int = MAGIC) -> bytes:
    file = io.BytesIO()
    for thing in (magic, PROTOCOL, {"little_endian": True}):
        pickle.dump(thing, file, 2)
    _Pickler(file, 2).dump(OrderedDict(table))
    pickle.dump([each.key for each in storages], file, 2)
    for each in storages:
        file.write(struct.pack("<q", each.numbers.size) + each.numbers.tobytes())
    return file.getvalue()


def of_arrays(arrays: dict[str, np.ndarray]) -> bytes:
    """A checkpoint of contiguous tensors."""
    storages = [storage(str(number), array.ravel()) for number, array in enumerate(arrays.values())]
    strides = {name: tuple(step // array.itemsize for step in array.strides) for name, array in arrays.items()}
    table = {
        name: _Tensor(each, 0, array.shape, strides[name])
        for each, (name, array) in zip(storages, arrays.items(), strict=True)
    }
    return checkpoint(table, storages)


def test_tensors_are_read_as_views_of_their_storages() -> None:
    numbers = storage("7", np.arange(12, dtype=np.float32))
    count = storage("8", np.array([41], np.int64))
    table = {
        "rows": _Tensor(numbers, 0, (3, 4), (4, 1)),
        "turned": _Tensor(numbers, 2, (2, 3), (1, 4)),
        "count": _Tensor(count, 0, (), ()),
    }
    found = read_checkpoint(checkpoint(table, [numbers, count]))
    np.testing.assert_array_equal(found["rows"], np.arange(12).reshape(3, 4))
    np.testing.assert_array_equal(found["turned"], [[2, 6, 10], [3, 7, 11]])
    assert found["count"] == 41
    assert list(found) == list(table)


def test_a_view_beyond_its_storage_is_refused() -> None:
    numbers = storage("1", np.zeros(4, np.float32))
    for offset, shape, strides in ((1, (2, 2), (2, 1)), (0, (2,), (4,)), (-1, (2,), (1,)), (3, (2,), (-1,))):
        with pytest.raises(CheckpointError):
            read_checkpoint(checkpoint({"x": _Tensor(numbers, offset, shape, strides)}, [numbers]))


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def test_nothing_else_than_tensors_is_made_and_nothing_is_run(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(CheckpointError, match="more than tensors"):
        read_checkpoint(checkpoint({"x": _Evil(made)}, []))
    assert not made.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x02]q\x00.", of_arrays])
def test_other_files_are_refused_in_words(content: Any) -> None:
    if callable(content):  # cut off within its last storage
        content = content({"x": np.zeros(9, np.float32)})[:-3]
    with pytest.raises(CheckpointError):
        read_checkpoint(content)
    with pytest.raises(CheckpointError, match="format"):
        read_checkpoint(checkpoint({}, [], magic=1))


def tensors() -> dict[str, np.ndarray]:
    """A stem, and a block with a depthwise and a projecting convolution, as the published files name them."""
    random = np.random.default_rng(0)
    found: dict[str, np.ndarray] = {}
    for kernel, norm, shape in (
        ("_conv_stem", "_bn0", (4, 3, 3, 3)),
        ("_blocks.0._depthwise_conv", "_blocks.0._bn1", (4, 1, 5, 5)),
        ("_blocks.0._project_conv", "_blocks.0._bn2", (2, 4, 1, 1)),
    ):
        found[f"{kernel}.weight"] = random.normal(size=shape).astype(np.float32)
        for part in ("weight", "bias", "running_mean", "running_var"):
            found[f"{norm}.{part}"] = random.uniform(0.1, 2, shape[0]).astype(np.float32)
    return {**found, "_fc.weight": np.zeros((5, 2), np.float32), "_fc.bias": np.zeros(5, np.float32)}


def test_folding_is_the_convolution_and_its_normalisation() -> None:
    given = tensors()
    found = folded(given)
    assert {name.split("/")[0] for name in found} == {"stem", "block_01_depthwise", "block_01_project"}
    patch = np.random.default_rng(1).normal(size=(3, 3, 3))  # height, width, channels
    x = np.einsum("ijc,ocij->o", patch, given["_conv_stem.weight"])
    spread = np.sqrt(given["_bn0.running_var"] + 1e-3)
    wanted = (x - given["_bn0.running_mean"]) / spread * given["_bn0.weight"] + given["_bn0.bias"]
    np.testing.assert_allclose(np.einsum("ijc,ijco->o", patch, found["stem/kernel"]) + found["stem/bias"], wanted, 1e-6)
    assert found["block_01_depthwise/kernel"].shape == (5, 5, 4, 1)
    assert found["block_01_project/kernel"].shape == (1, 1, 4, 2)


def test_numbers_that_float16_cannot_hold_are_refused() -> None:
    with pytest.raises(ConvertError, match="float16"):
        rounded({"stem/kernel": np.array([7e4])})


def wheel(folder: Path, content: bytes) -> Path:
    path = folder / "x.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("models/x.pth", content)
    return path


def test_the_same_checkpoint_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = of_arrays(tensors())
    source = Source("p", hashlib.sha256(content).hexdigest(), 224)
    monkeypatch.setitem(converter.SOURCES, 0, source)
    for out in ("a", "b"):
        assert main(["0", "--wheel", str(wheel(tmp_path, content)), "--out", str(tmp_path / out)]) == 0
    names = ["efficientnet_lite0.json", "efficientnet_lite0.safetensors"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    arrays = load_file(tmp_path / "a" / names[1])
    assert {(name.split("/")[1], str(array.dtype)) for name, array in arrays.items()} == {
        ("kernel", "float16"),
        ("bias", "float32"),
    }


def test_another_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = wheel(tmp_path, of_arrays(tensors()))
    assert main(["0", "--wheel", str(path), "--out", str(tmp_path / "out")]) == 1
    assert "SHA-256" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
