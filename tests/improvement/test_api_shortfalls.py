"""What is lacking over REST: sums with their prices, every school's needs, tables, forecast."""

import csv
from io import StringIO
from typing import Any

import pytest

from districts.models import User
from selfchecks.models import SelfCheck
from tests.improvement.conftest import codes_of

SUMS = "/api/v1/self-checks/500106-2026/shortfalls/"
SCHOOLS = f"{SUMS}schools/"


def test_sums_say_what_they_cost_at_which_prices(
    priced: SelfCheck, chen_officer: User, bearer: Any
) -> None:
    """404 × 7.5 − 300 = 2,730 ㎡, at the floor 2,275.5; 400 yuan each."""
    found = bearer(chen_officer).get(SUMS).json()
    assert found["indicators"] == [
        {
            "indicator": "A5",
            "unit": "m2",
            "schools": 1,
            "least": "2275.5",
            "full": "2730",
            "floor": "2275.5",
        }
    ]
    (measure,) = found["measures"]
    assert (measure["kind"], measure["price"], measure["price_from"]) == (
        "build_ground",
        "400",
        "2026-01-01",
    )
    assert (found["least_cost"], found["full_cost"]) == ("910200", "1092000")
    assert (found["unpriced"], found["unknown"], found["spreads"]) == ([], 0, 1)


def test_schools_are_listed_and_taken_along_as_a_table(
    priced: SelfCheck, chen_officer: User, bearer: Any
) -> None:
    client = bearer(chen_officer)
    (row,) = client.get(SCHOOLS).json()["results"]
    assert row["school_code"] == codes_of(priced)[0]
    assert (row["indicator"], row["field"], row["kind"]) == (
        "A5",
        "sports_ground_area",
        "build_ground",
    )
    assert (row["stages"], row["is_shared"], row["found"]) == (["primary"], False, None)
    text = client.get(SCHOOLS, {"format": "csv"}).content.decode("utf-8-sig")
    (line,) = csv.DictReader(StringIO(text))
    assert (line["least"], line["full"]) == ("2275.5", "2730")
    assert client.get(SCHOOLS, {"format": "xlsx"}).content.startswith(b"PK")


def test_a_forecast_is_said_to_be_one(priced: SelfCheck, chen_officer: User, bearer: Any) -> None:
    """424 pupils ask 3,180 ㎡."""
    found = bearer(chen_officer).get(SUMS, {"primary": "5"}).json()
    assert found["is_forecast"] is True
    assert found["indicators"][0]["full"] == "2880"


def test_a_forecast_of_one_school(priced: SelfCheck, chen_officer: User, bearer: Any) -> None:
    client, first = bearer(chen_officer), codes_of(priced)[0]
    for address in (SUMS, SCHOOLS):
        found = client.get(address, {"pupils": f"{first}:424"}).json()
        row = (found.get("indicators") or found["results"])[0]
        assert row["full"] == "2880"
    assert client.get(SUMS, {"pupils": "x"}).status_code == 400
    refused = client.get(SUMS, {"pupils": "2109999999:400"})
    assert (refused.status_code, "没有学校标识码为 2109999999" in refused.text) == (400, True)


@pytest.mark.parametrize("rate", ["x", "101", "-51"])
def test_a_rate_that_is_none_is_refused(
    priced: SelfCheck, chen_officer: User, bearer: Any, rate: str
) -> None:
    answer = bearer(chen_officer).get(SUMS, {"primary": rate})
    assert answer.status_code == 400
    assert "primary" in str(answer.json())


def test_without_figures_there_is_nothing_to_say(
    self_check: SelfCheck, chen_officer: User, bearer: Any
) -> None:
    answer = bearer(chen_officer).get(SUMS)
    assert answer.status_code == 404
    assert answer.json()["code"] == "no_figures"


def test_others_do_not_find_it(priced: SelfCheck, liu_officer: User, bearer: Any) -> None:
    for path in (SUMS, SCHOOLS):
        assert bearer(liu_officer).get(path).status_code == 404
