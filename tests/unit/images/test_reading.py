"""What is not an image, or not a whole one, gives its reason; nothing blocks, nothing half-decoded passes."""

import gc
import io
import os
import pickle
import socket
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from imgmine_gui.core.images.decode import ImageError, ImageProblem, decode_rgb, inspect_image
from imgmine_gui.core.images.hashing import content_key

REPOSITORY = Path(__file__).resolve().parents[3]
NOISE = np.random.default_rng(7).integers(0, 256, (64, 96, 3), np.uint8)
FORMATS = {
    "jpg": {},
    "progressive.jpg": {"progressive": True},
    "png": {},
    "webp": {},
    "avif": {},
    "gif": {},
    "bmp": {},
    "ppm": {},
    "jp2": {},
    "j2k": {},
    "raw.tif": {},
    "lzw.tif": {"compression": "tiff_lzw"},
    "deflate.tif": {"compression": "tiff_deflate"},
    "jpeg.tif": {"compression": "jpeg"},
}


def encoded(name: str) -> bytes:
    buffer = io.BytesIO()
    suffix = name.rsplit(".", 1)[-1]
    buffer.name = f"image.{suffix}"
    Image.fromarray(NOISE).save(buffer, **FORMATS[name])
    return buffer.getvalue()


def problem_of(path: Path) -> ImageProblem:
    with pytest.raises(ImageError) as caught:
        decode_rgb(path)
    assert caught.value.path == str(path)
    assert path.name in caught.value.message
    assert caught.value.remedy
    return caught.value.problem


@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_image_decodes_whatever_its_name_says(tmp_path: Path, name: str) -> None:
    (tmp_path / "image.txt").write_bytes(encoded(name))
    assert decode_rgb(tmp_path / "image.txt").pixels.shape == (64, 96, 3)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
@pytest.mark.parametrize("name", FORMATS)
def test_an_image_that_is_cut_short_is_a_problem_and_not_half_an_image(tmp_path: Path, name: str, share: float) -> None:
    data = encoded(name)
    (tmp_path / name).write_bytes(data[: max(20, int(len(data) * share))])
    assert problem_of(tmp_path / name) is ImageProblem.TRUNCATED


@pytest.mark.parametrize("name", ["jpg", "progressive.jpg", "png", "gif", "lzw.tif", "deflate.tif", "jpeg.tif"])
def test_an_interrupted_copy_whose_rest_is_zeros_is_a_problem(tmp_path: Path, name: str) -> None:
    data = encoded(name)
    half = len(data) // 2
    (tmp_path / name).write_bytes(data[:half] + bytes(len(data) - half))
    assert problem_of(tmp_path / name) in {ImageProblem.TRUNCATED, ImageProblem.DAMAGED}


def test_data_behind_the_end_of_a_jpeg_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "motion.jpg").write_bytes(encoded("jpg") + bytes(200_000))
    assert decode_rgb(tmp_path / "motion.jpg").pixels.shape == (64, 96, 3)


def test_the_preview_in_the_metadata_does_not_hide_that_the_end_is_missing(tmp_path: Path) -> None:
    data = encoded("jpg")
    preview = b"\xff\xe1\x00\x10preview \xff\xd9    "
    (tmp_path / "cut.jpg").write_bytes(data[:2] + preview + data[2:-800] + bytes(800))
    assert problem_of(tmp_path / "cut.jpg") is ImageProblem.TRUNCATED


def test_a_reduced_jpeg_that_is_cut_short_is_a_problem_too(tmp_path: Path) -> None:
    data = encoded("jpg")
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(ImageError) as caught:
        decode_rgb(tmp_path / "cut.jpg", at_least=(8, 8))
    assert caught.value.problem is ImageProblem.TRUNCATED


def test_things_that_are_not_there_or_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "device.jpg").symlink_to("/dev/zero")
    (tmp_path / "to_pipe.jpg").symlink_to(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tmp_path)  # the name of a socket may have about a hundred characters
        listener.bind("socket.jpg")
    expected = {
        "pipe.jpg": ImageProblem.NOT_A_FILE,
        "folder.jpg": ImageProblem.NOT_A_FILE,
        "device.jpg": ImageProblem.NOT_A_FILE,
        "socket.jpg": ImageProblem.NOT_A_FILE,
        "to_pipe.jpg": ImageProblem.NOT_A_FILE,
        "loop.jpg": ImageProblem.MISSING,
        "dangling.jpg": ImageProblem.MISSING,
        "missing.jpg": ImageProblem.MISSING,
        "missing.jpg/below.jpg": ImageProblem.MISSING,
    }
    for name, problem in expected.items():
        assert problem_of(tmp_path / name) is problem, name
        for function in (inspect_image, content_key):
            with pytest.raises(ImageError) as caught:
                function(tmp_path / name)
            assert caught.value.problem is problem, (name, function)


def test_a_name_with_a_null_character_is_missing() -> None:
    with pytest.raises(ImageError) as caught:
        decode_rgb("a\0b.jpg")
    assert caught.value.problem is ImageProblem.MISSING


