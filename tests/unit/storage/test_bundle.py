"""A model bundle: what goes in comes out, and what should not be there is refused before it is used."""

import hashlib
import io
import json
import pickle
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.bundle import MANIFEST, WEIGHTS, load_bundle, read_manifest, save_bundle
from tests.unit.networks import pixels, small_network


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good bundle."""
    path = tmp_path_factory.mktemp("bundle") / "good.imgmodel"
    save_bundle(path, small_network("attention"), {"epochs": 3})
    return path


@pytest.mark.parametrize("architecture", ["cnn", "crnn", "attention"])
def test_loaded_network_says_the_same(tmp_path: Path, architecture: str) -> None:
    network = small_network(architecture)
    save_bundle(tmp_path / "m.imgmodel", network, {"epochs": 3})
    loaded, manifest = load_bundle(tmp_path / "m.imgmodel")
    assert loaded.description == network.description
    assert manifest.trained == {"epochs": 3}
    images = pixels(2)
    for name, value in network.model(images, training=False).items():
        assert np.asarray(loaded.model(images, training=False)[name]).tobytes() == np.asarray(value).tobytes()


def test_holds_two_files_stored(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        assert sorted(archive.namelist()) == [MANIFEST, WEIGHTS]
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


Change = Callable[[dict[str, Any], bytes], tuple[dict[str, Any] | bytes, bytes]]


def changed(bundle: Path, target: Path, change: Change, extra: dict[str, bytes] | None = None) -> Path:
    """The bundle with manifest and weights changed."""
    with zipfile.ZipFile(bundle) as archive:
        manifest, weights = json.loads(archive.read(MANIFEST)), archive.read(WEIGHTS)
    manifest, weights = change(manifest, weights)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(MANIFEST, manifest if isinstance(manifest, bytes) else json.dumps(manifest))
        archive.writestr(WEIGHTS, weights)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return target


def with_hash(manifest: dict[str, Any], weights: bytes) -> tuple[dict[str, Any], bytes]:
    return {**manifest, "sha256": hashlib.sha256(weights).hexdigest()}, weights


def network_options(manifest: dict[str, Any], **options: Any) -> dict[str, Any]:
    network = manifest["network"]
    return {**manifest, "network": {**network, "architecture_options": {**network["architecture_options"], **options}}}


def poked(weights: bytes, value: float) -> bytes:
    """The last number replaced."""
    return weights[:-4] + struct.pack("<f", value)


def headed(header: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


HOSTILE: dict[str, Change] = {
    "wrong hash": lambda m, w: (m, poked(w, 1.5)),
    "not finite": lambda m, w: with_hash(m, poked(w, float("nan"))),
    "cut short": lambda m, w: with_hash(m, w[:-8]),
    "to spare": lambda m, w: with_hash(m, w + bytes(64)),
    "no numbers": lambda m, w: with_hash(m, b""),
    "endless header": lambda m, w: with_hash(m, struct.pack("<Q", 2**63) + w[8:]),
    "header is a list": lambda m, w: with_hash(m, struct.pack("<Q", 2) + b"[]"),
    "deep header": lambda m, w: with_hash(m, struct.pack("<Q", 200_000) + b"[" * 200_000),
    "pickle as weights": lambda m, w: with_hash(m, pickle.dumps(print)),
    "overlapping": lambda m, w: with_hash(
        m, headed({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(8))
    ),
    "manifest is no JSON": lambda m, w: (b"\x80\x04pickle", w),
    "manifest is a list": lambda m, w: (b"[]", w),
    "deep manifest": lambda m, w: (b"[" * 100_000, w),
    "no version": lambda m, w: ({k: v for k, v in m.items() if k != "version"}, w),
    "version is words": lambda m, w: ({**m, "version": "new"}, w),
    "unknown architecture": lambda m, w: ({**m, "network": {**m["network"], "architecture": "os.system"}}, w),
    "unknown task": lambda m, w: ({**m, "network": {**m["network"], "task": "../../etc"}}, w),
    "unknown field": lambda m, w: ({**m, "code": "import os"}, w),
    "option out of bounds": lambda m, w: (network_options(m, heads=10**9), w),
    "another network": lambda m, w: (network_options(m, heads=2), w),
    "giant network": lambda m, w: (network_options(m, widths=[2048] * 12, kernel=11, dense=8192), w),
    "no classes": lambda m, w: ({**m, "network": {**m["network"], "classes": []}}, w),
    "a million classes": lambda m, w: ({**m, "network": {**m["network"], "classes": ["x"] * 10**6}}, w),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_bundle_is_refused_with_words(bundle: Path, tmp_path: Path, case: str) -> None:
    path = changed(bundle, tmp_path / "bad.imgmodel", HOSTILE[case])
    with pytest.raises(UserError, match=r"bad\.imgmodel"):
        load_bundle(path)


def test_third_file_is_refused(bundle: Path, tmp_path: Path) -> None:
    path = changed(bundle, tmp_path / "bad.imgmodel", lambda m, w: (m, w), {"evil.py": b"print(1)"})
    with pytest.raises(UserError, match="nothing else"):
        load_bundle(path)


def test_deflated_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.imgmodel", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"{}")
        archive.writestr(WEIGHTS, bytes(300_000_000))
    with pytest.raises(UserError, match="stored"):
        load_bundle(tmp_path / "bomb.imgmodel")


def test_newer_version_says_to_update(bundle: Path, tmp_path: Path) -> None:
    path = changed(bundle, tmp_path / "new.imgmodel", lambda m, w: ({**m, "version": 2}, w))
    with pytest.raises(UserError, match="newer ImgMine"):
        read_manifest(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"GIF89a", bytes(1000)])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.imgmodel").write_bytes(content)
    with pytest.raises(UserError, match=r"m\.imgmodel"):
        load_bundle(tmp_path / "m.imgmodel")


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.imgmodel", tmp_path):
        with pytest.raises(UserError):
            load_bundle(path)


def test_any_flipped_byte_is_refused_or_harmless(bundle: Path, tmp_path: Path) -> None:
    """A damaged copy never loads with other numbers."""
    content = bytearray(bundle.read_bytes())
    good = read_manifest(bundle)
    chance = random.Random(0)
    for _ in range(150):
        damaged = bytearray(content)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path = tmp_path / "flipped.imgmodel"
        path.write_bytes(bytes(damaged))
        try:
            with zipfile.ZipFile(io.BytesIO(bytes(damaged))) as archive:
                whole = archive.testzip() is None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            whole = False
        try:
            found = read_manifest(path)
        except UserError:
            continue
        if whole:
            assert found == good


MEASURED = """
import resource, sys
from pathlib import Path
from imgmine_gui.core.errors import UserError
import keras
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from imgmine_gui.core.storage.bundle import load_bundle
try:
    load_bundle(Path(sys.argv[1]))
except UserError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_giant_network_is_refused_in_little_memory(bundle: Path, tmp_path: Path) -> None:
    path = changed(bundle, tmp_path / "giant.imgmodel", HOSTILE["giant network"])
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, check=True)
    assert int(done.stdout) * 1024 < 200e6
