"""A linear program as it grows: columns, rows, and the solver that is given them."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import highspy
import numpy as np

from improvement.planner.certificate import Rows
from indicators.calculation.columns import Floats

INFINITY = highspy.kHighsInf
_NOTHING = np.array([], np.int32)


class Program:
    """Columns from zero up; rows are noted and given to the solver before it next runs."""

    def __init__(self) -> None:
        self.solver = quiet()
        self.width = 0
        # lower ≤ Σ values × columns ≤ upper
        self.lower: list[float] = []
        self.upper: list[float] = []
        self._noted: list[dict[int, float]] = []  # values by column of rows the solver has not
        # Row numbers, columns and values, a chunk each time rows are given.
        self._entries: list[list[Any]] = [[_NOTHING, _NOTHING, np.array([], np.float64)]]

    def add_columns(self, cost: Floats, upper: Floats) -> int:
        """Where the new columns begin."""
        none = np.array([], np.float64)
        self.solver.addCols(
            len(cost), cost, np.zeros(len(cost)), upper, 0, _NOTHING, _NOTHING, none
        )
        self.width += len(cost)
        return self.width - len(cost)

    def add_row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Noted, and given to the solver before it next runs; equal columns are added up."""
        sums: dict[int, float] = defaultdict(float)
        for column, value in terms:
            sums[column] += value
        self.lower.append(lower)
        self.upper.append(upper)
        self._noted.append(sums)

    def flush(self) -> int:
        """Give noted rows to the solver; how many it has then."""
        if fresh := self._noted:
            self._noted, first = [], len(self.lower) - len(fresh)
            sizes = np.array([len(row) for row in fresh])
            columns = np.array([column for row in fresh for column in row], np.int32)
            values = np.array([value for row in fresh for value in row.values()])
            starts = (np.cumsum(sizes) - sizes).astype(np.int32)
            sides = np.array(self.lower[first:]), np.array(self.upper[first:])
            self.solver.addRows(len(fresh), *sides, len(values), starts, columns, values)
            numbers = np.arange(first, len(self.lower), dtype=np.int32)
            self._entries.append([np.repeat(numbers, sizes), columns, values])
        return len(self.lower)

    def given(self) -> Rows:
        """The rows as the solver has them."""
        self._entries = [[np.concatenate(each) for each in zip(*self._entries, strict=True)]]
        size = len(self.lower) - len(self._noted)
        lower, upper = np.array(self.lower[:size]), np.array(self.upper[:size])
        return Rows(lower, upper, *self._entries[0])

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """What a row that the solver has asks from here on."""
        self.lower[row], self.upper[row] = lower, upper
        self.solver.changeRowBounds(row, lower, upper)

    def release(self, row: int) -> None:
        """A row that asks nothing any more."""
        self.bound_row(row, -INFINITY, INFINITY)


def quiet() -> highspy.Highs:
    _greet()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


@cache
def _greet() -> None:
    """The first solver of a process writes a banner to the standard output before it can be told
    not to; in an answer that is JSON it would do harm."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
