"""What goes into the frozen program, and what is left out; read by ``imgmine.spec``.

The figures are of TensorFlow 2.21 on Linux: all of it is 1.2 GB, the half of which ImgMine never runs.
"""

import importlib.metadata
import importlib.util
import re
from collections.abc import Iterable
from typing import Any

from installer.plan import HERE, IDENTIFIER, LINUX, MACOS, NAME, REPOSITORY, WINDOWS, version

EXCLUDED = [
    # Of Python.
    *("tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "venv", "test", "pip", "setuptools", "pkg_resources"),
    # Other bindings and backends that our libraries look for; networks of other makers.
    *("PyQt5", "PyQt6", "PySide2", "matplotlib", "IPython", "jax", "torch", "pandas", "tensorboard"),
    # TensorFlow names these, and runs without them: remote execution, and a compiler for its own build.
    *("grpc", "clang", "requests", "urllib3", "certifi", "charset_normalizer", "idna"),
    # Keras writes its own files with it; ours are safetensors.
    "h5py",
    # Makes features two to four times as fast as TensorFlow, which takes its place, for 90 MB that the limit of 900
    # does not have.
    *("openvino", "openvino_telemetry"),
]
"""Modules that are never followed."""

OPTIONAL = ("pillow_heif", "gdcm", "pydicom", "watchdog")
"""Packages of our extras, each of which is frozen where it is installed."""

DROPPED_MODULES = (
    r"keras\.src\.backend\.(jax|torch|openvino)(\.|$)",
    r"(keras|numpy|pydicom|psutil|optree)\..*\b(tests?|conftest|[a-z_]+_test)(\.|$)",
    r"tensorflow\.(lite|python\.keras\.api)(\.|$)",
    r"pyqtgraph\.(examples|opengl|jupyter|console)(\.|$)",
    r"numpy\.(distutils|f2py)(\.|$)",
    r"pydicom\.(benchmarks|examples)\..+",
)
"""Regular expressions for the beginning of a module's name."""
STAND_INS = (
    "requests",  # asks Google's cloud what machine this is
    "tensorflow._api.v2.lite",  # the converter for telephones: 12 MB
    "tensorflow._api.v2.compat.v1.lite",
    "tensorflow._api.v2.compat.v2.lite",
    "tensorflow.python.profiler.internal._pywrap_profiler_plugin",  # talks to a profiler over the network: 21 MB
)
"""Modules that are imported when TensorFlow is, and never used after: empty ones take their places."""

DROPPED_FILES = (
    r"tensorflow/(include|xla_aot_runtime_src)/",
    r"tensorflow/.*(stablehlo_extension|_xla_ops|_pywrap_profiler_plugin)\.",
    r"(tensorflow/lite/.*|libpywrap_tflite_common)",
    r"numpy/_core/_[a-z_]*_tests\.",
    r"qtawesome/fonts/(?!phosphor)",
    r"PySide6/.*plugins/(egldeviceintegrations|generic|qmltooling|networkinformation|tls|sqldrivers|printsupport)/",
    r"PySide6/.*plugins/platforms/(lib)?q(eglfs|vnc|linuxfb|minimalegl|directfb)",
    r"PySide6/.*plugins/platformthemes/libqgtk3",
    r"PySide6/.*plugins/platforminputcontexts/(lib)?qtvirtualkeyboard",
    r"PySide6/.*plugins/imageformats/(lib)?q(pdf|tga|wbmp|icns)",
    r"(PySide6/.*)?(lib)?Qt6?(Qml|Quick|VirtualKeyboard|EglFs|Pdf|Designer|Sql|Test|Help)[^/]*",
    r"PySide6/.*translations/(?!qt(base)?_(en|zh_CN)\.qm)",
    r"PySide6/.*qml/",
    r".*\.(pyi|pxd|lib|a|cmake|h|hpp|proto|cc)$",
    r".*/RECORD$",
    r"(.*/)?(readline\.|libreadline|libtinfo)",
    r"(numpy|keras|pydicom|pyqtgraph)/.*\btests?/",
    r"pyqtgraph/(examples|opengl)/",
)
"""Regular expressions for the beginning of a path in the frozen program, with ``/``."""

OF_PYTHON = r"lib(ssl|crypto|ffi|sqlite3|lzma|bz2|uuid|readline|tinfo|tinfow|ncurses|ncursesw|z|expat|mpdec|zstd)[.-]"
"""Libraries that Python's own modules need: their names change from one Linux to the next, so they come along."""
SYSTEM_FOLDERS = re.compile(r"/(usr/)?lib(64|/[a-z0-9_]+-linux-gnu)?/[^/]+$")

METADATA = ("PySide6_Essentials", "keras", "numpy", "pillow", "tensorflow", "tensorflow-cpu", "pydicom", "optree")
"""Distributions whose version is asked for at run time."""

Toc = Iterable[tuple[str, str, str]]


def keep_module(name: str) -> bool:
    """Whether the module called ``name`` is frozen."""
    if any(name == other or name.startswith(f"{other}.") for other in STAND_INS):
        return False
    return not any(re.match(pattern, name) for pattern in DROPPED_MODULES)


def stand_ins() -> list[tuple[str, str, str]]:
    """The entries that put an empty module in the place of each of ``STAND_INS``."""
    return [(name, str(HERE / "stand_in.py"), "PYMODULE") for name in STAND_INS]


def keep_file(target: str, source: str = "") -> bool:
    """Whether a file is frozen.

    Args:
        target: its place in the frozen program.
        source: where it comes from; "" where that is known not to matter.
    """
    path = target.replace("\\", "/")
    if any(re.match(pattern, path) for pattern in DROPPED_FILES):
        return False
    return not is_of_system(path, source)


def is_of_system(target: str, source: str) -> bool:
    """Whether a file is a library of this Linux that the packages depend on instead of bringing it.

    A C++ library or an X library older than the graphics driver of the machine would keep the window from opening.
    """
    if not LINUX or not SYSTEM_FOLDERS.match(source):
        return False
    return not re.match(OF_PYTHON, target.rpartition("/")[2])


def data_files() -> list[tuple[str, str]]:
    """Our resources, and what is known of the libraries' versions."""
    from PyInstaller.utils.hooks import collect_data_files, copy_metadata

    found = [(str(REPOSITORY / "LICENSE"), "."), *resource_files()]
    for name in METADATA:
        if _is_distribution(name):
            found += copy_metadata(name)
    return found + list(collect_data_files("qtawesome"))


def resource_files() -> list[tuple[str, str]]:
    """Everything in ``resources`` that the program reads, with its folder in the frozen program."""
    found = []
    for path in sorted((REPOSITORY / "resources").rglob("*")):
        if path.is_file() and path.suffix not in (".po", ".pot") and "screenshots" not in path.parts:
            found.append((str(path), str(path.parent.relative_to(REPOSITORY))))
    return found


def hidden_imports() -> list[str]:
    """Modules that are imported by name only: our registries, what the pages load late, and the extras."""
    extras = [name for name in OPTIONAL if importlib.util.find_spec(name) is not None]
    return [*our_modules(), *extras, "PySide6.QtSvg", "PySide6.QtOpenGLWidgets", "PySide6.QtNetwork"]


def our_modules() -> list[str]:
    """Every module of ours, by its file."""
    files = sorted((REPOSITORY / "imgmine_gui").rglob("*.py"))
    names = [".".join(file.relative_to(REPOSITORY).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names if not name.endswith(".__main__")]


def icon() -> str | None:
    """The picture of the program file, on the systems that have one there."""
    suffix = ".ico" if WINDOWS else ".icns" if MACOS else None
    return str(REPOSITORY / "build" / "installer" / "icons" / f"{NAME}{suffix}") if suffix else None


def bundle() -> dict[str, Any]:
    """How macOS is told of the program."""
    import plistlib

    information = plistlib.loads((HERE / "macos" / "Info.plist").read_bytes())
    return {"icon": icon(), "bundle_identifier": IDENTIFIER, "version": version(), "info_plist": information}


def _is_distribution(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
