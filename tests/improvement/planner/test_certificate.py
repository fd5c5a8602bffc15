"""The bound from prices holds to the last bit, whatever the prices are worth."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from improvement.planner.certificate import Rows, weak_bound
from improvement.planner.passing import Passing
from improvement.planner.problem import Problem
from improvement.planner.spread import Spread
from tests.improvement.planner.builders import one_coefficient

LOOSE = Fraction(1, 10**12)


def exactly(rows: Rows, prices: list[float], cost: list[float], most: list[float]) -> Fraction:
    """The same bound in fractions."""
    reduced, total = list(map(Fraction, cost)), Fraction()
    for number, price in enumerate(prices):
        own = np.flatnonzero(rows.row == number).tolist()
        terms = [(int(rows.column[at]), Fraction(float(rows.value[at]))) for at in own]
        side = Fraction(float((rows.lower if price > 0 else rows.upper)[number]))
        size = abs(side) + sum(abs(value) * Fraction(most[column]) for column, value in terms)
        total += Fraction(price) * side - abs(Fraction(price)) * LOOSE * size
        for column, value in terms:
            reduced[column] -= Fraction(price) * value
    return total + sum(
        min(value, Fraction()) * Fraction(limit) for value, limit in zip(reduced, most, strict=True)
    )


@pytest.mark.parametrize("seed", range(40))
def test_no_rounding_lifts_the_bound_above_its_exact_value(seed: int) -> None:
    """Numbers of all sizes that cancel each other: prices that leave nothing of a cost."""
    random, height, width = Random(seed), 12, 6
    value = np.array([random.uniform(-1, 1) * 10 ** random.randint(-6, 6) for _ in range(72)])
    sides = np.array([random.uniform(-1, 1) * 10 ** random.randint(-3, 3) for _ in range(height)])
    rows = Rows(
        *(sides, sides + 1, np.repeat(np.arange(height), width)),
        *(np.tile(np.arange(width), height), value),
    )
    prices = np.array([random.uniform(-1, 1) * 10 ** random.randint(-4, 4) for _ in range(height)])
    cost = np.bincount(rows.column, prices[rows.row] * value)
    most = np.array([random.uniform(0, 1e6) for _ in range(width)])
    found = weak_bound(rows, prices, cost, most)
    exact = exactly(rows, prices.tolist(), cost.tolist(), most.tolist())
    assert Fraction(found) <= exact
    size = float(np.abs(prices[rows.row] * value).max() * most.max())
    assert float(exact) - found < 1e-9 * size


def test_rows_without_an_end_and_columns_without_a_limit() -> None:
    """One row, x ≥ 3 at 2 each: 6; a price on its open side says nothing, nor does a row about a
    column without a limit, and what such a column may gain has no end."""
    rows = Rows(
        *(np.array([3.0]), np.array([np.inf]), np.array([0]), np.array([0]), np.array([1.0]))
    )
    cost, endless = np.array([2.0]), np.array([np.inf])
    assert weak_bound(rows, np.array([2.0]), cost, np.array([10.0])) == pytest.approx(6)
    assert weak_bound(rows, np.array([-2.0]), cost, np.array([10.0])) == 0
    assert weak_bound(rows, np.array([2.0]), cost, endless) == 0
    assert weak_bound(rows, np.array([0.0]), -cost, endless) == -np.inf


def spread_of(problem: Problem, budget: int) -> tuple[Passing, Spread]:
    model = Passing(problem, Fraction(budget))
    return model, Spread(model, problem.cones[0], problem.have + np.array([0, 0, 0, 17, 0]))


def test_a_range_that_holds_no_plan_is_proven_empty() -> None:
    """The worked example: seventeen rooms are enough, ten surely are not."""
    problem = one_coefficient([279, 137, 935, 160, 402], [45, 37, 89, 76, 55], "0.50")
    for budget, is_left in ((17, True), (10, False)):
        model, spread = spread_of(problem, budget)
        model.tangent(spread.cone, (problem.have + np.array([0, 0, 0, 17, 0])).astype(float))
        assert spread.narrow(Fraction(budget)) is is_left
