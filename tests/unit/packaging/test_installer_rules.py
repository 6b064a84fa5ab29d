"""What is frozen and what is left out, checked without freezing anything."""

import ast
import importlib.util
import pkgutil
import struct
from pathlib import Path

import pytest
from installer import freeze, icu, plan
from installer.elf import can_be_mapped, elf_files
from installer.inventory import components_of_environment
from installer.polish import STUB, tidy_permissions

import imgmine_gui
from imgmine_gui.core.text import RESOURCES

REPOSITORY = Path(__file__).resolve().parents[3]
SPECIFICATION = REPOSITORY / "packaging" / "installer" / "imgmine.spec"


def file_of(module: str) -> Path | None:
    """The file of a module, found without importing its package, which may be TensorFlow."""
    top, *parts = module.split(".")
    found = importlib.util.find_spec(top)
    if found is None or not found.submodule_search_locations:
        return Path(found.origin) if found is not None and found.origin else None
    place = Path(found.submodule_search_locations[0]).joinpath(*parts)
    candidates = [place / "__init__.py", place.with_suffix(".py"), *place.parent.glob(f"{place.name}.*.so")]
    candidates += [place.with_suffix(".so")]
    return next((path for path in candidates if path.is_file()), None)


def test_the_specification_is_python_and_names_what_there_is() -> None:
    tree = ast.parse(SPECIFICATION.read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            and node.value.id == "freeze"}  # fmt: skip
    assert used and all(hasattr(freeze, name) for name in used)
    assert (REPOSITORY / "imgmine_gui" / "__main__.py").is_file()


def test_every_module_of_ours_is_frozen() -> None:
    ours = freeze.our_modules()
    walked = {one.name for one in pkgutil.walk_packages(imgmine_gui.__path__, "imgmine_gui.")}
    assert {name for name in walked if not name.endswith("__main__")} <= set(ours)
    assert [name for name in ours if not freeze.keep_module(name)] == []


@pytest.mark.parametrize("name", freeze.STAND_INS)
def test_what_a_stand_in_stands_for_is_there(name: str) -> None:
    assert file_of(name) is not None
    assert not freeze.keep_module(name) and not freeze.keep_module(f"{name}.part")
    assert freeze.keep_module(f"{name}_other")


def test_what_is_imported_at_run_time_is_kept() -> None:
    for name in ("tensorflow.python.eager.test", "numpy.testing", "keras.src.backend.tensorflow", "keras.src.testing",
                 "pydicom.pixels.decoders.gdcm", "pyqtgraph.graphicsItems.PlotItem"):  # fmt: skip
        assert file_of(name) is not None, name
        assert freeze.keep_module(name), name
    for name in ("keras.src.backend.torch.core", "numpy._core.tests.test_umath", "tensorflow.lite.python.lite"):
        assert not freeze.keep_module(name), name


def test_files_are_kept_by_their_place() -> None:
    for path in ("PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/plugins/platforms/libqwayland.so",
                 "PySide6/Qt/translations/qtbase_zh_CN.qm", "tensorflow/libtensorflow_cc.so.2", "libQt6OpenGL.so.6",
                 "qtawesome/fonts/phosphor-1.3.0.ttf", "resources/help/en/index.md", "PySide6/QtNetwork.abi3.so",
                 "PySide6\\plugins\\platforms\\qwindows.dll", "tensorflow/THIRD_PARTY_NOTICES.txt"):  # fmt: skip
        assert freeze.keep_file(path), path
    for path in ("PySide6/Qt/plugins/platforms/libqeglfs.so", "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
                 "PySide6/Qt/lib/libQt6Quick.so.6", "tensorflow/include/x.h", "PySide6/Qt/plugins/tls/libqopenssl.so",
                 "tensorflow/python/profiler/internal/_pywrap_profiler_plugin.so"):  # fmt: skip
        assert not freeze.keep_file(path), path


@pytest.mark.skipif(not plan.LINUX, reason="of Linux")
def test_libraries_of_this_system_are_depended_on_and_those_of_python_brought() -> None:
    folder = "/usr/lib/x86_64-linux-gnu"
    assert freeze.is_of_system("libstdc++.so.6", f"{folder}/libstdc++.so.6")
    assert freeze.is_of_system("libxcb.so.1", "/lib64/libxcb.so.1")
    assert not freeze.is_of_system("libssl.so.3", f"{folder}/libssl.so.3")
    assert not freeze.is_of_system("libQt6Core.so.6", "/env/site-packages/PySide6/Qt/lib/libQt6Core.so.6")


