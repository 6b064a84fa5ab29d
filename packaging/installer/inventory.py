"""What is in the frozen program: distributions of PyPI, and libraries that come with Python, with their licences."""

import importlib.metadata
import platform
import re
import sqlite3
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.plan import HERE, LICENCE, NAME, REPOSITORY, TITLE, BuildError, version

LICENCE_FILE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)
SPELLED_OUT = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "PSFL": "PSF-2.0",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": "LGPL-3.0-only",
    "GPLv2-or-later with a special exception which allows to use PyInstaller to build and distribute non-free programs "
    "(including commercial ones)": "GPL-2.0-or-later WITH Bootloader-exception",
}
"""What the metadata of our libraries says, as the SPDX identifier; of a choice, the one that we take."""
WITHOUT_TEXT = {"LGPL-3.0-only": ("LGPL-3.0.txt", "GPL-3.0.txt"), "Apache-2.0": ("../../../LICENSE",)}
"""Texts of ours for the distributions that bring none."""
KNOWN = {"pillow_heif": "BSD-3-Clause AND LGPL-3.0-or-later", "colorama": "BSD-3-Clause", "pydicom": "MIT",
         "markdown-it-py": "MIT", "mdurl": "MIT", "namex": "Apache-2.0", "safetensors": "Apache-2.0",
         "python-gdcm": "BSD-3-Clause AND Apache-2.0"}  # fmt: skip
"""Where the metadata says nothing, or not all: pillow_heif brings libheif and libde265 (and not x265)."""
NEVER_FROZEN = ("openvino", "openvino-telemetry", "libclang", "requests", "certifi", "h5py", "grpcio", "setuptools")
"""What our libraries ask for and ``freeze.py`` leaves out."""
OF_PYTHON = {
    "libssl": ("OpenSSL", "Apache-2.0"),
    "libcrypto": ("OpenSSL", "Apache-2.0"),
    "libsqlite3": ("SQLite", "blessing"),
    "libffi": ("libffi", "MIT"),
    "liblzma": ("XZ Utils", "0BSD"),
    "libbz2": ("bzip2", "bzip2-1.0.6"),
    "libz": ("zlib", "Zlib"),
    "libexpat": ("Expat", "MIT"),
    "libuuid": ("libuuid", "BSD-3-Clause"),
    "libzstd": ("Zstandard", "BSD-3-Clause"),
    "libmpdec": ("mpdecimal", "BSD-2-Clause"),
}
"""Libraries beside the program that Python's own modules link to."""


@dataclass(frozen=True)
class Component:
    """One thing that somebody made.

    Attributes:
        name, version: as its makers say.
        licence: an SPDX expression; "" where nothing is known.
        texts: what its licence wants to be passed on.
        places: patterns of its files in the frozen program.
        purl: its address as a package; "" where it is none.
    """

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    places: tuple[str, ...]
    purl: str = ""


def components(frozen: Path) -> list[Component]:
    """Everything in the frozen program at ``frozen``, in the order of the names; ImgMine itself first.

    Raises:
        BuildError: of something no licence is known.
    """
    own = Component(TITLE, version(), LICENCE, ((REPOSITORY / "LICENSE").read_text("utf-8"),), ("*",))
    found = [*_distributions(frozen), _python(), _bootloader(), *_libraries_of_python(frozen)]
    unknown = [one.name for one in found if not one.licence]
    if unknown:
        raise BuildError(f"The licence of {', '.join(unknown)} is not known: look it up, and add it to inventory.py.")
    return [own, *sorted(found, key=lambda one: one.name.lower())]


def frozen_modules(frozen: Path) -> set[str]:
    """The top-level names of all modules in the frozen program."""
    from PyInstaller.archive.readers import CArchiveReader

    suffix = ".exe" if sys.platform == "win32" else ""
    program = CArchiveReader(str(frozen / f"{NAME}{suffix}"))
    (archive,) = (name for name in program.toc if name.lower().endswith(".pyz"))
    names = {name.partition(".")[0] for name in program.open_embedded_archive(archive).toc}
    return names | {path.name.partition(".")[0] for path in (frozen / "_internal").iterdir() if not path.is_symlink()}


