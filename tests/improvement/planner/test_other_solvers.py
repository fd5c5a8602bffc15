"""Small districts: no independent way finds a plan that is cheaper than ours."""

from fractions import Fraction

import pytest

from benchmarks.plan_contenders import by_hand, scip
from benchmarks.plans import CASES, PRICES, district
from improvement.planner.hand import everyone, school_by_school
from improvement.planner.measures import Terms, one_per_indicator
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.search import Search
from indicators.calculation.rules_2017 import STANDARD_2017_1

TERMS = Terms(one_per_indicator({code: Fraction(price) for code, price in PRICES.items()}))


def small(seed: int, size: int) -> Problem:
    """Primary, junior and nine-year schools that share their buildings."""
    return pose(district(seed, size, CASES[-1][1]), STANDARD_2017_1, TERMS)


@pytest.mark.parametrize("seed", range(6))
def test_scip_finds_nothing_cheaper(seed: int) -> None:
    """Its tolerance lets a plan break the exact rule by a little, and be that much cheaper."""
    problem = small(seed, 8)
    search, found = Search(problem).run(), scip(problem, 20.0, 1e-5)
    cost = float(search.cost)
    assert search.best is not None
    assert found.cost is not None
    assert cost <= found.cost * (1 + 1e-2)
    assert found.bound <= cost * (1 + 1e-5)
    assert search.certified <= min(cost, found.cost * (1 + 1e-5))
    assert search.bound <= found.cost * (1 + 1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_what_people_do_by_hand_is_never_cheaper(seed: int) -> None:
    problem = small(seed, 10)
    cost = float(Search(problem).run().cost)
    for plan in (by_hand(everyone, problem), by_hand(school_by_school, problem)):
        assert plan.cost is None or plan.cost >= cost
