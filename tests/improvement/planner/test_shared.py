"""Districts of 120 schools whose stages share buildings: what is left open, and what a sum buys."""

from fractions import Fraction

import pytest

from benchmarks.plans import BOTH, CASES, PRICES, district
from improvement.planner.budget import Spending, coefficients_alone
from improvement.planner.measures import Terms, one_per_indicator
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.search import Search
from indicators.calculation.rules_2017 import STANDARD_2017_1


def posed(seed: int) -> Problem:
    _name, kinds, size = CASES[3]
    prices = {code: Fraction(price) for code, price in PRICES.items()}
    terms = Terms((*one_per_indicator(prices), BOTH))
    return pose(district(seed, size, kinds), STANDARD_2017_1, terms)


@pytest.mark.parametrize("seed", [2, 3])
def test_little_is_left_between_plan_and_bound(seed: int) -> None:
    """In the second the first plan is bad, and ranges drawn from it say nothing."""
    found = Search(posed(seed), 6.0).run()
    assert found.best is not None
    assert found.certified >= 0.995 * float(found.cost)


def test_a_tenth_of_the_way_lets_most_units_pass() -> None:
    """Of 140 units 33 pass by themselves; levelling each coefficient alone pays for no more."""
    problem = posed(2)
    whole = Search(problem, 6.0).run()
    alone = Search(coefficients_alone(problem), 6.0).run()
    assert alone.best is not None
    budget = alone.cost + (whole.cost - alone.cost) / 10
    most = Spending(problem, budget, alone.best).run()
    assert most.cost <= budget
    assert most.passing.sum() >= most.at_most - 7
