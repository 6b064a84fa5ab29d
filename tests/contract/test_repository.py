"""The layout of the repository and the sizes of its files and functions."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "imgmine_gui", "resources", "tests", "packaging"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def python_files() -> list[Path]:
    folders = ("imgmine_gui", "tests", "packaging")
    return sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))


def ignored(name: str) -> bool:
    patterns = (REPOSITORY / ".gitignore").read_text("utf-8").split()
    return any(fnmatch(name, pattern.strip("/")) for pattern in patterns)


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines = (node.end_lineno or node.lineno) - first + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


def test_the_top_level_holds_what_the_design_names() -> None:
    names = {path.name for path in REPOSITORY.iterdir()}
    assert {name for name in names if not name.startswith(".") and not ignored(name)} == TOP_LEVEL


def test_there_are_files_to_look_at() -> None:
    assert len(python_files()) > 20


@pytest.mark.parametrize("path", python_files(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_files_and_functions_are_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= LONGEST_FILE
    assert list(long_functions(source)) == []


def test_a_long_function_is_found() -> None:
    body = "    x = 1\n" * (LONGEST_FUNCTION - 1)
    assert list(long_functions(f"def short():\n{body}")) == []
    assert list(long_functions(f"class A:\n  @property\n  def long(self):\n{body}")) == ["long has 51 lines"]
