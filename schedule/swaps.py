"""Which units could exchange planned years so that fewest years are late: pure, no Django.

Exchanging keeps how many units each year has, so every cumulative milestone of the plan stands as
before. It is a transport problem (units to years); its corners are whole, so a linear program
settles it (Dantzig 1951).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from improvement.planner.program import Program

NEVER = 9  # years late that a unit counts for whose gap is not closing: more than the plan is long


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit whose year may change: the planned one, and the one expected (None: not closing)."""

    code: str
    planned: int
    expected: int | None

    def late_in(self, year: int) -> int:
        """Years late if that were its planned year."""
        return NEVER if self.expected is None else max(self.expected - year, 0)


@dataclass(frozen=True, slots=True)
class Move:
    code: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Advice:
    """``late_before`` and ``late_after`` are sums of years late over the candidates."""

    moves: tuple[Move, ...]
    late_before: int
    late_after: int

    @property
    def saved(self) -> int:
        return self.late_before - self.late_after


def advise(candidates: Iterable[Candidate]) -> Advice:
    """Least years late; among such exchanges the one that moves fewest units."""
    units = sorted(candidates, key=lambda each: (each.planned, each.code))
    before = sum(each.late_in(each.planned) for each in units)
    years = sorted({each.planned for each in units})
    if len(years) < 2:
        return Advice((), before, before)
    chosen = _assigned(units, years)
    pairs = list(zip(units, chosen, strict=True))
    return Advice(
        tuple(Move(each.code, each.planned, year) for each, year in pairs if year != each.planned),
        before,
        sum(each.late_in(year) for each, year in pairs),
    )


def _assigned(units: Sequence[Candidate], years: Sequence[int]) -> list[int]:
    """The year of each unit. One year late outweighs moving every unit."""
    room, weight = Counter(each.planned for each in units), len(units) + 1
    cost = [weight * each.late_in(y) + (y != each.planned) for each in units for y in years]
    program = Program()
    program.add_columns(np.array(cost, float), np.ones(len(cost)))
    width = len(years)
    for at in range(len(units)):
        program.add_row(1, 1, [(at * width + k, 1) for k in range(width)])
    for k, year in enumerate(years):
        program.add_row(room[year], room[year], [(at * width + k, 1) for at in range(len(units))])
    program.flush()
    program.solver.run()
    values = np.array(program.solver.getSolution().col_value).reshape(len(units), width)
    return [years[k] for k in values.argmax(axis=1)]
