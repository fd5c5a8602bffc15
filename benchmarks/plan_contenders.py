"""Other ways to a plan: SCIP with cones, and what people do by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.problem import Cone, Problem


@dataclass(frozen=True)
class Found:
    """A plan's cost and the bound the method claims; None where it found no plan."""

    cost: float | None
    bound: float = 0.0
    accepted: bool = True


def by_hand(find: Callable[[Problem], Steps | None], problem: Problem) -> Found:
    """What people do without a planner."""
    steps = find(problem)
    return Found(None if steps is None else float(cost_of(problem, steps)))


def scip(problem: Problem, seconds: float, gap: float = 1e-3) -> Found:
    """SCIP 10 with native cones, people and rooms whole; its plan is checked in fractions."""
    from pyscipopt import Model, quicksum

    model = Model()
    model.hideOutput()
    model.setParam("timing/clocktype", 1)  # processor time
    model.setParam("limits/time", seconds)
    model.setParam("limits/gap", gap)
    steps = list(_steps(model, problem))
    growth: list[list[Any]] = [[] for _stock in problem.have]
    for (step, scale), action in zip(steps, problem.actions, strict=True):
        for stock in action.stocks:
            growth[stock].append(step * scale)
    amounts = [
        have + quicksum(own) for have, own in zip(problem.have.tolist(), growth, strict=True)
    ]
    _ask(model, problem, amounts, quicksum)
    for cone in problem.cones:
        _bound(model, problem, cone, amounts, quicksum)
    model.setObjective(
        quicksum(
            float(a.price) * s / 1e4 * step
            for (step, s), a in zip(steps, problem.actions, strict=True)
        )
    )
    model.optimize()
    bound = model.getDualbound() * 1e4
    if not model.getNSols():
        return Found(None, bound)
    taken = {at: round(model.getVal(step) * s) for at, (step, s) in enumerate(steps)}
    after = reached(problem, taken)
    accepted = all(cone.holds(after) for cone in problem.cones)
    return Found(model.getObjVal() * 1e4, bound, accepted)


def _steps(model: Any, problem: Problem) -> Iterator[tuple[Any, float]]:
    """A variable for every action, and how many of its steps one of the variable is."""
    for action in problem.actions:
        kind = "C" if action.measure.is_divisible else "I"
        scale = _scale(problem, action) if kind == "C" else 1.0
        most = None if action.most >= 1 << 50 else action.most / scale
        yield model.addVar(vtype=kind, lb=0, ub=most), scale


def _bound(model: Any, problem: Problem, cone: Cone, amounts: list[Any], quicksum: Any) -> None:
    """The coefficient within its limit, as a cone in values scaled around one."""
    size = float((problem.have[cone.stocks] * cone.shares).mean()) or 1.0
    pupils = cone.pupils / cone.pupils.sum()
    values = [model.addVar(vtype="C", lb=0) for _unit in cone.stocks]
    for value, stock, share in zip(values, cone.stocks.tolist(), cone.shares.tolist(), strict=True):
        model.addCons(value == amounts[stock] * (share / size))
    mean = model.addVar(vtype="C", lb=0)
    model.addCons(mean == quicksum(n * v for n, v in zip(pupils.tolist(), values, strict=True)))
    squares = quicksum(n * v * v for n, v in zip(pupils.tolist(), values, strict=True))
    model.addCons(squares <= float(cone.factor) * mean * mean)


def _scale(problem: Problem, action: Any) -> float:
    return float(max(1.0, np.median(problem.need[problem.stock_of == action.stocks[0]]) / 100))


def _ask(model: Any, problem: Problem, amounts: list[Any], quicksum: Any) -> None:
    for unit in range(len(problem.units)):
        spared = []
        for row in range(7):
            stock = int(problem.stock_of[row, unit])
            need, floor = int(problem.need[row, unit]), int(problem.floor[row, unit])
            if need <= problem.have[stock]:
                continue
            spare = model.addVar(vtype="B")
            least = max(floor, int(problem.have[stock]))
            model.addCons(amounts[stock] / need + (need - least) / need * spare >= 1)
            spared.append(spare)
        if spared:
            model.addCons(quicksum(spared) <= problem.spare)


def exact_cost(problem: Problem, found: Found) -> Fraction | None:
    """Of a plan as decimals."""
    return None if found.cost is None else Fraction(round(found.cost))
