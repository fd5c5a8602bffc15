"""Places of computed figures, by the national application form and a county's published table."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.shown import COEFFICIENT, RATE, VALUE, Places, adding_up, percent, shown

# n08: 铜陵市郊区, primary schools; what was computed and what the form prints of it.
MEANS = [
    *(("5.515273", "5.52"), ("0.887611", "0.89"), ("0.879277", "0.88"), ("4.563288", "4.56")),
    *(("7.925946", "7.93"), ("2496.674864", "2496.67"), ("2.784743", "2.78")),
]
COEFFICIENTS = [
    *(("0.297929", "0.298"), ("0.501787", "0.502"), ("0.401952", "0.402"), ("0.288419", "0.288")),
    *(("0.37545", "0.375"), ("0.312782", "0.313"), ("0.394205", "0.394")),
]


@pytest.mark.parametrize(("found", "printed"), MEANS)
def test_n08_means_have_two_places(found: str, printed: str) -> None:
    assert shown(found, VALUE) == printed


@pytest.mark.parametrize(("found", "printed"), COEFFICIENTS)
def test_n08_coefficients_have_three(found: str, printed: str) -> None:
    assert shown(found, COEFFICIENT) == printed


def test_n08_the_composite_is_the_plain_mean_of_the_seven() -> None:
    seven = [Decimal(found) for found, _printed in COEFFICIENTS]
    assert shown(sum(seven, Decimal()) / 7, COEFFICIENT) == "0.368"


@pytest.mark.parametrize(
    ("rate", "printed"),
    [("0.95", "95.0%"), ("1", "100.0%"), ("0.84949", "84.9%"), ("0.8495", "85.0%"), ("0", "0.0%")],
)
def test_rates_are_percentages_with_one(rate: str, printed: str) -> None:
    assert percent(rate) == printed


@given(
    st.decimals(0, 10**8, allow_nan=False, places=6), st.sampled_from((VALUE, COEFFICIENT, RATE))
)
def test_what_is_shown_is_the_nearest_with_all_its_places(number: Decimal, places: int) -> None:
    text = shown(number, places)
    assert len(text.partition(".")[2]) == places
    assert abs(Decimal(text) - number) <= Decimal(5).scaleb(-places - 1)
    assert Decimal(text) == round_by_hand(number, places)


def round_by_hand(number: Decimal, places: int) -> Decimal:
    """Half up, by whole numbers."""
    steps = int(number.scaleb(places) * 2 + 1) // 2
    return Decimal(steps).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("number", "least", "most", "printed"),
    [
        ("4.196", "4.2", None, "4.196"),
        ("4.199999", "4.2", None, "4.199999"),
        ("4.21", "4.2", None, "4.21"),
        ("3.5697", "3.57", None, "3.5697"),
        ("0.5002", None, "0.50", "0.5002"),
        ("0.5", None, "0.50", "0.500"),
        ("0.501787", None, "0.50", "0.502"),
        ("4.200000", "4.2", None, "4.20"),  # below by less than is stored: said in words
    ],
)
def test_no_limit_seems_kept_that_is_not(
    number: str, least: str | None, most: str | None, printed: str
) -> None:
    places = COEFFICIENT if most else VALUE
    assert shown(number, places, least=(least,) if least else (), most=most) == printed


def test_a_rate_below_its_limit_is_not_shown_as_reaching_it() -> None:
    assert percent("0.9496", least="0.95") == "94.96%"
    assert percent("0.9504", least="0.95") == "95.0%"


@given(
    st.decimals(0, 10, allow_nan=False, places=6),
    st.decimals("0.01", 10, allow_nan=False, places=4),
)
def test_what_is_shown_lies_on_its_own_side_of_the_limit(number: Decimal, limit: Decimal) -> None:
    if number < limit:
        assert Decimal(shown(number, VALUE, least=(limit,))) < limit
    if number > limit:
        assert Decimal(shown(number, VALUE, most=limit)) > limit


@pytest.mark.parametrize(
    ("settings", "places"),
    [((2, None, None), (2, 3, 1)), ((3, 4, 0), (3, 4, 0)), ((0, 0, 2), (0, 0, 2))],
)
def test_a_version_says_how_many_places(
    settings: tuple[int, int | None, int | None], places: tuple[int, int, int]
) -> None:
    names = ("shown_digits", "coefficient_digits", "rate_digits")
    version: Any = SimpleNamespace(**dict(zip(names, settings, strict=True)))
    assert Places.of(version) == Places(*places)


def test_three_thirds_add_up_to_the_whole() -> None:
    thirds = [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert adding_up(thirds, Decimal(1), ROUND_HALF_UP) == [34, 33, 33]
    assert adding_up([], Decimal(1), ROUND_HALF_UP) == []


@given(
    st.lists(st.decimals(0, 10_000_000, allow_nan=False, places=2), max_size=8),
    st.sampled_from([ROUND_HALF_UP, ROUND_CEILING]),
)
def test_parts_add_up_and_none_is_a_step_away(parts: list[Decimal], rounding: str) -> None:
    step = Decimal(100)
    told = adding_up(parts, step, rounding)
    assert sum(told) == (sum(parts, Decimal()) / step).quantize(Decimal(1), rounding) * step
    assert all(abs(a - b) < step for a, b in zip(parts, told, strict=True))
