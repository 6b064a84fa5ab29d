"""DICOM, where its extra is installed: grey by the standard's rule, frames as pages, nothing of the patient."""

import io
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.images.decode import (
    ImageError,
    ImageInfo,
    ImageProblem,
    decode_rgb,
    inspect_image,
    inspect_pages,
    looks_like_image,
)
from imgmine_gui.core.images.pages import PAGE_LIMIT, with_page
from imgmine_gui.core.images.thumbnails import ThumbnailCache
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.scan import scan_folder

pydicom = pytest.importorskip("pydicom", reason="the extra “dicom” is not installed")
from pydicom.data import get_testdata_file  # noqa: E402
from pydicom.dataset import Dataset, FileMetaDataset  # noqa: E402
from pydicom.uid import (  # noqa: E402
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    RLELossless,
    generate_uid,
)

SECRET = "Musterfrau^Erika"


def dataset(values: np.ndarray, **elements: Any) -> Dataset:
    """A DICOM image of ``values``: (h, w), (h, w, 3), or with ``NumberOfFrames`` one dimension more in front."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = CTImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = generate_uid()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.PatientName, made.PatientID, made.PatientBirthDate = SECRET, "geheim-4711", "19640812"
    frames = values if "NumberOfFrames" in elements else values[None]
    coloured = frames.ndim == 4
    made.Rows, made.Columns = frames.shape[1:3]
    made.SamplesPerPixel = 3 if coloured else 1
    if coloured:
        made.PlanarConfiguration = 0
    made.PhotometricInterpretation = "RGB" if coloured else "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = values.dtype.itemsize * 8
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(values.dtype.kind == "i")
    for name, value in elements.items():
        setattr(made, name, value)
    data = values.tobytes()
    made.PixelData = data + bytes(len(data) % 2)
    return made


def save(made: Dataset, path: Path) -> Path:
    made.save_as(path, enforce_file_format=True)
    return path


def greys(path: Path, page: int = 1) -> list[int]:
    pixels = decode_rgb(with_page(str(path), page)).pixels
    assert (pixels == pixels[..., :1]).all()
    return pixels[0, :, 0].tolist()


def row(*values: int, dtype: str = "int16") -> np.ndarray:
    return np.array([values], dtype)


def linear(value: float, centre: float, width: float) -> int:
    """C.11.2.1.2.1, as the standard writes it, for an output of 0 to 255."""
    if value <= centre - 0.5 - (width - 1) / 2:
        return 0
    if value > centre - 0.5 + (width - 1) / 2:
        return 255
    return int(((value - (centre - 0.5)) / (width - 1) + 0.5) * 255 + 0.5)


def test_a_window_in_hounsfield_units(tmp_path: Path) -> None:
    stored = row(0, 824, 1024, 1064, 1100, 1264, 3000)
    made = dataset(stored, RescaleSlope="2", RescaleIntercept="-2048", WindowCenter="40", WindowWidth="400")
    path = save(made, tmp_path / "slice.dcm")
    assert greys(path) == [linear(value * 2 - 2048, 40, 400) for value in stored[0]]
    info = inspect_image(path)
    assert (info.width, info.height, info.format, info.mode, info.pages) == (7, 1, "DICOM", "L", 1)


def test_the_first_of_several_windows(tmp_path: Path) -> None:
    made = dataset(row(0, 50, 100), WindowCenter=["50", "1000"], WindowWidth=["101", "2000"])
    assert greys(save(made, tmp_path / "slice.dcm")) == [linear(value, 50, 101) for value in (0, 50, 100)]


@pytest.mark.parametrize(
    ("function", "expected"), [("LINEAR_EXACT", [0, 64, 128, 255]), ("SIGMOID", [30, 69, 128, 225])]
)
def test_other_functions_of_a_window(tmp_path: Path, function: str, expected: list[int]) -> None:
    made = dataset(row(0, 25, 50, 100), WindowCenter="50", WindowWidth="100", VOILUTFunction=function)
    assert greys(save(made, tmp_path / "slice.dcm")) == expected


def test_a_window_of_width_one_is_a_threshold(tmp_path: Path) -> None:
    made = dataset(row(4, 5, 6), WindowCenter="5.5", WindowWidth="1")
    assert greys(save(made, tmp_path / "slice.dcm")) == [0, 0, 255]


@pytest.mark.parametrize("window", [{}, {"WindowCenter": "5", "WindowWidth": "0"}, {"WindowCenter": "5"}])
def test_without_a_window_from_the_lowest_to_the_highest_value(tmp_path: Path, window: dict[str, str]) -> None:
    assert greys(save(dataset(row(-1000, 0, 1000), **window), tmp_path / "slice.dcm")) == [0, 128, 255]
    assert greys(save(dataset(row(7, 7), **window), tmp_path / "flat.dcm")) == [0, 0]


def test_padding_does_not_count_for_the_range(tmp_path: Path) -> None:
    made = dataset(row(-2000, -1999, 0, 100, 200), PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1990)
    assert greys(save(made, tmp_path / "slice.dcm")) == [0, 0, 0, 128, 255]
    assert greys(save(dataset(row(9, 9), PixelPaddingValue=9), tmp_path / "all.dcm")) == [0, 0]


def test_monochrome_1_is_turned_around(tmp_path: Path) -> None:
    made = dataset(row(0, 100, 200, dtype="uint16"), PhotometricInterpretation="MONOCHROME1")
    assert greys(save(made, tmp_path / "xray.dcm")) == [255, 127, 0]


def test_a_table_in_the_place_of_a_window(tmp_path: Path) -> None:
    table = Dataset()
    table.LUTDescriptor = [4, 10, 12]
    table.LUTData = np.array([0, 1000, 2000, 4095], "<u2").tobytes()
    made = dataset(row(0, 10, 11, 12, 13, 99, dtype="uint16"), VOILUTSequence=[table])
    assert greys(save(made, tmp_path / "xray.dcm")) == [0, 0, 62, 125, 255, 255]


def test_colour_of_8_and_of_16_bits(tmp_path: Path) -> None:
    colours = np.array([[[1, 2, 3], [250, 0, 99]]], "uint8")
    np.testing.assert_array_equal(decode_rgb(save(dataset(colours), tmp_path / "a.dcm")).pixels, colours)
    deep = colours.astype("uint16") << 8
    np.testing.assert_array_equal(decode_rgb(save(dataset(deep), tmp_path / "b.dcm")).pixels, colours)
    assert inspect_image(tmp_path / "a.dcm").mode == "RGB"


def test_frames_are_pages(tmp_path: Path) -> None:
    frames = np.arange(4 * 3 * 5, dtype="uint8").reshape(4, 3, 5)
    path = save(dataset(frames, NumberOfFrames="4", WindowCenter="128", WindowWidth="256"), tmp_path / "film.dcm")
    assert [info.pages for info in inspect_pages(path) if isinstance(info, ImageInfo)] == [4] * 4
    for page in range(1, 5):
        np.testing.assert_array_equal(decode_rgb(with_page(str(path), page)).pixels[..., 1], frames[page - 1])
    with pytest.raises(ImageError) as caught:
        decode_rgb(with_page(str(path), 5))
    assert caught.value.problem is ImageProblem.MISSING
    assert len(scan_folder(str(tmp_path), None, PlainContext()).records) == 4


def test_a_frame_may_have_a_window_of_its_own(tmp_path: Path) -> None:
    def group(centre: int) -> Dataset:
        made, window = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = centre, 101
        made.FrameVOILUTSequence = [window]
        return made

    shared, rescale = Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept = 1, 10
    shared.PixelValueTransformationSequence = [rescale]
    frames = np.array([[[0, 40, 90]], [[0, 40, 90]]], "uint16")
    made = dataset(
        frames,
        NumberOfFrames="2",
        PerFrameFunctionalGroupsSequence=[group(50), group(100)],
        SharedFunctionalGroupsSequence=[shared],
    )
    path = save(made, tmp_path / "film.dcm")
    assert greys(path, 1) == [linear(value, 50, 101) for value in (10, 50, 100)]
    assert greys(path, 2) == [linear(value, 100, 101) for value in (10, 50, 100)]


def test_a_compressed_file(tmp_path: Path) -> None:
    made = dataset(np.arange(64, dtype="uint8").reshape(8, 8), WindowCenter="128", WindowWidth="256")
    made.compress(RLELossless)
    assert greys(save(made, tmp_path / "rle.dcm")) == list(range(8))


def test_a_large_image_is_windowed_in_bands_without_a_seam(tmp_path: Path) -> None:
    values = (np.arange(1200 * 1000) % 4096).astype("uint16").reshape(1200, 1000)
    pixels = decode_rgb(save(dataset(values), tmp_path / "large.dcm")).pixels[..., 0]
    np.testing.assert_array_equal(pixels, np.floor(values / 4095 * 255 + 0.5).astype("uint8"))


def test_nothing_of_the_patient_is_told_or_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source, cache = tmp_path / "source", tmp_path / "cache"
    source.mkdir()
    sound = save(dataset(np.zeros((40, 40), "uint8")), source / "1.dcm")
    broken = dataset(np.zeros((1, 40, 40), "uint8"), NumberOfFrames="1")
    data = io.BytesIO()
    broken.save_as(data, enforce_file_format=True)
    # The name in the place of a number, an element cut short, and a value that its kind does not allow.
    raw = data.getvalue()
    (source / "2.dcm").write_bytes(raw.replace(b"(\0\x08\0IS\x02\x001 ", b"(\0\x08\0IS\x10\0" + SECRET.encode()))
    (source / "3.dcm").write_bytes(raw[: raw.index(SECRET.encode()) + 8])
    (source / "4.dcm").write_bytes(raw.replace(b"MONOCHROME2 ", SECRET[:12].encode()))
    told = []
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = scan_folder(str(source), None, PlainContext(lambda event: told.append(repr(event))))
        for path in sorted(source.iterdir()):
            try:
                ThumbnailCache(cache).get(str(path), path.name, 32)
            except ImageError as error:
                told.append(repr(error) + str(error) + error.remedy + repr(error.values))
    everything = "".join(told) + repr(result) + caplog.text + "".join(str(one.message) for one in warned)
    assert len(result.records) == 4 and sound.name in everything
    kept = b"".join(path.read_bytes() for path in cache.rglob("*") if path.is_file())
    assert kept
    for secret in ("Muster", "Erika", "4711", "1964"):
        assert secret not in everything
        assert secret.encode() not in kept


def test_bombs_are_refused(tmp_path: Path) -> None:
    small = np.zeros((4, 4), "uint8")
    huge = save(dataset(small, Rows=65_535, Columns=65_535), tmp_path / "huge.dcm")
    with pytest.raises(ImageError) as caught:
        decode_rgb(huge)
    assert caught.value.problem is ImageProblem.TOO_LARGE
    many = save(dataset(small[None], NumberOfFrames="2000000000"), tmp_path / "many.dcm")
    assert inspect_image(many).pages == PAGE_LIMIT
    deflated = dataset(small)
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    with pytest.raises(ImageError) as caught:
        decode_rgb(save(deflated, tmp_path / "deflated.dcm"))
    assert caught.value.problem is ImageProblem.UNSUPPORTED_FORMAT
    assert "deflated" in caught.value.message


def test_one_that_is_cut_short_and_one_without_an_image(tmp_path: Path) -> None:
    path = save(dataset(np.zeros((40, 40), "uint8")), tmp_path / "cut")
    assert looks_like_image(path.read_bytes()[:4096])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ImageError) as caught:
        decode_rgb(path)
    assert caught.value.problem is ImageProblem.TRUNCATED
    report = dataset(np.zeros((4, 4), "uint8"))
    del report.Rows, report.Columns, report.PixelData
    with pytest.raises(ImageError) as caught:
        decode_rgb(save(report, tmp_path / "report.dcm"))
    assert caught.value.problem is ImageProblem.UNSUPPORTED_FORMAT
    assert "without an image" in caught.value.message


def test_every_file_that_comes_with_pydicom_decodes_or_gives_its_reason() -> None:
    folder = Path(str(get_testdata_file("CT_small.dcm"))).parent
    decoded = 0
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                info = inspect_image(path)
                pixels = decode_rgb(with_page(str(path), info.pages)).pixels
            except ImageError:
                continue
        assert pixels.shape == (info.height, info.width, 3)
        decoded += 1
    assert decoded > 50


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_give_pixels_or_a_reason(tmp_path: Path, changes: list[tuple[float, int]]) -> None:
    made = dataset(
        np.arange(64, dtype="uint16").reshape(2, 8, 4), NumberOfFrames="2", WindowCenter="9", WindowWidth="9"
    )
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    data = bytearray(buffer.getvalue())
    for place, value in changes:
        data[128 + int(place * (len(data) - 128))] = value
    path = tmp_path / "mutated.dcm"
    path.write_bytes(data)
    try:
        info = inspect_image(path)
        result = decode_rgb(path)
    except ImageError:
        return
    assert result.pixels.shape == (info.height, info.width, 3)
