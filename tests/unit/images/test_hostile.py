"""Files that were made to take a program down: refused quickly, with little memory, and all the odd ones survived."""

import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from imgmine_gui.core.images.decode import ImageError, ImageInfo, decode_rgb, inspect_pages
from imgmine_gui.core.images.pages import with_page

REPOSITORY = Path(__file__).resolve().parents[3]

MEASURE = """
import json, os, sys, time, warnings
warnings.simplefilter("error")
from imgmine_gui.core.images.decode import ImageError, decode_rgb, inspect_image


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


before = peak()
for path in sys.stdin.buffer.read().split(b"\\0"):
    path = os.fsdecode(path)
    started = time.perf_counter()
    try:
        info = inspect_image(path)
    except ImageError as error:
        info = error
    try:
        decoded = decode_rgb(path)
        outcome = "decoded"
        if isinstance(info, ImageError):
            outcome = f"the header was refused, the image was not: {info}"
        elif decoded.full_size != (info.width, info.height):
            outcome = f"sizes differ: {decoded.full_size} {info}"
        elif decoded.pixels.shape != (info.height, info.width, 3) or decoded.pixels.dtype != "uint8":
            outcome = f"wrong pixels: {decoded.pixels.shape} {decoded.pixels.dtype}"
    except ImageError as error:
        outcome = error.problem.value
        assert error.message and error.remedy
    print(json.dumps([path, outcome, time.perf_counter() - started, peak() - before]))
"""

PROBLEMS = {"not_an_image", "unsupported_format", "truncated", "damaged", "too_large", "empty"}


def measure(paths: list[Path], timeout: float) -> list[tuple[str, str, float, float]]:
    """Path, outcome, seconds and megabytes above the start, from one other process; nothing may go to its stderr."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process's memory is read from /proc, which this system does not have")
    result = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=b"\0".join(os.fsencode(path) for path in paths),
        capture_output=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    assert result.stderr == b""
    rows: list[Any] = [json.loads(line) for line in result.stdout.splitlines()]
    return [tuple(row) for row in rows]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, before: bytes = b"", pixels: bytes = b"", after: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", zlib.compress(pixels)) + after + end


def tiff(**tags: int) -> bytes:
    numbers = {"width": 256, "height": 257, "bits": 258, "compression": 259, "photometric": 262, "strip": 273}
    numbers |= {"rows": 278, "length": 279, "tile_width": 322, "tile_height": 323, "tile": 324, "tile_length": 325}
    tags = {"bits": 8, "compression": 8, "photometric": 1, **tags}
    entries = sorted((numbers[name], value) for name, value in tags.items())
    body = b"".join(struct.pack("<HHII", number, 4, 1, value) for number, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(4) + zlib.compress(bytes(10_000_000))


TINY = bytes(9 * 8)
BOMBS = {
    "png": png(60_000, 60_000, pixels=bytes(1_000_000)),
    "gif": b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b"," + bytes(10),
    "gif frame": b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"," + struct.pack("<4HB", 0, 0, 65_535, 65_535, 0),
    "bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHH6I", 40, 100_000, 100_000, 1, 24, *[0] * 6),
    "ppm": b"P6 100000 100000 255\n",
    "webp": b"RIFF" + struct.pack("<I", 1000) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0\xfe\x3f\0\xfe\x3f\0",
    "jpeg": b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xf0\xff\xf0\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\x00\x0c"
    + bytes(10),
    "tiff": tiff(width=160_000, height=160_000, strip=200, length=9_000, rows=160_000),
    "tiff tile": tiff(width=16, height=16, tile_width=20_000, tile_height=20_000, tile=200, tile_length=9_000),
    "icc": png(8, 8, before=chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(30_000_000))), pixels=TINY),
}


def test_a_bomb_is_refused_in_50_ms_and_50_mb(tmp_path: Path) -> None:
    paths = []
    for name, content in BOMBS.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    for path, outcome, seconds, megabytes in measure([*paths, *paths], timeout=60)[len(paths) :]:
        assert outcome == "too_large", path
        assert seconds < 0.05, path
        assert megabytes < 50, path


def test_metadata_without_end_neither_fills_the_memory_nor_takes_long(tmp_path: Path) -> None:
    text = zlib.compress(bytes(900_000))
    contents = {
        "texts": png(8, 8, before=b"".join(chunk(b"zTXt", b"k\0\0" + text) for _ in range(300)), pixels=TINY),
        "segments": b"\xff\xd8" + (b"\xff\xe5\xff\xff" + bytes(65_533)) * 2_100,
        "marks": b"\xff\xd8\xff" + b"\xff" * 20_000_000,
        "pieces before": png(8, 8, before=chunk(b"abCd", b"") * 500_000, pixels=TINY),
        "pieces behind": png(8, 8, pixels=TINY, after=chunk(b"abCd", b"") * 500_000),
        "comment": b"P6 #" + b"x" * 20_000_000,
        "frames": b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0)
        + (b"," + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0") * 1_000_000,
    }  # fmt: skip
    paths = []
    for name, content in contents.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    outcomes = {}
    for path, outcome, seconds, megabytes in measure(paths, timeout=120):
        outcomes[Path(path).name] = outcome
        assert seconds < 5, path
        assert megabytes < 250, path
    assert outcomes["texts"] == outcomes["segments"] == "too_large"
    assert outcomes["frames"] == "decoded"  # a million frames do no harm, only the first is decoded
    assert outcomes["pieces before"] == outcomes["pieces behind"] == outcomes["comment"] == "damaged"
    assert outcomes["marks"] in PROBLEMS


def test_every_odd_image_decodes_or_gives_its_reason(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = sorted(path for path in (shared_data / "odd_images").rglob("*") if path.is_file())
    assert len(paths) > 900
    rows = measure(paths, timeout=240)
    assert len(rows) == len(paths)
    wrong = [row for row in rows if row[1] not in PROBLEMS | {"decoded"}]
    assert not wrong
    assert sum(row[1] == "decoded" for row in rows) > 650
    slowest = max(rows, key=lambda row: row[2])
    with capsys.disabled():
        print(f"\n  slowest odd image: {slowest[2]:.2f} s, {slowest[0]}; peak {rows[-1][3]:.0f} MB above the start")
    assert slowest[2] < 10
    assert rows[-1][3] < 250


def test_every_page_of_the_odd_images_decodes_or_gives_its_reason(shared_data: Path) -> None:
    pages = 0
    for path in sorted(path for path in (shared_data / "odd_images").rglob("*") if path.is_file()):
        try:
            infos = inspect_pages(path)
        except ImageError:
            continue
        for number, info in list(enumerate(infos, 1))[1:40]:
            pages += 1
            try:
                decoded = decode_rgb(with_page(str(path), number))
            except ImageError:
                continue
            assert isinstance(info, ImageInfo)
            assert decoded.pixels.shape == (info.height, info.width, 3), (path, number)
    assert pages > 10
