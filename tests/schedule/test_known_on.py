"""``known_on=``: what was known on a day, byte for byte, whatever is corrected afterwards."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from audit.models import Entry
from audit.services import record
from districts.models import District, School, User
from districts.services.schools import create_school, update_school
from districts.services.units import update_district
from schedule.models import CertificationEvent, CertificationList, CertificationStep
from schedule.services import certifications, lists, plans, procedure

API = "/api/v1/"
LISTS = (
    *("certifications/", "lists/", "plan-versions/", "schedule/", "schools/", "audit/"),
    *("certifications/?format=csv", "schools/?format=csv", "schedule/?fields=district,year"),
    *("certifications/1/", "lists/1/", "schedule/500151/", "schools/5001060001/", "audit/1/"),
)


class Clock:
    """Days after the one on which the reference data was loaded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.start, self.days = timezone.now(), 0
        monkeypatch.setattr(timezone, "now", self.now)

    def now(self) -> datetime:
        return self.start + timedelta(days=self.days)

    @property
    def day(self) -> str:
        return timezone.localdate(self.now()).isoformat()


@pytest.fixture
def clock(reference: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Reader:
    """Signs in once a day: no session lasts for days, and an account has ten at most."""

    def __init__(self, signed_in: Any, person: User) -> None:
        self.signed_in = cache(lambda _day: signed_in(person))

    def get(self, *given: Any) -> Any:
        return self.signed_in(timezone.localdate()).get(*given)


@pytest.fixture
def readers(signed_in: Any, he_auditor: User) -> Reader:
    return Reader(signed_in, he_auditor)


def known(reader: Reader, path: str, day: str) -> tuple[int, bytes]:
    joint = "&" if "?" in path else "?"
    answer = reader.get(f"{API}{path}{joint}known_on={day}")
    return answer.status_code, answer.content


def everything(reader: Reader, day: str) -> dict[str, tuple[int, bytes]]:
    return {path: known(reader, path, day) for path in LISTS}


def a_school(district: District, by: User, code: str) -> School:
    named = {"name": "甲小学", "school_type": "小学", "ownership": "公办", "location": "城区"}
    return create_school(district=district, by=by, code=code, **named)


def correct_everything(turn: int, manager: User, shapingba: District) -> None:
    """What people do in place: events, lists, steps, names of units and schools, the plan."""
    event = CertificationEvent.objects.order_by("pk")[0]
    words = {"note": f"第 {turn} 次更正", "checked_on": timezone.localdate()}
    certifications.correct_event(event=event, by=manager, reason="核对", **words)
    one = CertificationList.objects.order_by("pk")[0]
    lists.correct_list(listed=one, by=manager, reason="核对", source_note=f"说明 {turn}")
    step = CertificationStep.objects.order_by("pk")[0]
    procedure.update_step(step=step, by=manager, name=f"{step.name[:8]}{turn}")
    update_district(district=shapingba, by=manager, region=f"区域 {turn}")
    school = School.objects.get(code="5001060001")
    update_school(school=school, by=manager, name=f"甲小学{turn}", location="镇区")
    a_school(shapingba, manager, f"500106010{turn}")
    certifications.record_event(
        district=District.objects.get(code="500151"),
        step=CertificationStep.objects.of_year(2025).filter(name="区县自评").get(),
        result="started",
        day=timezone.localdate() - timedelta(days=200 - turn),
        by=manager,
    )


def test_the_answer_stays_whatever_is_corrected_afterwards(
    clock: Clock, readers: Reader, wu_manager: User, shapingba: District
) -> None:
    a_school(shapingba, wu_manager, "5001060001")
    asked: dict[str, dict[str, tuple[int, bytes]]] = {}
    for turn in range(1, 5):
        asked[clock.day] = everything(readers, clock.day)
        clock.days += 1
        for day, answers in asked.items():
            for path, answer in answers.items():
                assert known(readers, path, day) == answer, (path, day)
        correct_everything(turn, wu_manager, shapingba)
    days = list(asked)
    for path in ("certifications/", "schools/", "schedule/", "audit/", "lists/"):
        assert len({asked[day][path] for day in days}) == len(days), path
    assert all(status == 200 for day in days for status, _content in asked[day].values())


def test_it_is_what_the_list_said_on_that_day(
    clock: Clock, readers: Reader, wu_manager: User, shapingba: District
) -> None:
    """Beside the plain answers of that day: only when something was corrected last may differ by
    the moment between a row and its entry."""
    a_school(shapingba, wu_manager, "5001060001")
    correct_everything(1, wu_manager, shapingba)
    paths = ("certifications/", "lists/", "plan-versions/", "schedule/", "schools/")
    plain = {path: readers.get(API + path).json()["results"] for path in paths}
    day, clock.days = clock.day, 1
    correct_everything(2, wu_manager, shapingba)
    clock.days = 2
    for path in paths:
        then = readers.get(f"{API}{path}?known_on={day}").json()["results"]
        for row in (*then, *plain[path]):
            row.pop("changed_at", None)
        assert then == plain[path], path


def test_a_new_version_of_the_plan_is_not_known_before(
    clock: Clock, readers: Reader, wu_manager: User, tongliang: District
) -> None:
    day, clock.days = clock.day, 1
    before = readers.get(f"{API}schedule/{tongliang.code}/").json()["year"]
    plans.replan(
        changes={tongliang.code: 2030},
        reason="进度调整",
        document_number="演示文号〔2026〕9号",
        by=wu_manager,
    )
    then = readers.get(f"{API}schedule/{tongliang.code}/?known_on={day}").json()
    assert (then["year"], then["version"]) == (before, 1)
    now = readers.get(f"{API}schedule/{tongliang.code}/?known_on={clock.day}").json()
    assert (now["year"], now["version"]) == (2030, 2)


def test_before_anything_was_known_there_is_nothing(clock: Clock, readers: Reader) -> None:
    day = (timezone.localdate() - timedelta(days=400)).isoformat()
    for path in ("certifications/", "lists/", "plan-versions/", "schedule/", "audit/"):
        assert readers.get(f"{API}{path}?known_on={day}").json()["results"] == [], path
    assert known(readers, "certifications/1/", day)[0] == 404


def test_what_the_trail_cannot_undo_is_refused_with_the_reason(
    clock: Clock, readers: Reader, wu_manager: User, shapingba: District
) -> None:
    day, clock.days = clock.day, 1
    with transaction.atomic():
        District.objects.get(pk=shapingba.pk).save()
        entry = record(action="district.import", by=wu_manager, changes={"new": 0, "changed": 1})
    for path in ("certifications/", "schedule/", "schedule/500106/"):
        refused = readers.get(f"{API}{path}?known_on={day}")
        assert refused.status_code == 400
        assert str(entry.number) in refused.json()["errors"][0]["detail"]
    assert known(readers, "plan-versions/", day)[0] == 200
    assert known(readers, "certifications/", clock.day)[0] == 200


def test_who_sees_one_unit_is_not_told_of_schools_that_moved(
    clock: Clock, signed_in: Any, readers: Reader, chen_officer: User, wu_manager: User,
    shapingba: District, tongliang: District,
) -> None:  # fmt: skip
    school = a_school(shapingba, wu_manager, "5001060001")
    day, clock.days = clock.day, 1
    assert known(Reader(signed_in, chen_officer), "schools/", day)[0] == 200
    update_school(school=school, by=wu_manager, district=tongliang)
    assert known(Reader(signed_in, chen_officer), "schools/", day)[0] == 400
    rows = readers.get(f"{API}schools/?known_on={day}").json()["results"]
    assert [row["district"] for row in rows] == [shapingba.code]


@pytest.mark.parametrize("path", ["districts/", "phases/", "self-checks/", "standards/", "hooks/"])
def test_lists_that_cannot_tell_say_why(clock: Clock, readers: Reader, path: str) -> None:
    refused = readers.get(f"{API}{path}", {"known_on": clock.day})
    assert refused.status_code == 400
    assert "审计记录" in refused.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"known_on": "2026-13-01"},
        {"known_on": "20261123"},
        {"known_on": "2199-01-01"},
        {"known_on": "2026-11-23", "result": "started"},
        {"known_on": "2026-11-23", "from": "2026-01-01"},
    ],
)
def test_questions_that_cannot_be_answered_are_400(
    clock: Clock, readers: Reader, asked: dict[str, str]
) -> None:
    assert readers.get(f"{API}certifications/", asked).status_code == 400


def test_days_before_every_change_was_sealed_are_those_of_chongqing(
    clock: Clock, readers: Reader
) -> None:
    """17:30 in Greenwich is half past one of the next morning."""
    late = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    Entry.objects.bulk_create([Entry(number=10**6, at=late, action="plan.publish", layout=2)])
    refused = readers.get(f"{API}certifications/", {"known_on": "2026-03-05"})
    assert refused.status_code == 400
    assert "2026-03-05 以前" in refused.json()["errors"][0]["detail"]
    assert readers.get(f"{API}certifications/", {"known_on": "2026-03-06"}).status_code == 200
