"""On what is counted CP-SAT, which knows no cones and no tolerance, agrees on the least cost."""

from typing import Any

import pytest
from ortools.sat.python import cp_model

from improvement.planner.problem import Problem
from improvement.planner.search import Search
from tests.improvement.planner.builders import one_coefficient

MOST = 60  # of anything at one school


def cheapest(problem: Problem, codes: tuple[str, ...]) -> int:
    """Least yuan for these indicators alone, each unit at its threshold."""
    model: Any = cp_model.CpModel()
    amounts = {}
    for cone in problem.cones:
        if cone.code in codes:
            for stock, unit in zip(cone.stocks.tolist(), cone.units.tolist(), strict=True):
                row = ("A1", "A2", "A3", "A4", "A5", "A6", "A7").index(cone.code)
                least = max(int(problem.have[stock]), int(problem.need[row, unit]))
                amounts[stock] = model.new_int_var(least, least + MOST, f"x{stock}")
            _within(model, cone, amounts)
    prices = {action.stocks[0]: int(action.price) for action in problem.actions}
    added = [prices[s] * (x - int(problem.have[s])) for s, x in amounts.items()]
    model.minimize(sum(added))
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 20
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def _within(model: Any, cone: Any, amounts: dict[int, Any]) -> None:
    """N Σ (P / n) X² · b ≤ (b + a) P (Σ X)², the limit² being a / b and P the product of all n."""
    product = 1
    for pupils in set(cone.pupils.tolist()):
        product *= pupils
    total = model.new_int_var(0, 10**6, "")
    own = [amounts[stock] for stock in cone.stocks.tolist()]
    model.add(total == sum(own))
    squares = [model.new_int_var(0, 10**8, "") for _each in own]
    for square, amount in zip(squares, own, strict=True):
        model.add_multiplication_equality(square, [amount, amount])
    squared = model.new_int_var(0, 10**10, "")
    model.add_multiplication_equality(squared, [total, total])
    factor, pupils = cone.factor, cone.pupils.tolist()
    weights = [sum(pupils) * product // n * factor.denominator for n in pupils]
    model.add(
        sum(w * s for w, s in zip(weights, squares, strict=True))
        <= factor.numerator * product * squared
    )


@pytest.mark.parametrize("limit", ["0.50", "0.45", "0.40"])
def test_one_coefficient_costs_the_same(limit: str) -> None:
    """The worked example's schools with fewer pupils, so that products fit 64 bits."""
    problem = one_coefficient([27, 13, 93, 16, 40], [5, 4, 9, 8, 6], limit)
    bare = problem.have.copy()
    problem.need[:] = bare
    search = Search(problem).run()
    assert search.best is not None
    found = sum(int(problem.actions[at].price) * n for at, n in search.best.items())
    assert found == cheapest(problem, ("A7",))
