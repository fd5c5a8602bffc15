"""Where units share nothing each decides by itself: what that says of a budget."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from benchmarks.plans import BOTH, CASES, PRICES, district
from improvement.planner.budget import Spending, coefficients_alone
from improvement.planner.buying import reached
from improvement.planner.choices import Choices
from improvement.planner.measures import Measure, Terms, one_per_indicator
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.search import Search
from indicators.calculation.rules_2017 import STANDARD_2017_1


def posed(seed: int, size: int, *more: Measure) -> Problem:
    """Schools of one stage; one measure for each indicator, and more."""
    prices = {code: Fraction(price) for code, price in PRICES.items()}
    terms = Terms((*one_per_indicator(prices), *more))
    return pose(district(seed, size, CASES[1][1]), STANDARD_2017_1, terms)


def spending(problem: Problem, part: Fraction) -> Spending:
    """For a part of the way from the coefficients alone to everything."""
    whole = Search(problem, 6.0).run()
    alone = Search(coefficients_alone(problem), 6.0).run()
    assert alone.best is not None
    return Spending(problem, alone.cost + (whole.cost - alone.cost) * part, alone.best)


@pytest.mark.parametrize("seed", [0, 3])
def test_a_budget_is_told_within_one_unit(seed: int) -> None:
    """A tenth of the way, where the program alone let 99 and 102 pass and said 103."""
    problem = posed(seed, 120)
    own = spending(problem, Fraction(1, 10))
    most = own.run()
    assert most.cost <= own.budget
    assert all(cone.holds(reached(problem, most.steps)) for cone in problem.cones)
    assert most.at_most - 1 <= most.passing.sum() <= most.at_most


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_prices_no_plan_lets_more_pass(seed: int) -> None:
    """Between any two means that the plan's own lies between."""
    problem, random = posed(seed, 30, BOTH), Random(seed)
    own = spending(problem, Fraction(1, 4))
    most = own.run()
    amounts = reached(problem, most.steps)
    answer = own.within.best(amounts.astype(np.float64))
    assert answer is not None
    choices = Choices(own.model, own.within.spreads, answer)
    asked = choices.asked()
    means = np.array([spread.mean_of(amounts) for spread in own.within.spreads])
    for _turn in range(50):
        low, high = (np.array([random.uniform(0, 0.02) for _mean in means]) for _end in range(2))
        choices.stay_between(means - low, means + high)
        prices = asked * np.array([random.lognormvariate(0, 0.5) for _price in asked])
        assert choices.decide(prices).most >= most.passing.sum()


def test_where_means_lie_otherwise_a_plan_may_be_missed() -> None:
    """The ranges are what the bound rests on: in wrong ones it says less than a plan does."""
    problem = posed(0, 30)
    own = spending(problem, Fraction(1, 4))
    most = own.run()
    amounts = reached(problem, most.steps)
    answer = own.within.best(amounts.astype(np.float64))
    assert answer is not None
    choices = Choices(own.model, own.within.spreads, answer)
    means = np.array([spread.mean_of(amounts) for spread in own.within.spreads])
    choices.stay_between(means * 0.5, means * 0.5)
    assert choices.best(choices.asked())[0].most < most.passing.sum()


def test_no_measure_costs_less_than_all_it_raises() -> None:
    """A teacher who counts twice costs 120,000: 100,000 in A1 leave 20,000 for A3 at most."""
    problem = posed(1, 30, BOTH)
    own = spending(problem, Fraction(1, 4))
    answer = own.within.best(reached(problem, own.start).astype(np.float64))
    assert answer is not None
    prices = Choices(own.model, own.within.spreads, answer).prices * 10_000
    for action in problem.actions:
        assert prices[list(action.stocks)].sum() <= float(action.price) * (1 + 1e-12)
    twice = [action for action in problem.actions if len(action.stocks) == 2]
    assert twice
    assert all(prices[list(each.stocks)].sum() > 119_999 for each in twice)
