"""View, thumbnail, training and heatmap mean the same pixel, however the camera was held."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.data.preprocessing import Preprocessing, Resizing, load_sample
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.thumbnails import ThumbnailCache

WIDTH, HEIGHT = 120, 80
SPOT = (92, 24)
"""Centre of a white square, x and y, in the upright image."""
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: upright.swapaxes(0, 1)[::-1],
    7: lambda upright: upright.swapaxes(0, 1)[::-1, ::-1],
    8: lambda upright: upright.swapaxes(0, 1)[:, ::-1],
}
"""How a camera stores an upright image, by what EXIF 2.3 says of row 0 and column 0 of the file."""


def write(path: Path, orientation: int) -> Path:
    upright = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    upright[SPOT[1] - 6 : SPOT[1] + 6, SPOT[0] - 6 : SPOT[0] + 6] = 250
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if path.suffix == ".jpg" else {}
    Image.fromarray(np.ascontiguousarray(STORED[orientation](upright))).save(path, exif=exif, **options)
    return path


def centre(brightness: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of what is brightest, as a share of the width and height of ``size``."""
    y, x = np.nonzero(brightness > 0.7 * brightness.max())
    return np.array([(x.mean() + 0.5) / size[0], (y.mean() + 0.5) / size[1]])


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("resizing", list(Resizing))
def test_a_spot_is_in_the_same_place_everywhere(
    tmp_path: Path, orientation: int, suffix: str, resizing: Resizing
) -> None:
    path = write(tmp_path / f"image.{suffix}", orientation)
    expected = np.array([SPOT[0] / WIDTH, SPOT[1] / HEIGHT])

    view = decode_rgb(path)
    assert view.full_size == (WIDTH, HEIGHT)
    assert np.abs(centre(view.pixels[..., 0], (WIDTH, HEIGHT)) - expected).max() < 0.01

    for _ in range(2):  # made, then read from the cache
        thumbnail = ThumbnailCache(tmp_path / "cache").get(str(path), "key", 60)
        assert thumbnail.shape == (40, 60, 3)
        assert np.abs(centre(thumbnail[..., 0], (60, 40)) - expected).max() < 0.02

    sample, geometry = load_sample(str(path), Preprocessing(width=64, height=64, resizing=resizing))
    seen = geometry.to_target([SPOT])[0]
    assert np.abs(centre(sample[..., 0], (1, 1)) - seen).max() < 1.0

    heatmap = geometry.heatmap_to_source(sample[..., 0] / np.float32(255))
    assert heatmap.shape == (HEIGHT, WIDTH)
    assert np.abs(centre(heatmap, (WIDTH, HEIGHT)) - expected).max() < 0.02


def test_the_photographs_of_all_orientations_train_alike(shared_data: Path) -> None:
    for shape in ("Landscape", "Portrait"):
        samples = []
        for number in range(1, 9):
            path = shared_data / "odd_images" / "exif_orientation" / f"{shape}_{number}.jpg"
            samples.append(load_sample(str(path), Preprocessing(width=96, height=96))[0].astype(float))
        for sample in samples[1:]:
            assert np.abs(sample - samples[0]).mean() < 5
        assert np.abs(samples[0][:, ::-1] - samples[0]).mean() > 20  # turned, they would differ
