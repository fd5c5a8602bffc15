"""A plan over two or three years: pupils change, every year has its own budget.

What is bought in the end is the cheapest plan for the last year's pupils: no division into years
makes it cheaper. What is left to decide is what comes first: after every year as many units as
possible pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import Any

from improvement.planner.accepting import Tell, accepted, searched
from improvement.planner.asking import Asked, Gain
from improvement.planner.budget import Spending
from improvement.planner.measures import Measure, Terms
from improvement.planner.obstacles import obstacle
from improvement.planner.posing import pose
from improvement.planner.problem import Action, Problem
from improvement.planner.reasons import why_none
from improvement.planner.terms import written
from improvement.planner.told import (
    FEASIBLE,
    INFEASIBLE,
    PROVEN,
    Plan,
    Proof,
    additions_of,
    gains_of,
)

YEARS = "years"
Place = tuple[str, str, Measure]
"""School, stage and measure."""


@dataclass
class Purchases:
    """Steps still to be bought and steps bought, by place."""

    left: dict[Place, int]
    bought: dict[Place, int] = field(default_factory=dict)

    def take(self, place: Place, count: int) -> Fraction:
        """What it costs."""
        self.left[place] -= count
        self.bought[place] = self.bought.get(place, 0) + count
        return count * place[2].price_of_step

    def fill(self, money: Fraction | None) -> None:
        """The dearest first, so that no later year is left with what it cannot pay."""
        for place in sorted(self.left, key=lambda place: -place[2].price_of_step):
            count, price = self.left[place], place[2].price_of_step
            if money is not None:
                count = min(count, floor(money / price))
                money -= count * price
            self.take(place, count)


def over_years(asked: Asked, seconds: float, tell: Tell) -> Plan:
    """Tells ``years``: of each its budget, cost, additions, figures, outcome and units that pass.

    Money does not pass from year to year. Infeasible says what the last year needs in all.
    """
    last = asked.in_year(asked.terms.years[-1])
    problem = last.problem
    search = searched(problem, seconds, tell)
    if search.best is None:
        return Plan(YEARS, INFEASIBLE, why_none(problem, obstacle(problem)), asked.before)
    whole = accepted(last, YEARS, search.best, PROVEN if search.is_proven else FEASIBLE)
    locked = float(problem.price_of_locked)
    proof = Proof(search.certified + locked, search.bound + locked)
    purchases = Purchases({gain[:3]: gain[3] for gain in gains_of(problem, search.best)})
    told = list(_year_by_year(asked, purchases))
    if any(purchases.left.values()):
        costs = {"cost": written(whole.cost), "bound": str(int(proof.solver))}
        return Plan(YEARS, INFEASIBLE, {"code": "budgets", **costs}, asked.before)
    return replace(whole, before=asked.before, proof=proof, more={"years": told})


def _year_by_year(asked: Asked, purchases: Purchases) -> Iterator[dict[str, Any]]:
    for number, year in enumerate(asked.terms.years, 1):
        now, before = asked.in_year(year), dict(purchases.bought)
        at_most = _spend(now, year.budget, purchases)
        rows = now.rows_after(_gains(purchases.bought))
        outcome = now.judged(rows)
        since = {place: n - before.get(place, 0) for place, n in purchases.bought.items()}
        additions = additions_of(_gains(since))
        cost = sum((Fraction(each["cost"]) for each in additions), Fraction())
        counts = outcome.part_a.units
        yield {
            "year": number,
            "budget": None if year.budget is None else written(year.budget),
            "cost": written(cost),
            "units": {"met": counts["met"], "of": sum(counts.values()), "at_most": at_most},
            "additions": list(additions),
            "schools_after": rows,
            "outcome": outcome.as_dict(),
        }


def _gains(counts: dict[Place, int]) -> Iterator[Gain]:
    return ((*place, count) for place, count in counts.items() if count)


def _spend(now: Asked, budget: Fraction | None, purchases: Purchases) -> int:
    """Buy what lets most units pass in this year, then what else there is money for."""
    problem = _what_is_left(now, purchases)
    if budget is None:
        purchases.fill(None)
        return int(problem.passing(problem.most).sum())
    most = Spending(problem, budget, {}).run()
    for at, count in most.steps.items():
        budget -= purchases.take(_place(problem, problem.actions[at]), count)
    purchases.fill(budget)
    return most.at_most


def _what_is_left(now: Asked, purchases: Purchases) -> Problem:
    """This year's units with what was bought; only what is left can be bought, no spread asked."""
    problem = pose(now.schools, now.rules, Terms(now.terms.measures))
    have, actions = problem.have.copy(), []
    for action in problem.actions:
        place = _place(problem, action)
        have[list(action.stocks)] += purchases.bought.get(place, 0)
        if left := purchases.left.get(place, 0):
            actions.append(replace(action, most=left))
    most = have.copy()
    for action in actions:
        most[list(action.stocks)] += action.most
    return replace(problem, have=have, most=most, actions=tuple(actions), cones=())


def _place(problem: Problem, action: Action) -> Place:
    return problem.schools[action.school]["school_code"], action.stage, action.measure
