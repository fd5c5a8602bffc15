"""A program in whole numbers, asked of a fresh solver that stops when it is told to.

One that has solved with other costs before reports a wrong optimum.
"""

from collections.abc import Callable, Iterable
from time import process_time
from typing import Any

import highspy
import numpy as np

from improvement.planner.program import quiet
from indicators.calculation.columns import Floats

_FOUND = 2  # a point was found
_HEARD_EVERY = 0.2  # seconds of processor time between two questions whether to go on


def solve_whole(
    model: Any, counted: Iterable[int], gap: float, seconds: float, goes_on: Callable[[], bool]
) -> tuple[Floats | None, float]:
    """Columns, if any were found, and the bound by the solver's word, after at most so many
    seconds of processor time, or once it is not to go on."""
    kinds = [highspy.HighsVarType.kContinuous] * model.num_col_
    for column in counted:
        kinds[column] = highspy.HighsVarType.kInteger
    model.integrality_ = kinds
    solver = quiet()
    solver.setOptionValue("mip_rel_gap", gap)
    solver.cbMipInterrupt.subscribe(_Interrupting(seconds, goes_on))
    solver.passModel(model)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != _FOUND:
        return None, info.mip_dual_bound
    return np.array(solver.getSolution().col_value), info.mip_dual_bound


class _Interrupting:
    """Asked by the solver very often; asks itself now and then."""

    def __init__(self, seconds: float, goes_on: Callable[[], bool]) -> None:
        self.goes_on, self.next = goes_on, process_time()
        self.ends = self.next + seconds

    def __call__(self, event: Any) -> None:
        now = process_time()
        if now < min(self.next, self.ends):
            return
        self.next = now + _HEARD_EVERY
        if now >= self.ends or not self.goes_on():
            event.interrupt()
