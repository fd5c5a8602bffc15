"""Pupils of a coming year by hand; the ordinary calculation then says what is lacking."""

from decimal import Decimal

import pytest

from improvement.shortfall.forecast import Unreadable, read_pupils, with_pupils
from improvement.shortfall.lacking import find_shortfalls
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_payload, make_school

NINE = make_school(1, "九年一贯制")


def test_a_rate_per_stage_rounds_half_up() -> None:
    found = with_pupils(
        make_payload(NINE), {"primary": Decimal("0.03"), "junior": Decimal("-0.105")}
    )
    (row,) = found["schools"]
    assert (row["pupils_primary"], row["pupils_junior"]) == (515, 448)  # 447.5
    assert row["teaching_area"] == NINE["teaching_area"]


def test_what_is_expected_of_a_school_goes_before_the_rate() -> None:
    expected = {NINE["school_code"]: {"junior": 620}}
    (row,) = with_pupils(make_payload(NINE), {"junior": Decimal("0.1")}, expected)["schools"]
    assert (row["pupils_primary"], row["pupils_junior"]) == (500, 620)


def test_no_stage_appears_or_dies_out() -> None:
    rows = [
        make_school(1, pupils_primary=1),
        make_school(2, pupils_primary=None),
        make_school(3, "九年一贯制", pupils_primary=0),
    ]
    half = {"primary": Decimal("-0.9"), "junior": Decimal(0)}
    found = with_pupils(make_payload(*rows), half)["schools"]
    assert [row.get("pupils_primary") for row in found] == [1, None, 0]


def test_more_pupils_lack_more() -> None:
    """500 pupils have 40 teachers where 21 are asked; 1,000 have two fewer than 42."""
    payload = with_pupils(make_payload(make_school(1)), {"primary": Decimal(1)})
    found = find_shortfalls(evaluate(payload), STANDARD_2017)
    assert found.indicators("full")["A1"] == 2


def test_a_school_stands_on_a_line_as_people_write_it() -> None:
    text = "2100001001\t480\n\n2100001002\t\t350\r\n2100001003 300,200；2100001004:-:90"
    assert read_pupils(text) == {
        "2100001001": {"primary": 480},
        "2100001002": {"junior": 350},
        "2100001003": {"primary": 300, "junior": 200},
        "2100001004": {"junior": 90},
    }
    assert read_pupils("") == {}


@pytest.mark.parametrize(
    "line",
    [
        *("2100001001", "2100001001 0", "2100001001 -5", "2100001001 四百", "2100001001 - -"),
        *("2100001001 1 2 3", "2100001001 100000", "2100001001 4.5", "2100000009 5"),
    ],
)
def test_a_line_that_says_no_pupils_is_named(line: str) -> None:
    """The last one is there twice."""
    with pytest.raises(Unreadable) as refused:
        read_pupils(f"2100000009 5\n{line}")
    assert (refused.value.number, refused.value.line) == (2, line)


def test_more_schools_than_an_address_carries_are_refused() -> None:
    lines = [f"{code} 10" for code in range(2_100_000_001, 2_100_000_102)]
    assert len(read_pupils("\n".join(lines[:100]))) == 100
    with pytest.raises(Unreadable):
        read_pupils("\n".join(lines))
