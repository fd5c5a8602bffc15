"""The trail over REST: auditors and managers read it, nobody writes it."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import District, User
from districts.services.schools import create_school

LIST = "/api/v1/audit/"


@pytest.fixture
def trail(shapingba: District, chen_officer: User) -> None:
    create_school(
        district=shapingba,
        by=chen_officer,
        code="5001060001",
        name="甲小学",
        school_type="小学",
        ownership="公办",
        location="城区",
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chen_officer", 403),
        ("zhao_signatory", 403),
        ("zhou_inspector", 403),
        ("wu_manager", 403),
        ("yang_keeper", 403),
        ("he_auditor", 200),
    ],
)
def test_who_reads(request: Any, signed_in: Any, who: str, status: int) -> None:
    client = signed_in(request.getfixturevalue(who))
    first = Entry.objects.last()
    assert client.get(LIST).status_code == status
    assert client.get(f"{LIST}{first.number}/").status_code == status


def test_nobody_writes(signed_in: Any, he_auditor: User, client: Client) -> None:
    auditor = signed_in(he_auditor)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(auditor, method)(LIST).status_code == 405
    assert client.get(LIST).status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?district=500106", True),
        ("?district=500151", False),
        ("?actor=officer_500106", True),
        ("?actor=auditor", False),
        ("?action=school.create", True),
        ("?action=school.update", False),
        ("?from=2020-01-01", True),
        ("?from=2020-01-01&to=2020-01-02", False),
    ],
)
def test_filters(signed_in: Any, he_auditor: User, trail: None, query: str, found: bool) -> None:
    rows = signed_in(he_auditor).get(LIST + query).json()["results"]
    assert any(row["action"] == "school.create" for row in rows) is found


@pytest.mark.parametrize("query", ["district=999999", "actor=nobody", "action=school.destroy"])
def test_values_nobody_knows_are_refused(signed_in: Any, he_auditor: User, query: str) -> None:
    refused = signed_in(he_auditor).get(f"{LIST}?{query}")
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert [error["parameter"], query.partition("=")[2] in error["detail"]] == [
        query.partition("=")[0],
        True,
    ]


def test_narrowed_token_sees_one_district(
    bearer: Any, he_auditor: User, tongliang: District, shapingba: District, trail: None
) -> None:
    for district, sees_school in ((tongliang, False), (shapingba, True)):
        rows = bearer(he_auditor, "read", district=district).get(LIST).json()["results"]
        assert {row["district"] for row in rows} == {district.code}
        assert any(row["action"] == "school.create" for row in rows) is sees_school


def test_table_has_changes_in_one_cell(signed_in: Any, he_auditor: User, trail: None) -> None:
    response = signed_in(he_auditor).get(f"{LIST}?format=csv&action=school.create")
    assert '""name"": ""甲小学""' in response.content.decode("utf-8-sig")
