"""The number format that this machine's processor is fastest with."""

import functools
from pathlib import Path

from imgmine_gui.core.training.config import Precision

FAST_BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16"})
"""Flags of processors that multiply bfloat16 faster than float32; elsewhere it is emulated, and slower."""


def resolve_precision(precision: Precision) -> Precision:
    """``precision``, with ``AUTO`` replaced by what is faster here."""
    if precision is not Precision.AUTO:
        return precision
    return Precision.BFLOAT16 if processor_flags() & FAST_BFLOAT16 else Precision.FLOAT32


@functools.cache
def processor_flags() -> frozenset[str]:
    """What the processor can do, as Linux names it; empty on other systems, where float32 is right everywhere."""
    try:
        text = Path("/proc/cpuinfo").read_text("ascii", errors="replace")
    except OSError:
        return frozenset()
    lines = (line for line in text.splitlines() if line.startswith("flags"))
    return frozenset(next(lines, "").partition(":")[2].split())
