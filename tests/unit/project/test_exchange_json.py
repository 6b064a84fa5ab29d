"""Great JSON files, entry by entry."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.exchange import json_items as module
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.json_items import Item, json_items, json_value

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def items(path: Path, *wanted: str) -> Iterator[Item]:
    return json_items(path, frozenset(wanted), Told(PlainContext()))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that every entry reaches over the edge of a block."""
    monkeypatch.setattr(module, "_BLOCK", 7)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any], indent: int | None, plain: bool
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(content, indent=indent, ensure_ascii=plain), "utf-8", "surrogatepass")
    found: dict[str, Any] = {key: [] for key, value in content.items() if isinstance(value, list)}
    try:
        for item in items(path, *content):
            if isinstance(content[item.key], list):
                found[item.key].append(item.value)
            else:
                found[item.key] = item.value
    except UserError:
        assert not plain  # a lone surrogate is no text
    else:
        assert found == content


@given(st.lists(JSON, max_size=5))
def test_a_list_on_the_outside(tmp_path_factory: pytest.TempPathFactory, content: list[Any]) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(content))
    assert [item.value for item in items(path, "")] == content
    assert not list(items(path, "other"))


def test_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"skipped": [1,\n2],\n"a": [\n{"x":\n1},\n\n{"y": 2}\n]}\n')
    assert [item.line for item in items(path, "a")] == [4, 7]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('{"a": ["橡树"]}'.encode(encoding))
    assert [item.value for item in items(path, "a")] == ["橡树"]
    assert json_value(path) == {"a": ["橡树"]}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"hello", 1),
        (b'{"a": [1,\n2,\n', 3),
        (b'{"a": [1,\n2\n}', 3),
        (b'{"a": [1]}\n{}', 2),
        (b'{"a": [{"x": "open\n', 1),
        (b'{"a": [\n{"x": 1 "y"}]}', 2),
        (b'{"a"\n[1]}', 2),
        (b'{"a": [' + b"[" * 100_000, 1),
        (b'{"a": [' + b"9" * 10_000 + b"]}", 1),
        (b'{"a": ["\xff"]}', 1),
        (b"{", 1),
        (b'{"a": tru', 1),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=rf"broken\.json”, line {line}: .*Export it again"):
        list(items(path, "a"))
    with pytest.raises(UserError, match=r"broken\.json"):
        json_value(path)


def test_an_entry_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_LIMIT", 100_000)
    path = tmp_path / "a.json"
    path.write_text('{"a": ["' + "x" * 1_000_000)
    with pytest.raises(UserError, match="one entry has more than 0 MB"):
        list(items(path, "a"))


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": list(range(1000))}))
    context = PlainContext()
    found = json_items(path, frozenset("a"), Told(context))
    next(found)
    context.wish = Wish.CANCEL
    with pytest.raises(Cancelled):
        list(found)
