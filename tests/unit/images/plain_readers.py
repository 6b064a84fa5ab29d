"""Readers of PNG, TIFF and Netpbm that share no line with Pillow: what golden pixels are made with."""

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def read_png(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Samples (height, width, channels) as they are stored, and the palette with its transparency, if any."""
    data, position, packed = path.read_bytes(), 8, b""
    extra: dict[str, np.ndarray] = {}
    header: tuple[int, ...] = ()
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        position += 12 + length
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        elif kind == b"PLTE":
            extra["palette"] = np.frombuffer(body, np.uint8).reshape(-1, 3)
        elif kind == b"tRNS":
            extra["clear"] = np.frombuffer(body, np.uint8)
    width, height, depth, colour, _, _, interlaced = header
    assert not interlaced
    channels = _CHANNELS[colour]
    lines = _unfilter(zlib.decompress(packed), height, -(-width * channels * depth // 8), max(1, channels * depth // 8))
    return _samples(lines, width, channels, depth), extra


def _unfilter(data: bytes, height: int, length: int, step: int) -> np.ndarray:
    """PNG specification, section 9."""
    lines = np.zeros((height + 1, length + step), np.int64)
    raw = np.frombuffer(data, np.uint8).reshape(height, length + 1)
    for y in range(height):
        kind, line = raw[y, 0], raw[y, 1:].astype(np.int64)
        above, now = lines[y], lines[y + 1]
        for x in range(length):
            left, up, corner = now[x], above[x + step], above[x]
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            now[x + step] = (line[x] + [0, left, up, (left + up) // 2, near][kind]) % 256
    return lines[1:, step:].astype(np.uint8)


def _samples(lines: np.ndarray, width: int, channels: int, depth: int) -> np.ndarray:
    height = len(lines)
    if depth == 16:
        return lines.copy().view(">u2").reshape(height, width, channels).astype(np.int64)
    if depth == 8:
        return lines.reshape(height, width, channels).astype(np.int64)
    bits = np.unpackbits(lines, axis=1).reshape(height, -1, depth)
    weights = 1 << np.arange(depth)[::-1]
    return (bits @ weights)[:, : width * channels].reshape(height, width, channels).astype(np.int64)


def read_tiff(path: Path) -> np.ndarray:
    """Samples (height, width, channels) of a TIFF in strips without compression."""
    data = path.read_bytes()
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    tags: dict[int, tuple[int, ...]] = {}
    for entry in range(count):
        tag, kind, number = struct.unpack_from(order + "HHI", data, start + 2 + 12 * entry)
        form = {1: "B", 3: "H", 4: "I"}.get(kind)
        if form is None:
            continue
        place = start + 2 + 12 * entry + 8
        if number * struct.calcsize(form) > 4:
            (place,) = struct.unpack_from(order + "I", data, place)
        tags[tag] = struct.unpack_from(f"{order}{number}{form}", data, place)
    assert tags.get(259, (1,)) == (1,)
    pixels = b"".join(data[at : at + length] for at, length in zip(tags[273], tags[279], strict=True))
    kind = {1: "u", 2: "i", 3: "f"}[tags.get(339, (1,))[0]]
    shape = (tags[257][0], tags[256][0], tags.get(277, (1,))[0])
    if tags[258][0] == 12:
        pairs = np.frombuffer(pixels, np.uint8).reshape(shape[0], -1, 3).astype(np.int64)
        both = [(pairs[..., 0] << 4) | (pairs[..., 1] >> 4), ((pairs[..., 1] & 15) << 8) | pairs[..., 2]]
        return np.stack(both, axis=-1).reshape(shape[0], -1, 1)[:, : shape[1]]
    values: np.ndarray = np.frombuffer(pixels, f"{order}{kind}{tags[258][0] // 8}").reshape(shape)
    return values


def read_netpbm(path: Path) -> np.ndarray:
    """Values (height, width) of a grey P4, P5 or Pf file."""
    data = path.read_bytes()
    head: Any = re.match(rb"(P[45f])\s+(?:#.*\n)*(\d+)\s+(\d+)\s(?:([-+.\d]+)\s)?", data)
    if head[1] == b"P4":
        head = re.match(rb"(P4)\s+(?:#.*\n)*(\d+)\s+(\d+)\s", data)
    width, height, body = int(head[2]), int(head[3]), data[head.end() :]
    if head[1] == b"P4":
        bits = np.unpackbits(np.frombuffer(body, np.uint8).reshape(height, -1), axis=1)
        return 1 - bits[:, :width].astype(np.int64)  # 1 is black
    if head[1] == b"Pf":
        return np.frombuffer(body, "<f4" if float(head[4]) < 0 else ">f4").reshape(height, width)[::-1]
    return np.frombuffer(body, ">u2" if int(head[4]) > 255 else "u1").reshape(height, width)
