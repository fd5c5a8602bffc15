"""``as_of=``: which result was approved on a day, and which schools a unit had then."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from districts.models import District, FormerHome, School, User
from districts.services.schools import create_school
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import decide, reach, schools, self_check
from tests.selfchecks.workbook_files import workbook

__all__ = ["reach", "schools", "self_check"]  # fixtures


def test_a_verdict_is_the_one_that_stood_on_the_day(
    reach: Any, self_check: SelfCheck, bearer: Any, zhou_inspector: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    start, days = timezone.now(), [0]

    def now() -> datetime:
        return start + timedelta(days=days[0])

    def answer(**asked: str) -> list[bool]:
        path = f"/api/v1/self-checks/{self_check.reference}/evaluations/"
        return [row["is_approved"] for row in reader.get(path, asked).json()["results"]]

    reader = bearer(zhou_inspector)
    monkeypatch.setattr(timezone, "now", now)
    first = timezone.localdate(start)
    reach("in_review")
    assert answer() == [False]
    days[0] = 1
    decide(self_check, "approve", zhou_inspector)
    days[0] = 2
    take_step(
        self_check=SelfCheck.objects.get(pk=self_check.pk),
        step="take_back_approval",
        by=zhou_inspector,
        comment="看漏一项",
    )
    stood = [answer(as_of=(first + timedelta(days=after)).isoformat()) for after in (-1, 0, 1, 2)]
    assert stood == [[], [False], [True], [False]]
    assert answer() == [False]
    wrong = ("2026-11-31", (first + timedelta(days=3)).isoformat(), "x")
    path = f"/api/v1/self-checks/{self_check.reference}/evaluations/"
    assert {reader.get(path, {"as_of": text}).status_code for text in wrong} == {400}


THEN = ("state", "inspector", "submitted_at", "upload", "approved_digest", "days_late_ever")


def test_a_self_check_is_as_it_stood_at_the_end_of_the_day(
    reach: Any, self_check: SelfCheck, schools: list[School], bearer: Any,
    zhou_inspector: User, sun_inspector: User, wu_manager: User, chen_officer: User,
    zhao_signatory: User, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What the portal said on each day is what it says of that day ever after."""
    start, days = timezone.now(), [0]
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=days[0]))
    path, reader = f"/api/v1/self-checks/{self_check.reference}/", bearer(wu_manager)
    told = []

    def take(step: str, by: User, **given: Any) -> None:
        take_step(self_check=SelfCheck.objects.get(pk=self_check.pk), step=step, by=by, **given)

    def send_another_version() -> None:
        changes = {(schools[1].code, "backbone_teachers_junior"): 6}
        again = SelfCheck.objects.get(pk=self_check.pk)
        content = workbook(self_check, changes)
        uploads.keep(self_check=again, content=content, name="自查.xlsx", by=chen_officer)

    due_on = timezone.localdate(start) + timedelta(days=30)
    for act in (
        lambda: reach("awaiting_signature"),
        lambda: take("submit", zhao_signatory),
        lambda: take("take_up", sun_inspector),
        lambda: take("put_back", sun_inspector, comment="请人代办"),
        lambda: take("take_up", zhou_inspector),
        lambda: decide(self_check, "approve", zhou_inspector),
        lambda: take("take_back_approval", zhou_inspector, comment="看漏一项"),
        lambda: decide(self_check, "approve", zhou_inspector),
        lambda: take("reopen", wu_manager, comment="数据有误", due_on=due_on),
        send_another_version,
    ):
        act()
        told.append(reader.get(path).json())
        days[0] += 1
    days[0] -= 1
    first = timezone.localdate(start)
    for after, was in enumerate(told):
        day = (first + timedelta(days=after)).isoformat()
        now = reader.get(path, {"as_of": day}).json()
        assert {name: now[name] for name in THEN} == {name: was[name] for name in THEN}, day
        assert now["is_open_again"] is was["is_open_again"]
        named = {"as_of": day, "year": self_check.year, "state": was["state"]}
        rows = reader.get("/api/v1/self-checks/", named).json()["results"]
        assert [row for row in rows if row["id"] == self_check.reference] == [now]
    assert [each["state"] for each in told] == [
        *("awaiting_signature", "submitted", "in_review", "submitted", "in_review", "approved"),
        *("in_review", "approved", "returned", "returned"),
    ]
    assert [each["upload"] for each in told] == [1] * 9 + [2]
    before = {"as_of": (first - timedelta(days=500)).isoformat()}
    assert reader.get(path, before).status_code == 404
    assert reader.get("/api/v1/self-checks/", before).json()["results"] == []
    tomorrow = (first + timedelta(days=days[0] + 1)).isoformat()
    assert {reader.get(path, {"as_of": d}).status_code for d in ("x", tomorrow, "")} == {400}


def test_schools_are_those_of_the_day_in_the_unit_of_the_day(
    bearer: Any, wu_manager: User, shapingba: District, tongliang: District
) -> None:
    reader, named = bearer(wu_manager), {"school_type": "小学", "location": "城区"}

    def register(code: str, **more: Any) -> School:
        return create_school(
            district=tongliang,
            by=wu_manager,
            code=code,
            name=code,
            ownership="公办",
            **named,
            **more,
        )

    register("5001510001", valid_to=date(2024, 7, 31))
    register("5001510002", valid_from=date(2024, 9, 1))
    moved = register("5001510003")
    FormerHome.objects.create(school=moved, district=shapingba, valid_to=date(2024, 12, 31))

    def answer(day: str, **asked: str) -> list[tuple[str, str]]:
        rows = reader.get("/api/v1/schools/", {"as_of": day, **asked}).json()["results"]
        return [(row["code"][-1], row["district"]) for row in rows]

    ours, theirs = shapingba.code, tongliang.code
    assert answer("2024-07-31") == [("1", theirs), ("3", ours)]
    assert answer("2024-08-15") == [("3", ours)]
    assert answer("2024-09-01") == [("2", theirs), ("3", ours)]
    assert answer("2025-01-01") == [("2", theirs), ("3", theirs)]
    assert answer("2024-12-31", district=ours) == [("3", ours)]
    assert answer("2025-01-01", district=ours) == []
    assert answer("2024-12-31", district=theirs) == [("2", theirs)]
    plain = reader.get("/api/v1/schools/", {"district": theirs}).json()["results"]
    assert [row["code"][-1] for row in plain] == ["1", "2", "3"]
    table = reader.get("/api/v1/schools/", {"as_of": "2024-08-15", "format": "csv"})
    assert ours in table.content.decode("utf-8-sig").splitlines()[1]
    assert reader.get("/api/v1/schools/", {"as_of": "2199-01-01"}).status_code == 400
