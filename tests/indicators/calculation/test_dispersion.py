"""差异系数: edges of the limit, stages that cannot be judged, and what the arrays say then."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from indicators.calculation.columns import UnitColumns
from indicators.calculation.resources import judge_resources
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import FAILED, PASSED, UNDECIDED
from tests.indicators.calculation.arrays import make_columns


@pytest.mark.parametrize(
    ("stage", "low", "high", "verdict", "borderline"),
    [
        (0, 500_000, 1_500_000, PASSED, False),  # exactly 0.50
        (0, 499_999, 1_500_001, FAILED, True),  # 0.500001 prints as 0.50
        (0, 498_213, 1_501_787, FAILED, True),  # 0.501787
        (0, 495_001, 1_504_999, FAILED, True),  # 0.504999 prints as 0.50
        (0, 495_000, 1_505_000, FAILED, False),  # 0.505 prints as 0.51
        (0, 500_001, 1_499_999, PASSED, False),
        (1, 550_000, 1_450_000, PASSED, False),  # exactly 0.45
        (1, 549_999, 1_450_001, FAILED, True),
        (1, 545_000, 1_455_000, FAILED, False),
        (1, 500_000, 1_500_000, FAILED, False),
    ],
)
def test_two_equal_schools_around_the_limit(
    stage: int, low: int, high: int, verdict: int, borderline: bool
) -> None:
    found = judge_resources(make_columns([700, 700], [low, high], stage), STANDARD_2017).dispersion
    assert found.verdicts.tolist() == [[verdict]] * 7
    assert found.borderline.tolist() == [[borderline]] * 7


def test_a_limit_between_printed_digits_can_hide_a_pass() -> None:
    limits = STANDARD_2017.dispersion_limits | {"primary": Decimal("0.497")}
    rules = replace(STANDARD_2017, dispersion_limits=limits)
    found = judge_resources(make_columns([7, 7], [504, 1496]), rules).dispersion  # 0.496 → 0.50
    assert found.verdicts[0, 0] == PASSED
    assert found.borderline[0, 0]


@pytest.mark.parametrize(
    ("amounts", "verdict", "borderline"),
    [
        ([800, 1200], PASSED, False),  # 8 and 3 per pupil: mean 4, deviation 2, exactly 0.50
        ([800_000_001, 1_200_000_000], FAILED, True),
        ([799_999_999, 1_200_000_000], PASSED, False),
    ],
)
def test_unequal_and_split_schools_exactly_at_the_limit(
    amounts: list[int], verdict: int, borderline: bool
) -> None:
    columns = make_columns(
        [100, 400], amounts, weight=np.array([10, 11]), weighted_pupils=np.array([1000, 4400])
    )
    found = judge_resources(columns, STANDARD_2017).dispersion
    assert found.verdicts.tolist() == [[verdict]] * 7
    assert found.borderline.tolist() == [[borderline]] * 7


def test_equal_schools_do_not_differ() -> None:
    found = judge_resources(make_columns([3, 7, 11], [9, 21, 33]), STANDARD_2017).dispersion
    assert np.all(found.verdicts == PASSED)
    assert np.allclose(found.cv, 0)


def test_one_unit_has_coefficient_zero() -> None:
    found = judge_resources(make_columns([3], [7]), STANDARD_2017).dispersion
    assert found.cv.tolist() == [[0.0]] * 7
    assert np.all(found.verdicts == PASSED)


def test_a_school_with_nothing_stays_in() -> None:
    found = judge_resources(make_columns([10, 10], [0, 10]), STANDARD_2017).dispersion
    assert found.cv.tolist() == [[1.0]] * 7


def test_all_zero_cannot_be_said() -> None:
    found = judge_resources(make_columns([10, 10], [0, 0]), STANDARD_2017).dispersion
    assert np.all(found.verdicts == UNDECIDED)
    assert np.all(found.unweighted_verdicts == UNDECIDED)
    assert not found.borderline.any()
    assert np.all(np.isnan(found.cv))
    assert np.all(found.mean == 0)


def test_one_unknown_value_leaves_the_stage_open() -> None:
    known = np.ones((7, 2), np.bool_)
    known[3, 1] = False
    columns = make_columns([10, 10], [1, 1], known=known)
    found = judge_resources(columns, STANDARD_2017).dispersion
    assert found.verdicts[:, 0].tolist() == [PASSED] * 3 + [UNDECIDED] + [PASSED] * 3
    assert np.isnan(
        [found.mean[3, 0], found.sd[3, 0], found.cv[3, 0], found.unweighted_cv[3, 0]]
    ).all()
    assert not found.borderline[3, 0]


def test_unweighted_rules_count_every_school_alike() -> None:
    rules = replace(STANDARD_2017, weighting="none")
    columns = make_columns([45, 37, 89, 76, 55], [279, 137, 935, 160, 402])
    found = judge_resources(columns, rules).dispersion
    assert round(found.cv[5, 0], 6) == 0.488771
    assert np.array_equal(found.cv, found.unweighted_cv)
    assert found.mean[5, 0] == pytest.approx(5.964535, abs=5e-7)
    assert np.array_equal(found.verdicts, found.unweighted_verdicts)


def shuffled(columns: UnitColumns, order: list[int]) -> UnitColumns:
    singles = ("district", "stage", "pupils", "weight", "weighted_pupils")
    changes = {name: getattr(columns, name)[order] for name in singles}
    return UnitColumns(**changes, amounts=columns.amounts[:, order], known=columns.known[:, order])


def test_many_districts_in_any_order_give_the_same_groups() -> None:
    columns = make_columns(
        [10, 20, 30, 40, 50, 60],
        [1, 2, 3, 4, 5, 9],
        district=np.array([1, 1, 1, 4, 4, 4]),
        stage=np.array([0, 0, 1, 0, 1, 1]),
    )
    first = judge_resources(columns, STANDARD_2017)
    assert first.groups.order is None
    assert first.groups.district.tolist() == [1, 1, 4, 4]
    assert first.groups.stage.tolist() == [0, 1, 0, 1]
    assert first.groups.sizes.tolist() == [2, 1, 1, 2]
    order = [5, 0, 3, 2, 4, 1]
    second = judge_resources(shuffled(columns, order), STANDARD_2017)
    assert second.groups.order is not None
    assert np.allclose(first.dispersion.cv, second.dispersion.cv)
    assert np.array_equal(first.ratios.verdicts[:, order], second.ratios.verdicts)
    by_stage_only = judge_resources(shuffled(columns, [2, 0, 1, 3, 4, 5]), STANDARD_2017)
    assert by_stage_only.groups.sizes.tolist() == [2, 1, 1, 2]


def test_no_units_no_groups() -> None:
    found = judge_resources(make_columns([], []), STANDARD_2017)
    assert found.dispersion.cv.shape == (7, 0)
    assert found.unit_verdicts.shape == (0,)
    assert found.groups.sizes.shape == (0,)


def test_split_facilities_and_unsplit_teachers_in_their_own_unit() -> None:
    # Teachers: 8 and 3 per pupil. Facilities: 800·10/2000 = 4 and 1200·11/4400 = 3.
    columns = make_columns(
        [100, 400], [800, 1200], weight=np.array([10, 11]), weighted_pupils=np.array([2000, 4400])
    )
    found = judge_resources(columns, STANDARD_2017).dispersion
    assert found.mean[:, 0] == pytest.approx([400, 400, 400, 0.032, 0.032, 3.2, 320])
    assert found.sd[:, 0] == pytest.approx([200, 200, 200, 0.004, 0.004, 0.4, 40])
    assert found.cv[:, 0] == pytest.approx([0.5] * 3 + [0.125] * 4)


def test_a_tie_is_judged_by_its_own_group_alone() -> None:
    columns = make_columns(
        [7] * 6,
        [1, 9, 500_000, 1_500_000, 3, 3],
        district=np.array([1, 1, 2, 2, 3, 3]),
    )
    found = judge_resources(columns, STANDARD_2017).dispersion
    assert found.verdicts.tolist() == [[FAILED, PASSED, PASSED]] * 7
    assert not found.borderline.any()


def test_arrays_hold_small_codes_and_flags() -> None:
    judged = judge_resources(make_columns([3], [7]), STANDARD_2017)
    found = judged.dispersion
    codes = (found.verdicts, found.unweighted_verdicts, judged.ratios.verdicts)
    assert {column.dtype for column in (*codes, judged.unit_verdicts)} == {np.dtype(np.int8)}
    flags = (found.borderline, judged.ratios.borderline)
    assert {column.dtype for column in flags} == {np.dtype(np.bool_)}


@pytest.mark.parametrize("amount", [1, 7, 10**6 + 1, 10**9 + 7, 10**12 + 39, 10**15 + 37])
@pytest.mark.parametrize("pupils", [3, 49, 10**6 + 3, 10**9 + 9, (1 << 40) - 87])
def test_ties_are_seen_at_any_scale(amount: int, pupils: int) -> None:
    # k/n and 3k/n per pupil: mean 2k/n, deviation k/n, exactly 0.50.
    columns = make_columns([pupils, pupils], [amount, 3 * amount])
    found = judge_resources(columns, STANDARD_2017).dispersion
    assert np.all(found.verdicts == PASSED)
    assert not found.borderline.any()