def test_all_resources_that_the_program_reads_are_frozen() -> None:
    frozen = {Path(source): folder for source, folder in freeze.resource_files()}
    wanted = {path for path in RESOURCES.rglob("*") if path.suffix in (".md", ".mo", ".svg", ".csv", ".safetensors")}
    assert wanted and wanted <= frozen.keys()
    assert frozen[RESOURCES / "help" / "en" / "index.md"] == str(Path("resources", "help", "en"))
    assert not any(path.suffix == ".po" or "screenshots" in path.parts for path in frozen)


def test_the_licence_of_every_dependency_is_known() -> None:
    found = components_of_environment()
    assert {"keras", "numpy", "PySide6_Essentials"} <= {one.name for one in found}
    assert [one.name for one in found if not one.licence] == []
    texts = {one.name: one.texts for one in found}
    assert all(texts.values()), [name for name, text in texts.items() if not text]


def items(*names: str) -> list[icu.Item]:
    return [icu.Item(name, name.encode() * 5) for name in sorted(names)]


def test_the_data_of_icu_is_read_as_it_is_written() -> None:
    header = struct.pack("<H", 32) + b"\xda\x27" + b"\x14\0\0\0\0\0\x02\0" + icu.MARK + b"\x01\0\0\0" + b"\0" * 12
    wanted = items("icudt73l/root.res", "icudt73l/coll/zh.res")
    data = icu.write_items(header, wanted)
    library = bytearray(b"\x7fELF".ljust(64, b"\0"))
    struct.pack_into("<Q", library, 40, 64 + len(data))
    struct.pack_into("<HH", library, 58, 64, 1)
    section = bytearray(64)
    struct.pack_into("<QQ", section, 24, 64, len(data))
    found_header, found = icu.read_items(bytes(library + data + section))
    assert found_header == header
    assert [item.name for item in found] == [item.name for item in wanted]
    assert [item.content.rstrip(b"\xaa") for item in found] == [item.content for item in wanted]
    with pytest.raises(plan.BuildError):
        icu.read_items(b"nothing of the kind")


def test_languages_of_ours_and_rules_of_sorting_stay() -> None:
    for name in ("root.res", "zh.res", "zh_CN.res", "en_US.res", "coll/zh.res", "coll/root.res", "zoneinfo64.res",
                 "res_index.res", "ucase.icu", "supplementalData.res", "pool.res"):  # fmt: skip
        assert icu.is_needed(f"icudt73l/{name}"), name
    for name in ("de.res", "fr_CA.res", "unit/de.res", "zone/zh.res", "ibm-37_P100-1995.cnv", "brkitr/thaidict.dict"):
        assert not icu.is_needed(f"icudt73l/{name}"), name


def test_the_encoder_that_stands_in_is_free_of_the_original() -> None:
    assert "x265_api_get" in STUB.read_text("utf-8") and STUB.stat().st_size < 1000


@pytest.mark.skipif(not plan.LINUX, reason="of Linux")
def test_programs_of_this_system_can_be_mapped(tmp_path: Path) -> None:
    program = tmp_path / "true"
    program.write_bytes(Path("/bin/true").resolve().read_bytes())
    assert list(elf_files(tmp_path)) == [program]
    assert can_be_mapped(program)
    broken = bytearray(program.read_bytes())
    (table,) = struct.unpack_from("<Q", broken, 32)
    size, count = struct.unpack_from("<HH", broken, 54)
    for number in range(count):
        (offset,) = struct.unpack_from("<Q", broken, table + size * number + 8)
        struct.pack_into("<Q", broken, table + size * number + 8, offset + 8)
    program.write_bytes(broken)
    assert not can_be_mapped(program)


def test_permissions_do_not_depend_on_the_build_machine(tmp_path: Path) -> None:
    for name in ("imgmine", "library.so"):
        (tmp_path / name).touch(0o600)
    tidy_permissions(tmp_path)
    assert (tmp_path / "imgmine").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "library.so").stat().st_mode & 0o777 == 0o644
