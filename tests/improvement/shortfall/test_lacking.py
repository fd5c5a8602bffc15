"""What schools lack, worked out by hand: shared buildings once, one of seven left, B beside A."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from improvement.shortfall.lacking import Miss, Need, Shortfalls, find_shortfalls
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_payload, make_school

D = Decimal
# 500 pupils ask 21 teachers, 2,250 ㎡, 11.5 rooms; the floors are 17.85, 1,912.5 and 9.775.
SHORT = {
    "qualified_teachers_primary": 15,
    "teaching_area": "3900",
    "indoor_sports_area": "2000",
    "multimedia_classrooms": 10,
}


def lacking(*schools: Any, prices: Mapping[str, Decimal] | None = None) -> Shortfalls:
    return find_shortfalls(evaluate(make_payload(*schools)), STANDARD_2017, prices)


def test_a_district_that_passes_lacks_nothing() -> None:
    found = lacking()
    assert found.schools == ()
    assert found.indicators("full") == found.measures("least") == found.beyond == {}


def test_a_school_to_threshold_to_floor_and_at_least() -> None:
    """The area is left: 337.5 of 2,250 ㎡ saved is more than 3 of 21 teachers or 2 of 12 rooms."""
    (school,) = lacking(make_school(1, **SHORT)).schools
    assert school.left == {"primary": ("A4",)}
    stage = ("primary",)
    assert school.needs == (
        Need("A1", "qualified_teachers_primary", stage, D(6), D(3), D(6), False),
        Need("A4", "teaching_area", stage, D(350), D("12.50"), D("12.50"), False),
        Need("A7", "multimedia_classrooms", stage, D(2), D(0), D(2), False),
    )


def test_prices_decide_what_is_left() -> None:
    """337.5 ㎡ at 3,000 are 1,012,500; three teachers are dearer from 337,500 each."""
    prices = {"build_rooms": D(3000), "multimedia": D(40_000)}
    cheap, dear = ({**prices, "hire": D(price)} for price in (337_000, 338_000))
    school = make_school(1, **SHORT)
    assert lacking(school, prices=cheap).schools[0].left == {"primary": ("A4",)}
    (found,) = lacking(school, prices=dear).schools
    assert found.left == {"primary": ("A1",)}
    assert [need.least for need in found.needs] == [3, 350, 2]


def test_without_a_price_for_all_none_decides() -> None:
    (found,) = lacking(make_school(1, **SHORT), prices={"hire": D(1_000_000)}).schools
    assert found.left == {"primary": ("A4",)}


def test_six_of_seven_above_the_floor_lack_nothing_at_least() -> None:
    found = lacking(make_school(1, multimedia_classrooms=10))
    assert found.indicators("full") == {"A7": 2}
    assert found.indicators("least") == found.measures("least") == {}


def test_a_ground_that_stages_share_is_lacking_once() -> None:
    """500 and 500 pupils weigh 500 : 550. The junior stage asks 5,100 ㎡ of its 550/1,050, which is
    9,736.37; the primary one 3,750 of its 500/1,050, which is 7,875; 7,000 are there.
    """
    school = make_school(1, "九年一贯制", sports_ground_area="5000", indoor_sports_area="2000")
    (found,) = lacking(school).schools
    stages = ("primary", "junior")
    full, floor = D("2736.37"), D("1275.91")  # 4,335 × 1,050 ÷ 550 = 8,275.909
    assert found.needs == (Need("A5", "sports_ground_area", stages, full, floor, floor, True),)
    assert found.left == {"primary": ("A5",), "junior": ("A5",)}


def test_teachers_belong_to_their_stage() -> None:
    school = make_school(
        1, "九年一贯制", qualified_teachers_primary=20, qualified_teachers_junior=20
    )
    found = lacking(school)
    assert [(n.field, n.full, n.is_shared) for n in found.schools[0].needs] == [
        ("qualified_teachers_junior", 7, False),  # 26.5 asked
        ("qualified_teachers_primary", 1, False),  # 21 asked
    ]
    assert found.indicators("full") == {"A1": 8}


def test_who_counts_twice_is_hired_once() -> None:
    """Three with the degree and two of sports or arts: two of them are both."""
    school = make_school(1, qualified_teachers_primary=18, pe_arts_teachers_primary=3)
    found = lacking(school)  # 21 and 4.5 asked
    assert found.indicators("full") == {"A1": 3, "A3": 2}
    assert found.measures("full") == {"hire": 1, "hire_pe_arts": 2}


def test_sums_are_of_all_schools() -> None:
    """Nine rooms where 11.5 are asked and 9.775 are the floor."""
    found = lacking(*(make_school(n, multimedia_classrooms=9) for n in (1, 2)))
    assert found.indicators("full") == {"A7": 6}
    assert found.indicators("floor") == {"A7": 2}
    assert found.measures("least") == {"multimedia": 2}


@pytest.mark.parametrize(
    ("changes", "miss"),
    [
        ({"classes_primary": 37}, Miss("B3", "music_rooms", D(1), D(3), D(4))),
        ({"largest_class_primary": 52}, Miss("B5", "largest_class_primary", D(7), D(52), D(45))),
        ({"teachers_trained": 100}, Miss("B9", "teachers_trained", D(20), D(100), D(120))),
        ({"teachers_certified": 119}, Miss("B12", "teachers_certified", D(1), D(119), D(120))),
    ],
)
def test_limits_beyond_part_a(changes: dict[str, Any], miss: Miss) -> None:
    (school,) = lacking(make_school(1, **changes)).schools
    assert miss in school.misses
    assert not school.needs


def test_a_school_too_large_and_a_point_funded_too_low() -> None:
    large = make_school(1, pupils_primary=2100)
    small = make_school(2, "教学点", pupils_primary=60, funded_pupils=60, location="乡村")
    found = lacking(large, small)
    assert found.beyond["B4"] == (1, 100)
    assert found.beyond["B6"] == (1, 40)


def test_what_is_unknown_is_named_and_not_counted() -> None:
    school = make_school(1, multimedia_classrooms=None, qualified_teachers_primary=15)
    found = lacking(school)
    assert found.unknown == 1
    assert found.schools[0].unknown == (("primary", "A7"),)
    assert found.indicators("full") == {"A1": 6}
