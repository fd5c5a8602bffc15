"""One coefficient, levelled: the worked example by hand, and what caps forbid."""

import numpy as np
import pytest

from improvement.planner.levelling import level
from improvement.planner.obstacles import obstacle
from tests.improvement.planner.builders import one_coefficient

ROOMS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]


def test_the_worked_example_takes_seventeen_all_at_the_fourth() -> None:
    problem = one_coefficient(ROOMS, PUPILS, "0.50")
    found = level(problem, problem.have)
    assert found is not None
    assert (found - problem.have).tolist() == [0, 0, 0, 17, 0]


def test_sixteen_are_not_enough() -> None:
    """CV² by hand: Σ n x² = 18 012.83…, mean 6.387…; the coefficient is 0.500324."""
    problem = one_coefficient(ROOMS, PUPILS, "0.50")
    (cone,) = problem.cones
    sixteen = problem.have + np.array([0, 0, 0, 16, 0])
    assert not cone.holds(sixteen)
    assert cone.coefficient(sixteen) == pytest.approx(0.500324, abs=5e-7)
    assert cone.holds(sixteen + np.array([0, 0, 0, 1, 0]))


def test_the_second_alone_needs_twenty_four() -> None:
    problem = one_coefficient(ROOMS, PUPILS, "0.50", [0, 1000, 0, 0, 0])
    found = level(problem, problem.have)
    assert found is not None
    assert (found - problem.have).tolist() == [0, 24, 0, 0, 0]


@pytest.mark.parametrize("alone", [0, 2, 4])
def test_the_first_third_or_fifth_alone_can_never_do_it(alone: int) -> None:
    caps = [1000 if at == alone else 0 for at in range(5)]
    problem = one_coefficient(ROOMS, PUPILS, "0.50", caps)
    assert level(problem, problem.have) is None
    found = obstacle(problem)
    assert found is not None
    assert (found.code, found.stage) == ("A7", "primary")
    assert found.lowest is not None
    assert found.lowest > 0.5
    assert 3 in found.units  # the lowest of all, held down by its cap


def test_the_first_and_fifth_together_can() -> None:
    """By trying every pair: 111 and 74 more leave 0.49641, the lowest these two can reach."""
    problem = one_coefficient(ROOMS, PUPILS, "0.50", [1000, 0, 1000, 0, 1000])
    found = level(problem, problem.have)
    assert found is not None
    assert problem.cones[0].holds(found)
    assert obstacle(problem) is None


@pytest.mark.parametrize(("limit", "can"), [("0.1000000001", True), ("0.0999999999", False)])
def test_infeasibility_is_exact_at_the_limit(limit: str, can: bool) -> None:
    """Two units of 1 pupil with 9 and 11 rooms and no additions: CV = 1/10."""
    problem = one_coefficient([9, 11], [1, 1], limit, [0, 0])
    assert (obstacle(problem) is None) is can
    assert (level(problem, problem.have) is not None) is can


def test_one_unit_never_differs_from_itself() -> None:
    problem = one_coefficient([3], [7], "0.50")
    found = level(problem, problem.have)
    assert found is not None
    assert found.tolist() == [3]
