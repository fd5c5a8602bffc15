"""Thresholds, floors, 临界 and shortfalls of single units, calculated by hand."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from indicators.calculation.resources import PIECE, judge_resources, judge_units
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import BELOW, FLOOR, MET, UNKNOWN
from tests.indicators.calculation.arrays import make_columns

RANGE = "pupils, weights, stages or amounts out of range"
SHAPE = r"amounts and known must have shape \(7, 1\)"


def judge(row: int, stage: int, pupils: int, amount: int) -> tuple[Any, ...]:
    amounts = [[0]] * 7
    amounts[row] = [amount]
    found = judge_resources(make_columns([pupils], amounts, stage), STANDARD_2017).ratios
    return tuple(
        column[row, 0].item()
        for column in (found.verdicts, found.borderline, found.shortfall, found.shortfall_to_floor)
    )


@pytest.mark.parametrize(
    ("row", "stage", "pupils", "amount", "expected"),
    [
        (0, 0, 166, 7, (MET, False, 0, 0)),  # 4.216867
        (0, 0, 500, 21, (MET, False, 0, 0)),  # exactly 4.2
        (0, 0, 500, 20, (FLOOR, False, 1, 0)),
        (0, 0, 500, 17, (BELOW, False, 4, 1)),  # floor 17.85
        (0, 0, 2501, 105, (FLOOR, True, 1, 0)),  # 4.198321 prints as 4.20
        (0, 1, 1000, 53, (MET, False, 0, 0)),
        (1, 0, 1000, 10, (MET, False, 0, 0)),
        (1, 1, 1001, 10, (FLOOR, True, 1, 0)),  # 0.999 prints as 1.00
        (2, 0, 1000, 9, (MET, False, 0, 0)),
        (2, 0, 1001, 9, (FLOOR, True, 1, 0)),  # 0.899101 prints as 0.90
        (2, 0, 20_000, 153, (FLOOR, False, 27, 0)),  # exactly 0.765
        (2, 0, 20_001, 153, (BELOW, False, 28, 1)),  # prints as 0.76, below either way
        (3, 0, 100, 45_000, (MET, False, 0, 0)),  # 450 ㎡
        (3, 0, 100, 44_999, (FLOOR, True, 1, 0)),  # one hundredth of a ㎡ short
        (3, 0, 100, 44_949, (FLOOR, False, 51, 0)),  # 4.4949 prints as 4.49
        (3, 0, 100, 44_950, (FLOOR, True, 50, 0)),  # 4.4950 prints as 4.50
        (4, 1, 100, 102_000, (MET, False, 0, 0)),
        (4, 1, 100, 86_699, (BELOW, True, 15_301, 1)),  # 8.6699 prints as 8.67, the floor
        (5, 0, 300, 600_000, (MET, False, 0, 0)),  # 60 万元 for 300 pupils
        (5, 0, 300, 599_999, (FLOOR, True, 1, 0)),
        (6, 0, 1000, 23, (MET, False, 0, 0)),
        (6, 1, 100, 0, (BELOW, False, 3, 3)),  # floor 2.04: three rooms
    ],
)
def test_by_hand(row: int, stage: int, pupils: int, amount: int, expected: tuple[Any, ...]) -> None:
    assert judge(row, stage, pupils, amount) == expected


def test_unknown_values_say_nothing() -> None:
    columns = make_columns([100], [0], known=np.zeros((7, 1), np.bool_))
    found = judge_resources(columns, STANDARD_2017).ratios
    assert np.all(found.verdicts == UNKNOWN)
    assert np.all(found.shortfall == -1)
    assert np.all(found.shortfall_to_floor == -1)
    assert not found.borderline.any()


def test_the_shortfall_of_a_split_school_is_the_whole_school_s() -> None:
    # 166 + 210 pupils: 10·166 + 11·210 = 3970; 初中 needs 5.8·3970/11 = 2093.2727… ㎡ in all.
    columns = make_columns(
        [166, 210],
        [200_000, 200_000],
        stage=np.array([0, 1]),
        weight=np.array([10, 11]),
        weighted_pupils=np.array([3970, 3970]),
    )
    found = judge_resources(columns, STANDARD_2017).ratios
    assert found.shortfall[3].tolist() == [0, 9_328]
    assert found.verdicts[3].tolist() == [MET, FLOOR]


def test_products_beyond_int64_are_still_exact() -> None:
    # 2^40 pupils and a threshold with many digits: the products need about 80 bits.
    pupils = 1 << 40
    thresholds = {code: dict(row) for code, row in STANDARD_2017.thresholds.items()}
    odd = STANDARD_2017.thresholds["A6"]["primary"].from_float(0.1) + 2000
    thresholds["A6"]["primary"] = odd
    rules = replace(STANDARD_2017, thresholds=thresholds)
    needed = -(-rules.threshold("A6", "primary") * pupils // 1)
    amounts = [[0, 0]] * 5 + [[int(needed), int(needed) - 1]] + [[0, 0]]
    found = judge_resources(make_columns([pupils, pupils], amounts), rules).ratios
    assert found.verdicts[5].tolist() == [MET, FLOOR]
    assert found.shortfall[5].tolist() == [0, 1]


def test_weights_beyond_int64_are_still_exact() -> None:
    weight = (1 << 40) - 1
    thresholds = {code: dict(row) for code, row in STANDARD_2017.thresholds.items()}
    thresholds["A7"]["primary"] = STANDARD_2017.thresholds["A7"]["primary"].from_float(2**-30)
    rules = replace(STANDARD_2017, thresholds=thresholds)
    columns = make_columns([1], [1], weight=np.array([weight]), weighted_pupils=np.array([weight]))
    assert judge_resources(columns, rules).ratios.verdicts[6, 0] == MET


def with_threshold(code: str, value: Decimal) -> Rules:
    row = STANDARD_2017.thresholds[code] | {"primary": value}
    return replace(STANDARD_2017, thresholds=STANDARD_2017.thresholds | {code: row})


@pytest.mark.parametrize(
    ("threshold", "needed"),
    [
        (1 << 23, 3_074_457_345_618_258_603),  # 2^63 / 3 = …602.67
        ((1 << 23) + 1, 3_074_457_712_122_134_528),  # (2^63 + 2^40) / 3, exactly
    ],
)
def test_only_pupils_times_threshold_leave_int64(threshold: int, needed: int) -> None:
    # So many yuan for each of 2^40 weighted pupils, of which the unit owns threefold.
    columns = make_columns(
        [9, 9],
        [[0, 0]] * 5 + [[needed, needed - 1]] + [[0, 0]],
        weight=np.array([3, 3]),
        weighted_pupils=np.array([1 << 40, 1 << 40]),
    )
    found = judge_resources(columns, with_threshold("A6", Decimal(threshold))).ratios
    assert found.verdicts[5].tolist() == [MET, FLOOR]
    assert found.shortfall[5].tolist() == [0, 1]


def test_only_weight_times_denominator_leave_int64() -> None:
    # 2^-23 yuan for one weighted pupil of weight 2^40: 2^-63, so one yuan is needed.
    columns = make_columns(
        [9, 9], [0, 1], weight=np.array([1 << 40] * 2), weighted_pupils=np.array([1, 1])
    )
    rules = with_threshold("A6", Decimal.from_float(2**-23))
    found = judge_resources(columns, rules).ratios
    assert found.verdicts[5].tolist() == [BELOW, MET]
    assert found.shortfall[5].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([MET] * 7, 1),
        ([MET] * 6 + [FLOOR], 1),
        ([MET] * 6 + [BELOW], 0),
        ([MET] * 5 + [FLOOR, FLOOR], 0),
        ([MET] * 6 + [UNKNOWN], 2),
        ([MET] * 5 + [FLOOR, UNKNOWN], 2),
        ([MET] * 4 + [FLOOR, FLOOR, UNKNOWN], 0),
        ([BELOW] + [UNKNOWN] * 6, 0),
        ([UNKNOWN] * 7, 2),
    ],
)
def test_school_rule(verdicts: list[int], expected: int) -> None:
    assert judge_units(np.array(verdicts, np.int8)[:, None], 6).tolist() == [expected]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pupils": np.array([0])}, RANGE),
        ({"pupils": np.array([(1 << 40) + 1])}, RANGE),
        ({"weight": np.array([0])}, RANGE),
        ({"stage": np.array([2])}, RANGE),
        ({"stage": np.array([-1])}, RANGE),
        ({"amounts": np.full((7, 1), -1)}, RANGE),
        ({"amounts": np.zeros((6, 1), np.int64)}, SHAPE),
        ({"known": np.ones((7, 2), np.bool_)}, SHAPE),
        ({"district": np.zeros(2, np.int64)}, "columns differ in length"),
    ],
)
def test_impossible_columns_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        judge_resources(replace(make_columns([1], [1]), **changes), STANDARD_2017)


def test_amounts_beyond_int64_products_are_still_exact() -> None:
    found = judge_resources(make_columns([7, 7], [1 << 61, 0]), STANDARD_2017).ratios
    assert found.verdicts[:, 0].tolist() == [MET] * 7
    assert found.verdicts[:, 1].tolist() == [BELOW] * 7


def test_more_units_than_are_looked_at_together() -> None:
    count = 2 * PIECE + 1
    found = judge_resources(make_columns([1000] * count, [8] * count), STANDARD_2017).ratios
    assert found.verdicts[2].tolist() == [FLOOR] * count
    assert found.shortfall[2].tolist() == [1] * count
