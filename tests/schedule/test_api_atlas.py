"""The atlas over REST says what its pages say: approved for all, the newest in one's reach."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from django.test import Client

from districts.models import User
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from tests.reader import links
from tests.schedule.test_evidence import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

Reach = Callable[[str], SelfCheck]
ADDRESS, NEWEST = "/api/v1/atlas/", "/api/v1/atlas/newest/"
PICKED = "?unit=500106,500151&indicator=B,B3&year=2026"

pytestmark = pytest.mark.usefixtures("reference")


def test_cells_of_what_was_chosen(client: Client, reach: Reach) -> None:
    reach("approved")
    found = client.get(ADDRESS + PICKED).json()
    assert (found["as_of"], found["basis"], found["is_demo"]) == (str(today()), "plan", False)
    assert [column["name"] for column in found["columns"]] == ["B", "B3"]
    told = [(c["district"], c["indicator"], c["verdict"], c["value"]) for c in found["cells"]]
    assert told == [
        ("500106", "B", "met", "15"),
        ("500106", "B3", "met", None),
        ("500151", "B", "unknown", None),
        ("500151", "B3", "unknown", None),
    ]


def test_everything_where_nothing_is_chosen(client: Client, reach: Reach) -> None:
    reach("approved")
    found = client.get(ADDRESS).json()
    # 14 coefficients, 14 shares, all schools, parts B and C, then 15 of B, 9 of C, D1, veto, open.
    assert (len(found["columns"]), len(found["cells"])) == (58, 41 * 58)
    rows = list(csv.DictReader(StringIO(client.get(f"{ADDRESS}{PICKED}&format=csv").text)))
    assert (rows[0]["value"], rows[1]["verdict"]) == ("15", "met")


def test_what_is_not_approved_is_for_those_in_reach(
    client: Client, reach: Reach, zhou_inspector: User, liu_officer: User, bearer: Callable
) -> None:
    reach("in_review")
    assert client.get(f"{ADDRESS}?unit=500106&indicator=B").json()["cells"] == []
    assert client.get(NEWEST + PICKED).status_code == 401
    assert bearer(zhou_inspector).get(NEWEST + PICKED).json()["cells"][0]["value"] == "15"
    mine = bearer(liu_officer).get(f"{NEWEST}?unit=500106&indicator=B").json()
    assert mine["cells"] == []


@pytest.mark.parametrize("wrong", ["unit=999999", "indicator=A9", "year=x", "as_of=2999-01-01"])
def test_what_there_is_not_is_said(client: Client, wrong: str) -> None:
    answer = client.get(f"{ADDRESS}?{wrong}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_pages_show_the_call_that_answers_the_same(
    client: Client, reach: Reach, zhou_inspector: User, signed_in, bearer: Callable
) -> None:
    reach("approved")
    table = client.get("/atlas/table/?unit=500106&indicator=B&year=2026")
    [call] = [link for link in links(table) if link.startswith(ADDRESS)]
    [cell] = client.get(call).json()["cells"]
    assert (cell["district"], cell["value"]) == ("500106", "15")
    page = signed_in(zhou_inspector).get("/admin/schedule/planversion/atlas/?state=certified")
    [call] = [link for link in links(page) if link.startswith(NEWEST)]
    cells = bearer(zhou_inspector).get(call).json()["cells"]
    assert {cell["district"] for cell in cells} >= {"500106"}
    assert len({cell["district"] for cell in cells}) < 41
