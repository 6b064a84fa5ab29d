"""Measuring the health of images in processes of their own, so that the window keeps its time."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from imgmine_gui.core.jobs import JobContext
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgmine_gui.core.project.health.health import Health
    from imgmine_gui.core.project.health.job import HealthMeasured
    from imgmine_gui.core.project.health.measuring import Unmeasured

NICENESS = 10
"""Behind the window, behind what is looked at, and behind a training: nobody waits for it."""
MOST_ENGINES = 4


def measure_in_engines(health: "Health", context: JobContext, engine_log: Path | None = None) -> "HealthMeasured":
    """Measure what is not measured yet, with an engine a processor but at most four.

    Args:
        health: of the open project.
        context: of the job; whether it is stopped or cancelled, what was measured is kept.
        engine_log: gets what the engines print.

    Raises:
        UserError: the catalogue cannot be written, or an engine was ended by the system.
        Cancelled: the person cancelled.
    """
    from imgmine_gui.core.project.health.job import CHUNK, measure

    chunks = -(-health.state().left // CHUNK)
    count = max(1, min(MOST_ENGINES, os.cpu_count() or 1, chunks))
    engines = [Engine(engine_log, NICENESS) for _ in range(count)]
    try:
        return measure(health, context, [partial(measure_in_engine, engine) for engine in engines])
    finally:
        for engine in engines:
            engine.kill()


def measure_in_engine(engine: Engine, items: "Sequence[Unmeasured]", context: JobContext) -> None:
    """Have an engine measure images; always in the same thread, which the engine belongs to."""
    engine.run("measure_images", (items,), context.report, lambda: context.wish)
