"""Problems that are late are told of: to the bureau, its chief, the city, each once."""

from collections.abc import Callable
from datetime import date

import pytest

from districts.models import District, User
from districts.services.calendar import working_days
from improvement.models import Problem
from improvement.services.ledger import found
from improvement.services.ledger_acts import arrange, take_step
from improvement.services.ledger_city import at_city
from improvement.services.ledger_late import escalate
from selfchecks.models import Notice
from selfchecks.services.notice_words import text_of
from tests.reader import links, words

DUE = date(2026, 9, 4)  # a Friday


@pytest.fixture
def late(
    shapingba: District,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
) -> Problem:
    return found(by=None, district=shapingba, source="visit", key="1", words="缺录像", due_on=DUE)


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind__startswith="ledger.late").order_by("pk")
    return [(row.recipient.display_name, row.kind.removeprefix("ledger.")) for row in rows]


def test_each_is_told_once_on_a_working_day(late: Problem) -> None:
    for day in (DUE, date(2026, 9, 5), date(2026, 9, 6)):  # the day itself, Saturday, Sunday
        assert escalate(day=day) == 0
    assert escalate(day=date(2026, 9, 7)) == 1
    assert told() == [("陈静", "late")]
    assert escalate(day=date(2026, 9, 8)) == 0
    assert text_of(Notice.objects.get()) == (
        "沙坪坝区有 1 个问题过了整改期限，最早的应在 2026年9月4日前改好。"
    )


@pytest.mark.parametrize("days", [15, 30])
def test_the_chief_and_the_city_hear_after_working_days(late: Problem, days: int) -> None:
    reached = working_days().after(DUE, days)
    before = working_days().after(DUE, days - 1)
    names = {15: {"陈静", "赵明"}, 30: {"陈静", "赵明", "周岚", "吴敏"}}
    escalate(day=before)
    assert {name for name, _kind in told()} < names[days]
    escalate(day=reached)
    assert {name for name, _kind in told()} == names[days]
    late.refresh_from_db()
    assert late.escalated == {15: 2, 30: 3}[days]


def test_fifteen_working_days_by_hand(late: Problem) -> None:
    """7–11, 14–18, Sunday the 20th (worked for National Day) and 21–24 September."""
    escalate(day=date(2026, 9, 23))
    assert [kind for _name, kind in told()] == ["late"]
    escalate(day=date(2026, 9, 24))
    assert [kind for _name, kind in told()] == ["late", "late_chief"]


def test_what_waits_for_others_is_not_late(late: Problem) -> None:
    Problem.objects.update(state="proposed")
    assert escalate(day=date(2026, 12, 1)) == 0


def test_what_the_city_was_told_of_waits_on_its_desk_until_the_bureau_moves(
    late: Problem,
    zhou_inspector: User,
    chen_officer: User,
    signed_in: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Problem, "late", True)
    escalate(day=working_days().after(DUE, 29))
    assert at_city("inspector")["late"] == []
    assert "已报市级" not in words(signed_in(chen_officer).get(f"/ledger/{late.pk}/"))
    escalate(day=working_days().after(DUE, 30))
    assert at_city("inspector")["late"] == [(late.district, 1, DUE)]
    page = signed_in(zhou_inspector).get("/admin/")
    assert "督促沙坪坝区：1 个问题逾期已报市级" in words(page)
    assert "逾期，已报市级" in words(signed_in(chen_officer).get(f"/ledger/{late.pk}/"))
    ledger = "/ledger/?district=500106&late=true"
    assert any(link.endswith(ledger) for link in links(page))
    Problem.objects.update(state="proposed")
    assert at_city("inspector")["late"] == []


def test_what_is_to_be_closed_waits_on_the_desk_of_who_may_close_it(
    late: Problem,
    zhou_inspector: User,
    wu_manager: User,
    chen_officer: User,
    signed_in: Callable,
) -> None:
    later = {"due_on": date(2099, 1, 5), "comment": "招标推迟"}
    arrange(problem=late, by=chen_officer, owner="王主任", **later)
    take_step(problem=late, step="take_on", by=chen_officer)
    take_step(problem=late, step="claim", comment="录像已补", by=chen_officer)
    page = signed_in(zhou_inspector).get("/admin/")
    assert "核实沙坪坝区的 1 个待销号问题" in words(page)
    assert "/ledger/?district=500106&state=proposed&kind=evidence" in links(page)
    assert "个待销号问题" not in words(signed_in(wu_manager).get("/admin/"))
    take_step(problem=late, step="close", by=zhou_inspector)
    assert at_city("inspector")["closing"] == []
