"""The public figures over REST: units, phases and progress, on any day and both bases."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import District, User
from schedule.models import CertificationStep
from schedule.services.certifications import record_event
from tests.conftest import TODAY

pytestmark = pytest.mark.usefixtures("reference")


def progress(client: Client, **asked: str) -> dict[str, Any]:
    response = client.get("/api/v1/progress/", asked)
    assert response.status_code == 200, response.content.decode()
    content: dict[str, Any] = response.json()
    return content


@pytest.mark.parametrize(
    ("day", "certified"), [("2023-12-31", 0), ("2025-03-13", 0), ("2025-03-14", 4)]
)
def test_certified_on_a_day(client: Client, day: str, certified: int) -> None:
    content = progress(client, as_of=day, basis="plan")
    assert content["as_of"] == day
    years = {row["year"]: row for row in content["years"]}
    assert years[int(day[:4])]["cumulative_certified"] == certified
    assert content["certified"] == certified
    assert len(content["certified_units"]) == content["statuses"]["certified"] == certified


def test_shape_and_figures_of_the_plan_basis(client: Client) -> None:
    content = progress(client, as_of="2026-11-23", basis="plan")
    assert set(content) == {
        "as_of",
        "basis",
        "units",
        "certified",
        "certified_named",
        "certified_unnamed",
        "phases",
        "years",
        "late",
        "unresolved",
        "certified_units",
        "statuses",
        "plan_version",
        "updated_at",
    }
    assert [content["basis"], content["units"], content["plan_version"]] == ["plan", 41, 1]
    assert content["updated_at"].endswith("+08:00")
    assert content["phases"][0] == {
        "name": "试点推进阶段",
        "start_year": 2021,
        "end_year": 2023,
        "target": 6,
        "planned": 6,
        "certified": 0,
        "cohort_certified": 4,
        "gap": 6,
        "cumulative_target": 6,
        "cumulative_certified": 0,
        "certified_named": 0,
        "certified_unnamed": 0,
        "cohort_certain": False,
    }
    assert [phase["target"] for phase in content["phases"]] == [6, 30, 5]
    assert [phase["cumulative_target"] for phase in content["phases"]] == [6, 36, 41]
    assert [phase["certified"] for phase in content["phases"]] == [0, 10, 0]
    assert [phase["certified_named"] for phase in content["phases"]] == [0, 4, 0]
    assert [phase["certified_unnamed"] for phase in content["phases"]] == [0, 6, 0]
    # The four were planned for the first phase: of the second one's 30, six may be there.
    assert [phase["gap"] for phase in content["phases"]] == [6, 30 - 6, None]
    certified = [year["cumulative_certified"] for year in content["years"]]
    assert certified == [0, 0, 0, 4, 10, None, None, None, None]
    cumulative = [year["cumulative_planned"] for year in content["years"]]
    assert cumulative == [4, 6, 11, 18, 22, 27, 36, 38, 41]
    assert sum(content["statuses"].values()) == 41


def test_late_and_unresolved_units(client: Client) -> None:
    content = progress(client, as_of="2026-11-23")
    late = {row["district"]: row for row in content["late"]}
    # Planned by 2025: 18 units; 4 certified, 江北 (2023) abolished: 13 late.
    assert len(late) == 13
    # 31 December 2022 → 23 November 2026: 3 × 365 + 1 + 327 days.
    assert [late["GXQ"]["planned_year"], late["GXQ"]["days_late"]] == [2022, 1423]
    assert "500105" not in late
    assert "500106" not in late
    # Each of them may be one of the six that the list of January 2026 does not name.
    assert {row["certain"] for row in late.values()} == {False}
    before = progress(client, as_of="2026-01-11")["late"]
    assert [len(before), {row["certain"] for row in before}] == [13, {True}]
    assert content["unresolved"] == [
        {
            "district": "500105",
            "name": "江北区",
            "successors": ["500157"],
            "note": "待市级明确",
        },
        {
            "district": "500112",
            "name": "渝北区",
            "successors": ["500109", "500157"],
            "note": "待市级明确",
        },
    ]


def test_certified_units_say_how_late_they_were(client: Client) -> None:
    rows = {row["district"]: row for row in progress(client)["certified_units"]}
    assert set(rows) == {"500106", "500107", "500108", "LJXQ"}
    # Planned 2022, certified 2025-03-14: 365 + 366 + 73 days after 2022-12-31.
    shapingba = rows["500106"]
    assert [shapingba["timing"], shapingba["days_late"]] == ["late", 804]
    assert shapingba["certified_on"] == "2025-03-14"


def test_current_basis_counts_the_units_of_the_day(client: Client) -> None:
    content = progress(client, as_of="2026-11-23", basis="current")
    assert [content["units"], content["unresolved"]] == [39, []]
    assert sum(content["statuses"].values()) == 39
    assert progress(client, as_of="2025-11-05", basis="current")["units"] == 41


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ("as_of", "2026-13-01", "2026-13-01"),
        ("as_of", "明天", "明天"),
        ("as_of", "2099-01-01", "还没有到"),
        ("as_of", "2026-W47-1", "读不懂"),
        ("as_of", "2021-12-31", "还未印发"),
        ("as_of", "\x00", "读不懂"),
        ("basis", "both", "both"),
    ],
)
def test_unusable_questions_get_a_sentence(
    client: Client, parameter: str, value: str, words: str
) -> None:
    for path in ("/api/v1/progress/", "/api/v1/districts/", "/api/v1/districts/500106/"):
        response = client.get(path, {parameter: value})
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error["parameter"] == parameter
        assert words in error["detail"]


def test_a_unit(client: Client) -> None:
    assert client.get("/api/v1/districts/500105/").json() == {
        "code": "500105",
        "name": "江北区",
        "distinction": "",
        "full_name": "江北区",
        "english_name": "Jiangbei",
        "kind": "区",
        "region": "主城都市区",
        "english_region": "Metropolitan area",
        "subregion": "中心城区",
        "valid_from": None,
        "valid_to": "2025-11-05",
        "planned_year": 2023,
        "phase": "试点推进阶段",
        "english_phase": "Pilot phase",
        "status": "abolished",
        "certified_on": None,
        "successors": ["500157"],
        "days_late": 0,
        "timing": "unresolved",
        "publication_page": "",
        "contact": "",
        "certain": True,
    }
    before = client.get("/api/v1/districts/500105/?as_of=2025-11-05").json()
    assert [before["status"], before["successors"]] == ["late", []]
    assert client.get("/api/v1/districts/500105/?basis=current").status_code == 404


@pytest.mark.parametrize("code", ["999999", "500106x", "500106500106500106", "铜梁"])
def test_unknown_unit_is_404(client: Client, code: str) -> None:
    assert client.get(f"/api/v1/districts/{code}/").status_code == 404
    assert client.get("/api/v1/districts/%00/").status_code == 400


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        ({}, 41),
        ({"basis": "current"}, 39),
        ({"year": "2026"}, 4),
        ({"status": "certified"}, 4),
        ({"status": "certified", "as_of": "2025-03-13"}, 0),
        ({"phase": "攻坚推进阶段"}, 5),
        ({"region": "渝东南武陵山区城镇群"}, 6),
    ],
)
def test_filters_of_units(client: Client, asked: dict[str, str], units: int) -> None:
    assert len(client.get("/api/v1/districts/", asked).json()["results"]) == units
    table = client.get("/api/v1/districts/", {**asked, "format": "csv"}).content
    assert len(table.decode("utf-8-sig").splitlines()) == units + 1


@pytest.mark.parametrize("asked", [{"status": "done"}, {"year": "x"}, {"year": "1"}])
def test_unusable_filters_are_400(client: Client, asked: dict[str, str]) -> None:
    response = client.get("/api/v1/districts/", asked)
    assert response.status_code == 400
    assert {error["parameter"] for error in response.json()["errors"]} == set(asked)


def test_phases(client: Client) -> None:
    rows = client.get("/api/v1/phases/").json()["results"]
    assert [(row["start_year"], row["end_year"]) for row in rows] == [
        (2021, 2023),
        (2024, 2028),
        (2029, 2030),
    ]
    assert [row["cumulative_target"] for row in rows] == [6, 36, 41]


def test_more_events_ask_no_more_queries(client: Client, wu_manager: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/api/v1/districts/")
            client.get("/api/v1/progress/")
        return len(captured)

    before = queries()
    step = CertificationStep.objects.get(year=2025, name="区县自评")
    for unit in client.get("/api/v1/districts/?status=not_started").json()["results"]:
        record_event(
            district=District.objects.get(code=unit["code"]),
            step=step,
            result="started",
            day=TODAY,
            by=wu_manager,
        )
    assert queries() == before


def test_names_of_the_plan_stand_in_english_beside(client: Client) -> None:
    for path in ("phases", "certification-steps", "districts"):
        for row in client.get(f"/api/v1/{path}/").json()["results"]:
            english = [value for name, value in row.items() if name.startswith("english_")]
            assert english
            assert all(value is None or value.isascii() for value in english), row
    phases = client.get("/api/v1/phases/").json()["results"]
    assert [row["english_name"] for row in phases] == [
        *("Pilot phase", "General phase", "Final phase"),
    ]
