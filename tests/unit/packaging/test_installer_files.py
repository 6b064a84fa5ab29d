"""The files by which the systems know the program: desktop entry, metainfo, file types, manual, plist, workflow."""

import configparser
import plistlib
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from installer import deb, linux_tree, macos, nsis, rpm
from installer.plan import HERE, IDENTIFIER, version

from imgmine_gui import __version__
from imgmine_gui.__main__ import COMMANDS
from imgmine_gui.app.opening import MODEL_SUFFIX
from imgmine_gui.core.project.project import DATABASE, SUFFIX, Project

REPOSITORY = Path(__file__).resolve().parents[3]
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
WORKFLOW = REPOSITORY / ".github" / "workflows" / "release.yml"


@pytest.fixture(autouse=True)
def date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")


def entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(HERE / "linux" / "imgmine.desktop", "utf-8")
    return parser["Desktop Entry"]


def types() -> dict[str, ElementTree.Element]:
    root = ElementTree.parse(HERE / "linux" / "mime.xml").getroot()
    return {kind.attrib["type"]: kind for kind in root.iter(f"{MIME}mime-type")}


def test_the_version_is_that_of_the_program() -> None:
    assert version() == __version__


def test_the_desktop_entry_opens_files_with_the_program() -> None:
    found = entry()
    assert found["Exec"].split() == ["imgmine", "%F"]
    assert set(found["MimeType"].rstrip(";").split(";")) == set(types())
    for key in ("GenericName", "Comment", "Keywords"):
        assert found[key] and found[f"{key}[zh_CN]"]


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_desktop_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", HERE / "linux" / "imgmine.desktop"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_project_is_known_by_what_stands_in_its_database(tmp_path: Path) -> None:
    folder = tmp_path / f"trial{SUFFIX}"
    Project.create(folder, "trial").close()
    content = (folder / DATABASE).read_bytes()
    outer = types()["application/x-imgmine-project"].find(f"{MIME}magic/{MIME}match")
    assert outer is not None
    (inner,) = outer
    for match in (outer, inner):
        wanted, offset = match.attrib["value"].encode(), int(match.attrib["offset"])
        assert content[offset : offset + len(wanted)] == wanted
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (x)").connection.close()
    assert (tmp_path / "other.db").read_bytes()[68:72] != inner.attrib["value"].encode()


def test_each_type_has_its_suffix_and_its_picture() -> None:
    suffixes = {"application/x-imgmine-project": SUFFIX, "application/x-imgmine-model": MODEL_SUFFIX}
    for name, kind in types().items():
        glob = kind.find(f"{MIME}glob")
        assert glob is not None and glob.attrib["pattern"] == f"*{suffixes[name]}"
        picture = linux_tree.PICTURES[f"mimetypes/{name.replace('/', '-')}"]
        assert ElementTree.parse(picture).getroot().tag.endswith("svg")


@pytest.mark.parametrize("source", ["", "https://example.org/imgmine"])
def test_the_metainfo_names_the_entry_and_this_version(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGMINE_SOURCE_URL", source)
    root = ElementTree.fromstring(linux_tree.metainfo())
    assert root.findtext("id") == IDENTIFIER
    assert root.findtext("launchable") == "imgmine.desktop"
    release = root.find("releases/release")
    assert release is not None and release.attrib == {"version": __version__, "date": "2025-11-24"}
    assert {one.text for one in root.iterfind("provides/mediatype")} == set(types())
    assert len(root.findall("screenshots/screenshot/image")) == (len(linux_tree.SCREENSHOTS) if source else 0)
    for name in linux_tree.SCREENSHOTS:
        assert (REPOSITORY / "resources" / "screenshots" / f"{name}.png").is_file()


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstream is not installed")
def test_the_metainfo_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGMINE_SOURCE_URL", "https://example.org/imgmine")
    file = tmp_path / f"{IDENTIFIER}.metainfo.xml"
    file.write_text(linux_tree.metainfo(), "utf-8")
    command = ["appstreamcli", "validate", "--no-net", "--no-color", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert not re.search(r"^[EW]:", done.stdout, re.MULTILINE), done.stdout


def test_the_manual_knows_every_command() -> None:
    text = linux_tree.filled((HERE / "linux" / "imgmine.1").read_text("utf-8"))
    assert __version__ in text and "@" not in text.replace('"$@"', "")
    assert [name for name in COMMANDS if name.replace("-", "\\-") not in text] == []


def test_the_package_describes_itself() -> None:
    fields = dict(re.findall(r"^([\w-]+): (.*)$", deb.control("libc6 (>= 2.36), libgl1", 5000), re.MULTILINE))
    assert fields["Package"] == "imgmine" and fields["Version"] == __version__ and fields["Installed-Size"] == "5"
    assert fields["Depends"].startswith("libc6")
    assert "imgmine (" in deb.changelog()


def test_rpm_is_told_the_same(tmp_path: Path) -> None:
    for folder in ("usr/lib/imgmine", "usr/share"):
        (tmp_path / folder).mkdir(parents=True)
    told = rpm.describe(tmp_path)
    assert (told["name"], told["version"]) == ("imgmine", __version__)
    assert {"src": "../lib/imgmine/imgmine", "dst": "/usr/bin/imgmine", "type": "symlink"} in told["contents"]  # type: ignore[operator]


def test_macos_is_told_of_both_types() -> None:
    told = plistlib.loads((HERE / "macos" / "Info.plist").read_bytes())
    suffixes = {
        suffix: kind["UTTypeIdentifier"]
        for kind in told["UTExportedTypeDeclarations"]
        for suffix in kind["UTTypeTagSpecification"]["public.filename-extension"]
    }
    assert {f".{suffix}" for suffix in suffixes} == {SUFFIX, MODEL_SUFFIX}
    opened = {name for kind in told["CFBundleDocumentTypes"] for name in kind["LSItemContentTypes"]}
    assert set(suffixes.values()) <= opened
    assert all(plistlib.loads(macos.ENTITLEMENTS.read_bytes()).values())


def test_the_script_of_windows_takes_what_it_is_given() -> None:
    text = nsis.SCRIPT.read_text("utf-8")
    for name in ("VERSION", "PAYLOAD", "ICONS", "TARGET", "SIZE", "LICENCE"):
        assert f"${{{name}}}" in text
    written = set(re.findall(r'WriteRegStr SHCTX "(\$\{CLASSES\}\\[^"\\]+(?:\\shell\\ImgMine)?)', text))
    removed = set(re.findall(r'DeleteRegKey SHCTX "(\$\{CLASSES\}[^"]+)"', text))
    assert removed and {key for key in written if not key.endswith("Directory")} <= removed


def test_the_workflow_runs_what_there_is() -> None:
    told = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    jobs = told["jobs"]
    for job in jobs.values():
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs) <= set(jobs)
        assert "timeout-minutes" in job or job is jobs["attach"]
    text = WORKFLOW.read_text("utf-8")
    for path in re.findall(r"packaging/[\w/]+\.py", text):
        assert (REPOSITORY / path).is_file(), path
    assert {"linux", "windows", "macos"} <= set(jobs)
