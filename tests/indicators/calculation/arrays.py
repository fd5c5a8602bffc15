"""Columns made by hand: a stage of whole schools with the same amount in every indicator."""

from typing import Any

import numpy as np

from indicators.calculation.columns import UnitColumns


def make_columns(
    pupils: list[int], amounts: list[list[int]] | list[int], stage: int = 0, **changes: Any
) -> UnitColumns:
    """Unsplit units of district 0; ``amounts`` one list for all seven indicators or one each."""
    n = len(pupils)
    rows = amounts if amounts and isinstance(amounts[0], list) else [amounts] * 7
    columns = {
        "district": np.zeros(n, np.int64),
        "stage": np.full(n, stage, np.int64),
        "pupils": np.array(pupils, np.int64),
        "weight": np.ones(n, np.int64),
        "weighted_pupils": np.array(pupils, np.int64),
        "amounts": np.array(rows, np.int64).reshape(7, n),
        "known": np.ones((7, n), np.bool_),
    }
    return UnitColumns(**(columns | changes))
