"""The folder of a bundled sample, which is made whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory


class SampleError(Exception):
    """Something that whoever runs the script can mend; its text is one line."""


def make_folder(out: Path, write: Callable[[Path], None]) -> None:
    """Write the whole sample beside `out` and rename it, so that a half-written one never bears its name.

    Args:
        out: must not exist.
        write: fills a folder that exists and is empty.

    Raises:
        SampleError: `out` exists already.
    """
    if out.exists():
        raise SampleError(f"{out} exists already: name a folder that does not")
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{out.name}.", dir=out.parent) as temporary:
        partial = Path(temporary) / out.name
        partial.mkdir()
        write(partial)
        partial.rename(out)