def test_a_link_to_an_image_is_followed(tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(encoded("png"))
    (tmp_path / "link").symlink_to("image.png")
    np.testing.assert_array_equal(decode_rgb(tmp_path / "link").pixels, NOISE)


def test_a_file_swapped_for_a_pipe_between_the_look_and_the_opening_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "file.jpg").write_bytes(b"x")
    looked_at = os.stat(tmp_path / "file.jpg")
    real_stat = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **kw: looked_at if "pipe" in str(path) else real_stat(path, **kw))
    assert problem_of(tmp_path / "pipe.jpg") is ImageProblem.NOT_A_FILE


def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded("png"))
    path.chmod(0)
    tmp_path.chmod(stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    if os.geteuid() == 0:  # root may read everything: ask as somebody else
        code = (
            "import os, sys; from imgmine_gui.core.images.decode import decode_rgb, ImageError\n"
            "os.chdir(sys.argv[1]); os.setuid(65534)\n"
            "try: decode_rgb('secret.png')\n"
            "except ImageError as error: print(error.problem)\n"
        )
        result = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        assert result.stdout.strip() == "no_permission", result.stderr
    else:
        assert problem_of(path) is ImageProblem.NO_PERMISSION


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.jpg", b"", ImageProblem.EMPTY),
        ("text.jpg", b"not an image at all", ImageProblem.NOT_AN_IMAGE),
        ("zeros.jpg", bytes(100_000), ImageProblem.NOT_AN_IMAGE),
        ("P3.txt", b"P3 of the plan", ImageProblem.NOT_AN_IMAGE),
        ("BM.txt", b"BM is an abbreviation", ImageProblem.NOT_AN_IMAGE),
        ("raw.cr2", b"II*\0\x10\0\0\0CR\x02\0" + bytes(100), ImageProblem.UNSUPPORTED_FORMAT),
        ("drawing.svg", b'<?xml version="1.0"?><svg xmlns="..."/>', ImageProblem.UNSUPPORTED_FORMAT),
        ("old.tga", b"\0\0\x02" + bytes(100), ImageProblem.UNSUPPORTED_FORMAT),
        ("damaged.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\xff" * 100, ImageProblem.TRUNCATED),
    ],
)
def test_content_decides(tmp_path: Path, name: str, content: bytes, problem: ImageProblem) -> None:
    (tmp_path / name).write_bytes(content)
    assert problem_of(tmp_path / name) is problem


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("text.jpg", "is not an image, whatever its name says.", "Remove it from the folder"),
        ("notes.txt", "notes.txt” is not an image.", "Choose an image"),
        ("README", "README” is not an image.", "Choose an image"),
    ],
)
def test_a_name_that_promised_nothing_is_not_blamed(tmp_path: Path, name: str, message: str, remedy: str) -> None:
    (tmp_path / name).write_bytes(b"not an image at all")
    with pytest.raises(ImageError) as caught:
        inspect_image(tmp_path / name)
    assert caught.value.message.endswith(message)
    assert caught.value.remedy.startswith(remedy)


def test_damage_in_the_middle_of_a_png(tmp_path: Path) -> None:
    data = bytearray(encoded("png"))
    middle = len(data) // 2
    data[middle : middle + 200] = b"\xff" * 200
    (tmp_path / "damaged.png").write_bytes(data)
    assert problem_of(tmp_path / "damaged.png") is ImageProblem.DAMAGED


def test_the_preview_in_a_camera_raw_file_is_not_taken_for_the_image(tmp_path: Path) -> None:
    Image.fromarray(NOISE).save(tmp_path / "raw.dng", "TIFF", tiffinfo={50706: b"\1\4\0\0"})
    assert problem_of(tmp_path / "raw.dng") is ImageProblem.UNSUPPORTED_FORMAT


def test_a_failing_drive_is_not_blamed_on_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "image.png").write_bytes(encoded("png"))

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("imgmine_gui.core.images.reading.READERS", {"PNG": fail})
    assert problem_of(tmp_path / "image.png") is ImageProblem.READ_ERROR


def test_errors_survive_pickling_and_can_be_printed_whatever_the_name() -> None:
    error = ImageError(ImageProblem.TOO_LARGE, "line\nbreak\udcff.png", width=9, height=8, limit=7)
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ImageError)
    assert (again.problem, again.path, str(again)) == (error.problem, error.path, str(error))
    assert "9 × 8" in str(again)
    assert "\n" not in str(again)
    str(again).encode("utf-8")


def test_an_error_that_is_kept_does_not_keep_the_image(tmp_path: Path) -> None:
    data = encoded("png")
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ImageError) as caught:
        decode_rgb(tmp_path / "cut.png")
    alive = [thing for thing in gc.get_objects() if isinstance(thing, ImageFile.ImageFile)]
    assert caught.value.__cause__ is not None
    assert alive == []


def test_every_problem_has_its_texts() -> None:
    texts = {str(ImageError(problem, "name.png")) for problem in ImageProblem}
    assert len(texts) == len(ImageProblem)
    assert all("name.png" in text and "{" not in text for text in texts)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    name=st.sampled_from(sorted(FORMATS)),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_flipped_bytes_give_pixels_or_a_reason_and_never_anything_else(
    tmp_path: Path, name: str, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(encoded(name))
    for place, value in changes:
        data[int(place**3 * len(data))] = value  # mostly in the header, where the branches are
    path = tmp_path / "mutated"
    path.write_bytes(data)
    try:
        info = inspect_image(path)
        result = decode_rgb(path)
    except ImageError:
        return
    assert result.full_size == (info.width, info.height)
    assert result.pixels.shape == (info.height, info.width, 3)
