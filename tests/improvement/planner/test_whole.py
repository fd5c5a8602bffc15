"""Whole numbers are asked for no longer than anybody wants them."""

from random import Random
from time import process_time

import numpy as np
import pytest

from improvement.planner.program import Program
from improvement.planner.whole import solve_whole


def market() -> Program:
    """Which of 40 shops go to whom, so that five goods are halved: nobody finds out soon."""
    random, size = Random(1), 40
    program = Program()
    program.add_columns(np.ones(size), np.ones(size))
    for _good in range(5):
        amounts = [float(random.randint(1, 99)) for _shop in range(size)]
        half = float(sum(amounts) // 2)
        program.add_row(half, half, enumerate(amounts))
    program.flush()
    return program


@pytest.mark.parametrize(("seconds", "goes_on"), [(60.0, False), (0.5, True)])
def test_a_stop_and_the_end_of_the_time_are_heard(seconds: float, goes_on: bool) -> None:
    asked: list[bool] = []

    def hear() -> bool:
        asked.append(goes_on)
        return goes_on

    began, model = process_time(), market().solver.getLp()
    columns, bound = solve_whole(model, range(40), 0.0, seconds, hear)
    assert process_time() - began < 10
    assert asked
    assert columns is None
    assert bound < 40
