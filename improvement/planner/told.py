"""A plan as it is given out: what is added where, what that leads to, how sure it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from improvement.planner.asking import Gain
from improvement.planner.buying import Steps, reached
from improvement.planner.measures import Measure
from improvement.planner.problem import Problem
from improvement.planner.terms import written
from indicators.calculation.columns import Integers
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import set_point
from indicators.calculation.scheme import CODES

PROVEN, FEASIBLE, INFEASIBLE = "proven", "feasible", "infeasible"


@dataclass(frozen=True)
class Proof:
    """Yuan below which no plan costs: ``certified`` in whole numbers, ``solver`` by its word."""

    certified: float
    solver: float


@dataclass(frozen=True)
class Plan:
    """``before`` and ``after`` are ordinary outcomes (A to D), ``rows`` the raw figures after it.

    ``status``: proven (to a hundredth of a percent), feasible, or infeasible; then there is
    nothing but a reason. ``more`` is what only some kinds tell.
    """

    kind: str
    status: str
    reason: dict[str, Any]
    before: Outcome
    after: Outcome | None = None
    rows: tuple[dict[str, Any], ...] = ()
    cost: Fraction = Fraction()
    proof: Proof | None = None
    additions: tuple[dict[str, str], ...] = ()
    spared: dict[str, dict[str, str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def worse(self) -> dict[str, tuple[str, str]]:
        """Indicators outside part A whose verdict the plan changes for the worse."""
        if self.after is None:
            return {}
        pairs = (
            (code, found.verdict, self.after.indicators[code].verdict)
            for code, found in self.before.indicators.items()
        )
        return {code: (old, new) for code, old, new in pairs if old == "met" != new}

    @property
    def gap(self) -> float | None:
        """By what part it could still be cheaper by the solver's word."""
        if self.proof is None:
            return None
        return max(0.0, 1 - self.proof.solver / float(self.cost)) if self.cost else 0.0

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it; amounts and money are decimal strings, money in yuan.

        Bounds and gap are None where nothing was proven. Budgets tell ``units`` and ``failing``
        besides, years ``years``, moves ``moves``.
        """
        told = {"kind": self.kind, "status": self.status, "reason": self.reason}
        if self.after is None:
            return {**told, **self.more}
        proof, gap = self.proof, self.gap
        return {
            **told,
            "cost": written(self.cost),
            "certified_bound": None if proof is None else _floored(proof.certified),
            "solver_bound": None if proof is None else _floored(proof.solver),
            "gap": None if gap is None else f"{gap:.6f}",
            "additions": list(self.additions),
            "spared": self.spared,
            "schools_after": list(self.rows),
            "outcome": self.after.as_dict(),
            "worse": {code: list(pair) for code, pair in self.worse.items()},
            **self.more,
        }


def gains_of(problem: Problem, steps: Steps) -> Iterator[Gain]:
    """What is bought, what is locked included; each measure of a school and stage once."""
    sums: dict[tuple[int, str, Measure], int] = defaultdict(int)
    for action, count in problem.taken(steps):
        sums[action.school, action.stage, action.measure] += count
    for (school, stage, measure), count in sums.items():
        yield problem.schools[school]["school_code"], stage, measure, count


def additions_of(gains: Iterable[Gain]) -> tuple[dict[str, str], ...]:
    """What is added where, with its cost; amounts in the unit of the raw field."""
    return tuple(
        {
            "school_code": code,
            "stage": stage,
            "measure": measure.code,
            "amount": set_point(count, measure.places) if measure.places else str(count),
            "cost": written(measure.price_of_step * count),
        }
        for code, stage, measure, count in gains
    )


def spared_by(problem: Problem, amounts: Integers) -> Integers:
    """Per unit the indicator that stays between floor and threshold; −1 for none."""
    below = amounts[problem.stock_of] < problem.need
    return np.where(below.any(axis=0), below.argmax(axis=0), -1)


def spared_of(problem: Problem, steps: Steps) -> dict[str, dict[str, str]]:
    """School → stage → the indicator that stays between floor and threshold."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    amounts = reached(problem, steps)
    rows, passing = spared_by(problem, amounts).tolist(), problem.passing(amounts).tolist()
    for unit, row, passes in zip(problem.units, rows, passing, strict=True):
        if row >= 0 and passes:
            found[unit.school["school_code"]][unit.stage] = CODES[row]
    return dict(found)


def _floored(yuan: float) -> str:
    """Never above the bound itself."""
    return str(int(max(yuan, 0.0)))
