"""Small images, and sources made of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Applied, Catalogue
from imgmine_gui.core.project.scan import scan_source
from imgmine_gui.core.project.schema import create_catalogue

WriteImage = Callable[[Path, int], Path]


@pytest.fixture
def write_image() -> WriteImage:
    """Writes a PNG of 8 x 6 pixels whose content depends on a number; makes the folders above it."""

    def write(path: Path, number: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        colour = (number % 256, number // 256 % 256, number // 65536)
        with path.open("wb") as file:
            Image.new("RGB", (8, 6), colour).save(file, "PNG")
        return path

    return write


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue."""
    path = tmp_path / "catalogue.db"
    create_catalogue(path)
    catalogue = Catalogue(path)
    yield catalogue
    catalogue.close()


@pytest.fixture
def rescan() -> Callable[[Catalogue, int], Applied]:
    """Scans a source again and applies what was found."""

    def run(catalogue: Catalogue, source_id: int) -> Applied:
        source = next(source for source in catalogue.sources() if source.id == source_id)
        spool = catalogue.path.with_name("scan.db")
        scan_source(source.path, str(catalogue.path), source_id, str(spool), PlainContext())
        applied = catalogue.apply_scan(source_id, spool)
        spool.unlink()
        return applied

    return run
