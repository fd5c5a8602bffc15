"""Figures once measures are done: what is added is there, everything else is as it was."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improvement.shortfall.remaining import Gain, with_gains

ROW = {
    "school_code": "1",
    "school_name": "甲",
    "backbone_teachers_primary": 3,
    "sports_ground_area": "1200.5",
    "multimedia_classrooms": None,
}
OTHER = {**ROW, "school_code": "2"}


def test_what_is_gained_is_added_to_the_figures_of_the_school() -> None:
    gains = [
        Gain("1", ("backbone_teachers_primary",), Decimal(2)),
        Gain("1", ("sports_ground_area",), Decimal("99.5")),
    ]
    first, second = with_gains({"schools": [ROW, OTHER]}, gains)["schools"]
    assert first == {**ROW, "backbone_teachers_primary": 5, "sports_ground_area": "1300"}
    assert second == OTHER


def test_what_nobody_reported_stays_unknown() -> None:
    gains = [Gain("1", ("multimedia_classrooms", "art_rooms"), Decimal(1))]
    assert with_gains({"schools": [ROW]}, gains)["schools"] == [ROW]


def test_nobody_gives_away_more_than_there_is() -> None:
    (row,) = with_gains(
        {"schools": [ROW]}, [Gain("1", ("backbone_teachers_primary",), -Decimal(9))]
    )["schools"]
    assert row["backbone_teachers_primary"] == 0


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 500), max_size=6))
def test_many_gains_are_as_good_as_their_sum(amounts: list[int]) -> None:
    field = ("backbone_teachers_primary",)
    each = [Gain("1", field, Decimal(amount)) for amount in amounts]
    (row,) = with_gains({"schools": [ROW], "year": 2026}, each)["schools"]
    assert row["backbone_teachers_primary"] == 3 + sum(amounts)
