"""The licences of everything that is bundled: Debian's ``copyright``, and one readable file for all systems."""

from collections.abc import Iterator
from pathlib import Path

from installer.inventory import Component, components
from installer.plan import LICENCE, MAINTAINER, NAME, TITLE

BUNDLED = "THIRD-PARTY-LICENCES.txt"
COMMON = {"Apache-2.0": "Apache-2.0", "LGPL-3.0-only": "LGPL-3", "GPL-3.0-only": "GPL-3"}
"""Texts that every Debian has, below ``/usr/share/common-licenses``."""


def bundled_text(frozen: Path) -> str:
    """All that the makers of what is bundled want to be passed on, as one text."""
    parts = [f"{TITLE} is distributed together with the following software.\n"]
    for one in components(frozen)[1:]:
        parts += ["=" * 100, f"{one.name} {one.version}: {one.licence}", *one.texts, ""]
    parts.append("What TensorFlow itself bundles is named in tensorflow/THIRD_PARTY_NOTICES.txt.")
    return "\n".join(parts) + "\n"


def copyright_text(frozen: Path) -> str:
    """Debian's machine-readable ``copyright``."""
    found = components(frozen)
    lines = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
             f"Upstream-Name: {TITLE}", f"Upstream-Contact: {MAINTAINER}",
             "Comment: The program is frozen: Python and all libraries are below usr/lib/imgmine. What TensorFlow",
             " bundles is named in usr/lib/imgmine/_internal/tensorflow/THIRD_PARTY_NOTICES.txt.", "",
             "Files: *", f"Copyright: {MAINTAINER}", f"License: {LICENCE}", ""]  # fmt: skip
    for one in found[1:]:
        lines += _stanza(one)
    for one in found:
        lines += _text_of(one)
    return "\n".join(lines) + "\n"


def _stanza(one: Component) -> Iterator[str]:
    places = " ".join(f"usr/lib/{NAME}/{place}" for place in one.places)
    yield from (f"Files: {places}", f"Copyright: the authors of {one.name} {one.version}", f"License: {_name(one)}", "")


def _text_of(one: Component) -> Iterator[str]:
    yield f"License: {_name(one)}"
    if one.licence in COMMON:
        yield f" The text is in /usr/share/common-licenses/{COMMON[one.licence]}"
    else:
        yield f" {one.licence}"
        for text in one.texts:
            yield " ."
            for line in text.splitlines():
                yield f" {line.rstrip()}" if line.strip() else " ."
    yield ""


def _name(one: Component) -> str:
    """The licence with the name of its holder, since each has a text of its own."""
    plain = one.licence.replace(" ", "-")
    return one.licence if one.name == TITLE else f"{plain}~{one.name}"
