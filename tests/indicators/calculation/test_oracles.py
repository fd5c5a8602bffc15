"""Published worked examples, carried in as facts."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from figures.table import JUNIOR, PRIMARY
from indicators.calculation.part_a import ONE, work_out, write_scaled
from indicators.calculation.resources import judge_resources
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import CODES, FAILED, PASSED
from indicators.calculation.units import list_units
from tests.indicators.calculation.arrays import make_columns
from tests.indicators.calculation.builders import split

# o01: five primary schools, pupils and books (https://m.777doc.com/doc-2019910.html).
PUPILS = [45, 37, 89, 76, 55]
BOOKS = [279, 137, 935, 160, 402]
CONTRIBUTIONS = ["0.003", "0.85", "5.13", "4.50", "0.17"]


def test_o01_five_schools_weighted_by_pupils() -> None:
    found = judge_resources(make_columns(PUPILS, BOOKS), STANDARD_2017).dispersion
    row = CODES.index("A6")
    assert found.mean[row, 0] == pytest.approx(6.334437, abs=5e-7)
    assert found.sd[row, 0] == pytest.approx(3.263861, abs=5e-7)
    assert round(found.cv[row, 0], 6) == 0.515257
    assert round(found.unweighted_cv[row, 0], 6) == 0.488771
    assert found.verdicts[row, 0] == FAILED
    assert found.unweighted_verdicts[row, 0] == PASSED


def test_o01_contributions_are_the_published_ones() -> None:
    schools = [
        {"school_type": "小学", "school_code": str(i), "pupils_primary": n, "equipment_value": b}
        for i, (n, b) in enumerate(zip(PUPILS, BOOKS, strict=True))
    ]
    working = work_out(list_units(schools, STANDARD_2017), CODES.index("A6"), STANDARD_2017)
    variance = Fraction(working.sd, ONE) ** 2
    for share, published in zip(working.shares, CONTRIBUTIONS, strict=True):
        places = Decimal(published).as_tuple().exponent
        assert isinstance(places, int)
        assert share is not None
        assert round(float(variance * share / ONE), -places) == float(published)
    assert write_scaled(working.cv) == "0.515257"
    assert write_scaled(working.unweighted_cv) == "0.488771"
    assert round(working.sd / ONE, 2) == 3.26


def test_scaled_numbers_print_half_up_though_truncated() -> None:
    half = ONE // 2_000_000
    assert [write_scaled(half + away) for away in (0, -3, -(ONE // 10**20), -half)] == [
        *("0.000001", "0.000001", "0.000000", "0.000000")
    ]


def test_o02_nine_year_school_splits_and_adds_up_exactly() -> None:
    weights = STANDARD_2017.whole_weights("九年一贯制")
    parts = split(23226, {PRIMARY: 166, JUNIOR: 210}, weights)
    assert float(parts[PRIMARY]) == pytest.approx(9711.627204, abs=5e-7)
    assert float(parts[JUNIOR]) == pytest.approx(13514.372796, abs=5e-7)
    assert sum(parts.values()) == 23226


FLOORS = {
    PRIMARY: ["3.57", "0.85", "0.765", "3.825", "6.375", "1700", "1.955"],
    JUNIOR: ["4.505", "0.85", "0.765", "4.93", "8.67", "2125", "2.04"],
}


@pytest.mark.parametrize("stage", [PRIMARY, JUNIOR])
def test_o08_floors_are_85_percent_unrounded(stage: str) -> None:
    assert [
        STANDARD_2017.threshold(code, stage) * Fraction(STANDARD_2017.floor_ratio) for code in CODES
    ] == [Fraction(floor) for floor in FLOORS[stage]]


def test_o08_a_unit_exactly_on_every_floor_is_not_below() -> None:
    for stage, name in enumerate((PRIMARY, JUNIOR)):
        scales = [100, 1, 1, 100, 100, 1, 1]
        per = [Fraction(floor) for floor in FLOORS[name]]
        amounts = [
            [
                int(
                    f
                    * 20_000
                    * (s if code in ("A4", "A5") else 1)
                    / (1 if code in "A4A5A6" else 100)
                )
            ]
            for code, f, s in zip(CODES, per, scales, strict=True)
        ]
        ratios = judge_resources(make_columns([20_000], amounts, stage), STANDARD_2017).ratios
        assert np.all(ratios.verdicts == 1)
        assert np.all(ratios.shortfall_to_floor == 0)
