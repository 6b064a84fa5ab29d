"""HEIC, where its extra is installed, is read like any other image; where not, the reason names the extra."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.images.decode import ImageError, ImageProblem, decode_rgb, inspect_image, looks_like_image
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.scan import scan_folder

WIDTH, HEIGHT = 96, 64


def scene() -> np.ndarray:
    """uint8 (64, 96, 3), smooth, different in every corner."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x * 2, y * 3, (x + y) // 2 + 60], axis=-1).astype("uint8")


def write_heic(path: Path, image: Image.Image, **options: object) -> Path:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the extra “heic” is not installed")
    pillow_heif.from_pillow(image).save(path, quality=95, **options)
    return path


def test_a_photo_of_a_telephone(tmp_path: Path) -> None:
    path = write_heic(tmp_path / "photo.heic", Image.fromarray(scene()))
    info = inspect_image(path)
    assert (info.width, info.height, info.format, info.pages) == (WIDTH, HEIGHT, "HEIF", 1)
    assert looks_like_image(path.read_bytes()[:64])
    decoded = decode_rgb(path)
    assert decoded.full_size == (WIDTH, HEIGHT)
    assert np.abs(decoded.pixels.astype(int) - scene()).mean() < 3
    assert decode_rgb(path, at_least=(20, 10)).pixels.shape == (16, 24, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright_however_the_telephone_was_held(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = write_heic(tmp_path / "photo.heic", Image.fromarray(scene()), exif=exif.tobytes())
    image = Image.fromarray(scene())
    turned = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # of Image.Transpose
    expected = np.asarray(image.transpose(Image.Transpose(turned[orientation])) if orientation > 1 else image)
    info, decoded = inspect_image(path), decode_rgb(path)
    assert (info.width, info.height) == decoded.full_size == (expected.shape[1], expected.shape[0])
    assert np.abs(decoded.pixels.astype(int) - expected).mean() < 3


def test_transparency_is_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 200, 255))
    image.paste((10, 20, 30, 0), (0, 0, 32, 64))
    pixels = decode_rgb(write_heic(tmp_path / "clear.heic", image)).pixels.astype(int)
    assert np.abs(pixels[32, 8] - 255).max() <= 4
    assert np.abs(pixels[32, 56] - [0, 0, 200]).max() <= 12


@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_one_that_is_cut_short(tmp_path: Path, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    path = write_heic(tmp_path / "photo.heic", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ImageError) as caught:
        decode_rgb(path)
    assert caught.value.problem is ImageProblem.TRUNCATED


@pytest.mark.parametrize(
    ("name", "content", "package", "extra"),
    [
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "pillow_heif", "heic"),
        ("scan", bytes(128) + b"DICM" + bytes(100), "pydicom", "dicom"),
        ("old.dcm", bytes(300), "pydicom", "dicom"),
    ],
)
def test_without_its_package_the_reason_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, package: str, extra: str
) -> None:
    for module in [
        one for one in sys.modules if one.split(".")[0] == package or one.startswith("imgmine_gui.core.imag")
    ]:
        if module.rsplit(".", 1)[-1] in {"heif", "dicom", "dicom_grey"} or module.split(".")[0] == package:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImageError) as caught:
        decode_rgb(tmp_path / name)
    assert caught.value.problem is ImageProblem.UNSUPPORTED_FORMAT
    assert f'pip install "imgmine[{extra}]"' in caught.value.remedy
    (record,) = scan_folder(str(tmp_path), None, PlainContext()).records
    assert record.problem == "unsupported_format"
    assert name in record.reason and f"the extra “{extra}”" in record.reason


def test_neither_package_is_imported_for_other_images(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "image.png")
    code = (
        "import sys; from imgmine_gui.core.images.decode import decode_rgb; decode_rgb(sys.argv[1])\n"
        "print([name for name in ('pydicom', 'pillow_heif') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", code, str(tmp_path / "image.png")]
    assert subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip() == "[]"
