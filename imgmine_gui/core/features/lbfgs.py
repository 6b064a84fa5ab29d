"""Limited-memory BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4), small, in numpy."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Objective = Callable[[Vector], tuple[float, Vector]]

MEMORY = 10
"""Pairs of steps and changes of the gradient that are remembered."""
SUFFICIENT = 1e-4
"""Part of the promised decrease that a step must bring (Armijo)."""
HALVINGS = 20


def minimise(objective: Objective, start: Vector, tolerance: float = 1e-3) -> Iterator[tuple[Vector, float]]:
    """Points of ever smaller value, from the first step on, until the gradient is ``tolerance`` of what it was.

    Args:
        objective: gives the value at a point, and the gradient, (n,) float32.
        start: (n,) float32.
        tolerance: part of the first gradient's largest component.

    Yields:
        Each new point with its value; whoever asks for no more points ends it.
    """
    point, (value, gradient) = start, objective(start)
    target = tolerance * float(np.abs(gradient).max())
    steps: list[Vector] = []
    changes: list[Vector] = []
    while float(np.abs(gradient).max()) > target:
        direction = -_times_inverse_hessian(gradient, steps, changes)
        slope = float(direction @ gradient)
        if slope >= 0:  # rounding has spoilt the memory
            steps, changes, direction = [], [], -gradient
            slope = float(direction @ gradient)
        size = 1.0 if steps else min(1.0, 1.0 / float(np.abs(gradient).sum()))
        for _ in range(HALVINGS):
            new_point = point + np.float32(size) * direction
            new_value, new_gradient = objective(new_point)
            if new_value <= value + SUFFICIENT * size * slope:
                break
            size /= 2
        else:
            return  # the smallest value that float32 tells apart
        step, change = new_point - point, new_gradient - gradient
        if float(step @ change) > 1e-10 * float(change @ change):
            steps, changes = [*steps[1 - MEMORY :], step], [*changes[1 - MEMORY :], change]
        point, value, gradient = new_point, new_value, new_gradient
        yield point, value


def _times_inverse_hessian(gradient: Vector, steps: list[Vector], changes: list[Vector]) -> Vector:
    """The two loops over the remembered pairs, newest first and then oldest first."""
    result = gradient.copy()
    parts: list[float] = []
    for step, change in zip(reversed(steps), reversed(changes), strict=True):
        part = float(step @ result) / float(step @ change)
        result -= np.float32(part) * change
        parts.append(part)
    if steps:
        result *= np.float32(float(steps[-1] @ changes[-1]) / float(changes[-1] @ changes[-1]))
    for step, change, part in zip(steps, changes, reversed(parts), strict=True):
        result += np.float32(part - float(change @ result) / float(step @ change)) * step
    return result