def _distributions(frozen: Path) -> Iterator[Component]:
    modules = frozen_modules(frozen)
    tops: dict[str, list[str]] = {}
    for top, names in importlib.metadata.packages_distributions().items():
        if top in modules:
            for name in set(names):
                tops.setdefault(name, []).append(top)
    for name in sorted(tops):
        if name.lower() == NAME:
            continue
        places = tuple(f"_internal/{top}{end}" for top in sorted(tops[name]) for end in ("/*", ".libs/*"))
        yield _distribution(importlib.metadata.distribution(name), places)


def components_of_environment() -> list[Component]:
    """What ImgMine asks for, directly or not, as far as it is installed here: it may be frozen."""
    wanted, known = [NAME], set()
    while wanted:
        name = wanted.pop()
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system, or of an extra that is not installed
        if found.name in known:
            continue
        known.add(found.name)
        extras = ("heic", "dicom") if name == NAME else ()
        for line in found.requires or ():
            of_extra = re.search(r"extra == ['\"]([\w-]+)", line)
            if of_extra is None or of_extra.group(1) in extras:
                wanted.append(re.split(r"[^\w.-]", line)[0])
    distributions = [importlib.metadata.distribution(name) for name in sorted(known - {NAME})]
    return [_distribution(one, ()) for one in distributions if one.name not in NEVER_FROZEN]


def _distribution(found: importlib.metadata.Distribution, places: tuple[str, ...]) -> Component:
    licence = _licence(found)
    texts = tuple(_texts(found)) or tuple(_own_texts(licence))
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', found.name).lower()}@{found.version}"
    return Component(found.name, found.version, licence, texts, places, purl)


def _licence(found: importlib.metadata.Distribution) -> str:
    metadata = found.metadata
    if found.name in KNOWN:
        return KNOWN[found.name]
    names = (name for name in ("License-Expression", "License") if name in metadata)
    said = " ".join(next((metadata[name] for name in names), "").split())
    return SPELLED_OUT.get(said, said if len(said) < 80 else "")


def _texts(found: importlib.metadata.Distribution) -> Iterator[str]:
    for file in sorted(found.files or (), key=str):
        path = Path(str(file.locate()))
        if ".dist-info" in str(file) and LICENCE_FILE.search(str(file)) and path.is_file():
            yield path.read_text("utf-8", "replace")


def _own_texts(licence: str) -> Iterator[str]:
    for name in WITHOUT_TEXT.get(licence, ()):
        yield (HERE / "licences" / name).read_text("utf-8")


def _python() -> Component:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    texts = tuple(path.read_text("utf-8") for folder in folders if (path := folder / "LICENSE.txt").is_file())
    places = ("_internal/libpython*", "_internal/python3*", "_internal/base_library.zip")
    return Component("Python", platform.python_version(), "PSF-2.0", texts[:1], places)


def _bootloader() -> Component:
    found = importlib.metadata.distribution("pyinstaller")
    return Component("PyInstaller", found.version, _licence(found), tuple(_texts(found)), (NAME,),
                     f"pkg:pypi/pyinstaller@{found.version}")  # fmt: skip


def _libraries_of_python(frozen: Path) -> Iterator[Component]:
    versions = {"SQLite": sqlite3.sqlite_version}
    places: dict[str, list[str]] = {}
    licences = {}
    for path in sorted((frozen / "_internal").glob("lib*.so.*")):
        stem = re.split(r"[.-]", path.name)[0]
        if stem in OF_PYTHON and not path.is_symlink():
            name, licences_of = OF_PYTHON[stem]
            places.setdefault(name, []).append(f"_internal/{path.name}")
            licences[name] = licences_of
    for name, where in places.items():
        number = where[0].partition(".so.")[2]
        yield Component(name, versions.get(name, number), licences[name], (), tuple(where))
