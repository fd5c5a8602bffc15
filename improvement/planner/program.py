"""A linear program as it grows: columns, rows, and the solver that is given them."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import highspy
import numpy as np

from indicators.calculation.columns import Floats

INFINITY = highspy.kHighsInf
_NOTHING = np.array([], np.int32)


@dataclass
class Row:
    """lower ≤ Σ values × columns ≤ upper."""

    lower: float
    upper: float
    columns: list[int]
    values: list[float]


class Program:
    """Columns from zero up; rows are noted and given to the solver before it next runs."""

    def __init__(self) -> None:
        self.solver = quiet()
        self.width = 0
        self.rows: list[Row] = []
        self._given = 0  # rows the solver has

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
        self.rows.append(Row(lower, upper, list(sums), list(sums.values())))

    def flush(self) -> int:
        """Give noted rows to the solver; how many it has then."""
        if fresh := self.rows[self._given :]:
            self.solver.addRows(
                len(fresh),
                np.array([row.lower for row in fresh]),
                np.array([row.upper for row in fresh]),
                sum(len(row.columns) for row in fresh),
                np.cumsum([0, *(len(row.columns) for row in fresh[:-1])]).astype(np.int32),
                np.array([column for row in fresh for column in row.columns], np.int32),
                np.array([value for row in fresh for value in row.values]),
            )
            self._given = len(self.rows)
        return self._given

    def release(self, row: int) -> None:
        """A row that asks nothing any more."""
        self.rows[row].lower, self.rows[row].upper = -INFINITY, INFINITY
        self.solver.changeRowBounds(row, -INFINITY, INFINITY)


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
