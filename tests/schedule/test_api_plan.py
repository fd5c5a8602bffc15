"""Re-planning over REST: impact first, then a new version; nobody overwrites anybody."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import District, User
from schedule.models import PlannedCertification, PlanVersion
from schedule.services.plans import replan

LIST, DETAIL = "/api/v1/schedule/", "/api/v1/schedule/500151/"
GROUNDS = {"reason": "校舍明年交付", "document_number": "试验文号"}


def post(client: Client, query: str = "", body: str = "", **content: Any) -> Any:
    return client.post(LIST + query, body or json.dumps(content), content_type="application/json")


def patch(client: Client, seen: str, query: str = "", path: str = DETAIL, **content: Any) -> Any:
    headers = {"If-Match": seen} if seen else {}
    return client.patch(
        path + query, json.dumps(content), content_type="application/json", headers=headers
    )


def pointers(response: Any) -> list[str]:
    assert response.status_code == 422, response.content.decode()
    return sorted(error["pointer"] for error in response.json()["errors"])


@pytest.fixture
def wu(bearer: Any, wu_manager: User) -> Client:
    client: Client = bearer(wu_manager, "write:plan")
    return client


def year_of(impact: dict[str, Any], year: int) -> tuple[int, int]:
    row = next(row for row in impact["years"] if row["year"] == year)
    return row["cumulative_before"], row["cumulative_after"]


def test_dry_run_shows_the_impact_and_stores_nothing(wu: Client) -> None:
    response = post(wu, "?dry_run=true", changes={"500151": 2027})
    assert response.status_code == 200
    content = response.json()
    assert [content["version"], content["based_on"]] == [None, 1]
    impact = content["impact"]
    assert impact["moves"] == [
        {"district": "500151", "name": "铜梁区", "before": 2026, "after": 2027}
    ]
    assert year_of(impact, 2026) == (22, 21)
    assert year_of(impact, 2027) == (27, 27)
    assert impact["broken_milestones"] == []
    assert PlanVersion.objects.count() == 1
    assert not Entry.objects.filter(action="plan.publish").exists()


def test_dry_run_names_the_milestone_that_breaks(wu: Client) -> None:
    impact = post(wu, "?dry_run=true", district="500101", year=2029).json()["impact"]
    assert year_of(impact, 2028) == (36, 35)
    assert impact["broken_milestones"] == [2028]


@pytest.mark.parametrize(
    "wanted", [{"changes": {"500151": 2027}}, {"district": "500151", "year": 2027}]
)
def test_publishing_adds_a_version(wu: Client, client: Client, wanted: Any) -> None:
    response = post(wu, **wanted, **GROUNDS)
    assert response.status_code == 201
    assert [response.json()["version"], response.json()["based_on"]] == [2, 1]
    assert year_of(response.json()["impact"], 2026) == (22, 21)
    assert response["Location"] == f"http://testserver{LIST}?version=2"
    assert client.get(f"{DETAIL}?version=1").json()["year"] == 2026
    assert client.get(DETAIL).json()["year"] == 2027
    assert len(client.get(response["Location"]).json()["results"]) == 41
    entry = Entry.objects.get(action="plan.publish")
    assert [entry.actor, entry.reason] == ["manager", GROUNDS["reason"]]
    versions = client.get("/api/v1/plan-versions/").json()["results"]
    assert [(row["number"], row["based_on"]) for row in versions] == [(2, 1), (1, None)]


def test_grounds_are_required_to_publish(wu: Client) -> None:
    assert pointers(post(wu, changes={"500151": 2027})) == ["/document_number", "/reason"]
    assert pointers(post(wu, changes={"500151": 2027}, reason=" ", document_number="")) == [
        "/document_number",
        "/reason",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"changes": {"500151": 2031, "500118": 2021}}, ["/changes/500118", "/changes/500151"]),
        ({"changes": {"999999": 2027}}, ["/changes/999999"]),
        ({"changes": {"500105": 2027, "500112": 2027}}, ["/changes/500105", "/changes/500112"]),
        ({"changes": {"500151": "2027"}}, ["/changes/500151"]),
        ({"changes": {"500151": 2027.0}}, ["/changes/500151"]),
        ({"changes": {"500151": None}}, ["/changes/500151"]),
        ({"changes": {}}, ["/changes"]),
        ({"changes": [["500151", 2027]]}, ["/changes"]),
        ({"district": "999999", "year": 2027}, ["/district"]),
        ({"district": "500151", "year": 2031}, ["/year"]),
        ({"district": "500151"}, ["/year"]),
        ({"year": 2027}, ["/district"]),
        ({}, ["/changes"]),
        (
            {"changes": {"500151": 2027}, "district": "500151", "year": 2028},
            ["/district", "/year"],
        ),
        ({"changes": {"500151": 2027}, "version": 7}, ["/version"]),
    ],
)
def test_unusable_changes_are_pointed_at(wu: Client, content: Any, expected: list[str]) -> None:
    assert pointers(post(wu, **content, **GROUNDS)) == expected
    assert PlanVersion.objects.count() == 1


def test_two_entries_for_one_unit_are_pointed_at(wu: Client) -> None:
    body = '{"changes": {"500151": 2027, "500151": 2028}, "reason": "x", "document_number": "y"}'
    assert pointers(post(wu, body=body)) == ["/changes/500151"]


def test_no_change_is_refused(wu: Client) -> None:
    response = post(wu, changes={"500151": 2026}, **GROUNDS)
    assert [response.status_code, response.json()["code"]] == [422, "no_change"]


@pytest.mark.parametrize("query", ["?dry_run=perhaps", "?dryrun=true", "?dry_run=1&dry_run=0"])
def test_unclear_dry_run_is_400(wu: Client, query: str) -> None:
    assert post(wu, query, changes={"500151": 2027}, **GROUNDS).status_code == 400
    assert PlanVersion.objects.count() == 1


def test_patch_needs_the_version_seen(wu: Client, wu_manager: User) -> None:
    seen = wu.get(DETAIL)["ETag"]
    assert patch(wu, "", year=2027, **GROUNDS).status_code == 428
    replan(changes={"500118": 2027}, **GROUNDS, by=wu_manager)
    assert patch(wu, seen, year=2027, **GROUNDS).status_code == 412
    assert patch(wu, wu.get(DETAIL)["ETag"], year=2027, **GROUNDS).status_code == 201
    assert PlanVersion.objects.count() == 3


def test_patch_can_be_tried_first(wu: Client) -> None:
    seen = wu.get(DETAIL)["ETag"]
    response = patch(wu, seen, "?dry_run=true", year=2027)
    assert [response.status_code, response.json()["version"]] == [200, None]
    assert pointers(patch(wu, seen, year=2040, **GROUNDS)) == ["/year"]
    assert patch(wu, seen, path="/api/v1/schedule/999999/", year=2027).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chen_officer", 403),
        ("zhao_signatory", 403),
        ("zhou_inspector", 403),
        ("he_auditor", 403),
        ("wu_manager", 201),
    ],
)
def test_only_managers_publish(request: Any, signed_in: Any, who: str, status: int) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert post(client, changes={"500151": 2027}, **GROUNDS).status_code == status


def test_tokens_need_scope_and_the_whole_city(
    bearer: Any, wu_manager: User, tongliang: District
) -> None:
    for client in (
        bearer(wu_manager, "read", "write:schools"),
        bearer(wu_manager, "write:plan", district=tongliang),
    ):
        assert post(client, changes={"500151": 2027}, **GROUNDS).status_code == 403


def test_anonymous_may_only_read(client: Client, reference: None) -> None:
    assert post(client, changes={"500151": 2027}, **GROUNDS).status_code == 401
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 41),
        ("?year=2026", 4),
        ("?district=500151", 1),
        ("?phase=试点推进阶段", 6),
        ("?region=渝东南武陵山区城镇群", 6),
        ("?version=1&year=2022", 4),
    ],
)
def test_filters(client: Client, reference: None, query: str, rows: int) -> None:
    assert len(client.get(LIST + query).json()["results"]) == rows


@pytest.mark.parametrize("query", ["?version=9", "?version=x", "?year=x", "?year=99999999999"])
def test_unusable_filters(client: Client, reference: None, query: str) -> None:
    assert client.get(LIST + query).status_code == 400


def test_without_a_plan_there_is_a_sentence(client: Client, empty_tables: None) -> None:
    for path in (LIST, "/api/v1/progress/"):
        response = client.get(path)
        assert response.status_code in (400, 409)
        assert "load_reference" in response.json()["detail"]


def test_first_version_is_the_annex(client: Client, wu: Client) -> None:
    before = client.get(f"{LIST}?version=1").content
    post(wu, changes={"500151": 2027}, **GROUNDS)
    assert client.get(f"{LIST}?version=1").content == before
    assert PlannedCertification.objects.filter(version__number=1).count() == 41


def test_a_year_that_is_none_is_refused_in_the_readers_language(wu: Client) -> None:
    asked = json.dumps({"district": "500151", "year": 2031})
    path = f"{LIST}?dry_run=true"
    answer = wu.post(
        path, asked, content_type="application/json", headers={"Accept-Language": "en"}
    )
    [error] = answer.json()["errors"]
    assert error["detail"] == "The planned year must be a whole number from 2022 to 2030."
