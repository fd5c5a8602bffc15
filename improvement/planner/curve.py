"""What more money buys: how many units pass, from the coefficients alone to everything."""

from fractions import Fraction
from math import ceil
from typing import Any

from improvement.planner.accepting import searched
from improvement.planner.asking import read_asked
from improvement.planner.budget import Spending, coefficients_alone
from improvement.planner.terms import written
from indicators.calculation.rules import Rules

POINTS = 8


def budget_curve(
    payload: object, rules: Rules, points: int = POINTS, seconds: float = 5.0
) -> dict[str, Any]:
    """Yuan for what is ``locked``, for that and the coefficients (``alone``), for ``all`` units;
    between the two last ``points`` with the ``budget``, how many units ``met`` and ``at_most`` by
    proof, ``of`` all.

    Empty points where caps leave no plan. Raises UnusableInput like ``make_plan``.
    """
    problem = read_asked(payload, rules).problem
    bare = searched(coefficients_alone(problem), seconds / 2, lambda _progress: None)
    whole = searched(problem, seconds / 2, lambda _progress: None)
    told: dict[str, Any] = {"of": len(problem.units), "points": []}
    if bare.best is None or whole.best is None:
        return told
    locked, steps = problem.price_of_locked, max(points - 1, 1)
    told |= {
        "locked": written(locked),
        "alone": written(bare.cost + locked),
        "all": written(whole.cost + locked),
    }
    found = [_point(whole.cost + locked, len(problem.units), len(problem.units))]
    if whole.cost == bare.cost:  # the coefficients ask for everything
        return told | {"points": found}
    budgets = [
        bare.cost + (whole.cost - bare.cost) * Fraction(at, steps)
        for at in range(steps - 1, -1, -1)
    ]
    spending = Spending(problem, budgets[0], bare.best)
    for budget in budgets:
        most = spending.run() if budget == budgets[0] else spending.again(budget)
        found.append(_point(budget + locked, int(most.passing.sum()), most.at_most))
    return told | {"points": found[::-1]}


def _point(budget: Fraction, met: int, at_most: int) -> dict[str, Any]:
    return {"budget": str(ceil(budget)), "met": met, "at_most": at_most}
