"""standards/ and indicators/ over REST: public, drafts hidden, same queries for any number."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import User
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.models import Indicator, Standard


def test_the_list_of_versions_hides_drafts(
    client: Client, bearer: Any, draft: Standard, wu_manager: User
) -> None:
    def codes(reader: Client) -> list[str]:
        rows = reader.get("/api/v1/standards/").json()["results"]
        return [row["code"] for row in rows]

    assert codes(client) == ["2017", "2017.1"]
    assert codes(bearer(wu_manager)) == ["2017", "2017.1", "2027"]


def test_one_version_says_everything(client: Client, standard: Standard) -> None:
    found = client.get("/api/v1/standards/2017/").json()
    assert found["document_number"] == "教督〔2017〕6号"
    assert found["rules"] == STANDARD_2017.to_dict()
    assert [row["code"] for row in found["indicators"]][:8] == [
        *("A1", "A2", "A3", "A4", "A5", "A6", "A7"),
        "B1",
    ]
    assert len(found["indicators"]) == 32
    assert len(found["special_cases"]) == 5
    assert len(found["open_points"]) == 7


def test_a_draft_is_not_found_by_others(
    client: Client, bearer: Any, draft: Standard, chen_officer: User, zhou_inspector: User
) -> None:
    assert client.get("/api/v1/standards/2027/").status_code == 404
    assert bearer(chen_officer).get("/api/v1/standards/2027/").status_code == 404
    assert bearer(zhou_inspector).get("/api/v1/standards/2027/").status_code == 200


def test_indicators_carry_their_numbers(client: Client, standard: Standard) -> None:
    rows = client.get("/api/v1/indicators/").json()["results"]
    a5 = next(row for row in rows if row["code"] == "A5")
    assert a5["raw_fields"][-2:] == ["sports_ground_area", "indoor_sports_area"]
    junior = next(row for row in a5["thresholds"] if row["stage"] == "junior")
    assert (junior["value"], junior["floor"], junior["dispersion_limit"]) == (
        "10.2",
        "8.67",
        "0.45",
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [("?group=B", 15), ("?kind=evidence", 7), ("?level=unit", 7), ("?standard=2017", 32)],
)
def test_indicators_are_filtered(
    client: Client, standard: Standard, query: str, count: int
) -> None:
    assert len(client.get(f"/api/v1/indicators/{query}").json()["results"]) == count


def test_unknown_versions_and_parameters_are_refused(client: Client, draft: Standard) -> None:
    for query in ("?standard=2027", "?standard=x", "?group=E", "?colour=red"):
        response = client.get(f"/api/v1/indicators/{query}")
        assert response.status_code == 400, query
        assert response.json()["errors"][0]["parameter"] == query[1:].split("=")[0]


def test_indicators_as_a_table(client: Client, standard: Standard) -> None:
    content = client.get("/api/v1/indicators/?format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["code"] for row in rows][-1] == "D1"
    assert rows[0]["name"] == "每百名学生拥有高于规定学历教师数"


def test_an_unchanged_list_answers_304(client: Client, standard: Standard) -> None:
    tag = client.get("/api/v1/indicators/")["ETag"]
    again = client.get("/api/v1/indicators/", headers={"If-None-Match": tag})
    assert again.status_code == 304


@pytest.mark.parametrize("url", ["/api/v1/indicators/", "/api/v1/standards/2017/"])
def test_as_many_queries_for_two_indicators_as_for_all(
    client: Client, standard: Standard, url: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    client.get(url)
    for_all = queries()
    Indicator.objects.exclude(code__in=("A1", "A2", "A3", "B3", "B4")).delete()
    assert queries() == for_all
