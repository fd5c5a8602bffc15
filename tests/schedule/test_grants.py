"""奖补资金 with its three years, and what follows for a unit: rules, rights, clocks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Refused, Unusable
from districts.models import District, User
from schedule.models import CertificationEvent, Grant
from schedule.services import consequences, grants
from selfchecks.models import Notice
from selfchecks.services.notice_words import text_of
from tests.schedule.outcomes import DOCUMENT, WHY, decide, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(tongliang: District, wu_manager: User) -> Grant:
    """铜梁区, not certified: 1,200,000 yuan issued on 29 February 2024."""
    return issue(tongliang, wu_manager)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """A function: let the services think that it is this day."""

    def _on(day: date) -> None:
        for module in ("grants", "consequences"):
            monkeypatch.setattr(f"schedule.services.{module}.today", lambda: day)

    return _on


@pytest.mark.parametrize(
    ("day", "state", "months"),
    [
        (date(2024, 2, 29), "running", None),
        (date(2026, 2, 27), "running", None),
        (date(2026, 2, 28), "soon", 12),  # twelve months before 28 February 2027
        (date(2026, 8, 27), "soon", 12),
        (date(2026, 8, 28), "soon", 6),
        (date(2026, 11, 28), "soon", 3),
        (date(2027, 2, 28), "soon", 3),  # the last day is still inside
        (date(2027, 3, 1), "due", None),
    ],
)
def test_three_years_from_29_february(
    grant: Grant, day: date, state: str, months: int | None
) -> None:
    found = grants.standing_of(grant, day)
    assert (found.due_on, found.state, found.months) == (date(2027, 2, 28), state, months)


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (date(2023, 12, 31), date(2026, 12, 31)),
        (date(2024, 1, 1), date(2027, 1, 1)),
        (date(2023, 8, 31), date(2026, 8, 31)),
    ],
)
def test_other_days(tongliang: District, wu_manager: User, issued: date, due: date) -> None:
    assert issue(tongliang, wu_manager, issued_on=issued).first_due_on == due


def test_nothing_was_checked_on_a_day_to_come(tongliang: District, wu_manager: User) -> None:
    with pytest.raises(Unusable, match="没有核对过就空着"):
        issue(tongliang, wu_manager, checked_on=date(2099, 1, 1))


def test_certified_in_time_and_not_revoked_is_done(shapingba: District, wu_manager: User) -> None:
    grant = issue(shapingba, wu_manager)  # certified on 14 March 2025
    assert grants.standing_of(grant, date(2025, 3, 13)).state == "running"
    assert grants.standing_of(grant, date(2025, 3, 14)).state == "done"
    event = CertificationEvent.objects.get(district=shapingba, result="certified")
    event.pk, event.result, event.date = None, "revoked", date(2026, 5, 1)
    event.list, event.source = None, "https://cq.gov.cn/"
    event.save()
    assert grants.standing_of(grant, date(2027, 3, 1)).state == "due"


def test_certified_a_day_late_is_due(shapingba: District, wu_manager: User) -> None:
    grant = issue(shapingba, wu_manager, issued_on=date(2022, 3, 13))
    assert grants.standing_of(grant, date(2026, 1, 1)).state == "due"


def test_warnings_go_out_on_working_days_once_each(
    grant: Grant, liu_officer: User, zhou_inspector: User
) -> None:
    day = date(2026, 2, 28)  # a Saturday that the notice for 2026 makes a working day
    assert grants.warn(by=None, day=date(2026, 2, 27)) == 0
    assert grants.warn(by=None, day=day) == 1
    assert grants.warn(by=None, day=day) == 0
    assert grants.warn(by=None, day=date(2026, 8, 29)) == 0  # a Saturday
    assert grants.warn(by=None, day=date(2026, 8, 31)) == 1
    assert grants.warn(by=None, day=date(2027, 3, 1)) == 1
    kinds = list(Notice.objects.filter(recipient=liu_officer).values_list("kind", flat=True))
    assert sorted(kinds) == ["grant.due", "grant.soon", "grant.soon"]
    assert "1,200,000.00 元" in text_of(Notice.objects.filter(kind="grant.due")[0])
    assert Notice.objects.filter(recipient=zhou_inspector).count() == 3


def test_it_is_extended_only_by_a_decision(grant: Grant, wu_manager: User) -> None:
    for wrong in (
        {"due_on": date(2027, 2, 28)},
        {"due_on": None},
        {"due_on": date(2028, 1, 1), "document_number": ""},
        {"due_on": date(2028, 1, 1), "reason": ""},
        {"due_on": date(2028, 1, 1), "day": date(2099, 1, 1)},
    ):
        with pytest.raises(Unusable):
            decide(grant, "extend", wu_manager, **wrong)
    decide(grant, "extend", wu_manager, due_on=date(2028, 2, 29))
    assert grants.standing_of(grant, date(2028, 2, 29)).state == "soon"
    assert grants.standing_of(grant, date(2028, 3, 1)).state == "due"
    assert grants.standing_of(grant, date(2026, 5, 31)).due_on == date(2027, 2, 28)  # before it
    assert Entry.objects.order_by("number").last().action == "grant.extend"


def test_money_comes_back_after_the_day_in_parts(
    grant: Grant, wu_manager: User, on: Callable[[date], None]
) -> None:
    with pytest.raises(Conflict):
        decide(grant, "recover", wu_manager, amount=Decimal(1))
    on(date(2027, 6, 1))
    day = {"day": date(2027, 6, 1)}
    decide(grant, "recover", wu_manager, amount=Decimal("200000.00"), **day)
    found = grants.standing_of(grant, date(2027, 6, 1))
    assert (found.state, found.recovered, found.left) == ("due", 200_000, 1_000_000)
    with pytest.raises(Unusable):
        decide(grant, "recover", wu_manager, amount=Decimal("1000000.01"), **day)
    decide(grant, "recover", wu_manager, amount=Decimal("1000000.00"), **day)
    assert grants.standing_of(grant, date(2027, 6, 2)).state == "recovered"


def test_the_unit_is_told_what_was_decided(
    grant: Grant, wu_manager: User, liu_officer: User, on: Callable[[date], None]
) -> None:
    decide(grant, "extend", wu_manager, due_on=date(2027, 12, 31), reason="工期顺延")
    on(date(2028, 6, 1))
    decide(grant, "recover", wu_manager, amount=Decimal(1000), day=date(2028, 6, 1), reason="到期")
    decide(grant, "void", wu_manager, day=date(2028, 6, 1), reason="录重了")
    told = Notice.objects.filter(kind__startswith="grant.").order_by("pk")
    assert {row.recipient for row in told} == {liu_officer}
    assert [text_of(row) for row in told] == [
        "铜梁区的奖补资金（演示财〔2024〕1号）延期到 2027年12月31日：工期顺延",
        "铜梁区的奖补资金（演示财〔2024〕1号）追回 1,000.00 元：到期",
        "铜梁区的奖补资金（演示财〔2024〕1号）是录错的，已作废：录重了",
    ]


def test_a_slip_is_voided_with_a_reason(grant: Grant, wu_manager: User) -> None:
    decide(grant, "void", wu_manager, document_number="")
    assert grants.standing_of(grant, date(2027, 6, 1)).state == "void"
    with pytest.raises(Refused):
        decide(grant, "extend", wu_manager, due_on=date(2029, 1, 1))


@pytest.mark.parametrize("who", ["zhou_inspector", "he_auditor", "liu_officer"])
def test_money_is_the_managers(grant: Grant, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        issue(grant.district, person, purpose="另一笔")
    with pytest.raises(NotAllowed):
        decide(grant, "void", person)


def test_a_grant_needs_its_document_and_a_day_that_has_come(
    tongliang: District, wu_manager: User
) -> None:
    for wrong in (
        {"document_number": ""},
        {"issued_on": date(2099, 1, 1)},
        {"issued_on": date(1900, 1, 1)},
        {"amount": Decimal(0)},
        {"purpose": ""},
    ):
        with pytest.raises(Unusable):
            issue(tongliang, wu_manager, **wrong)


# -- what follows ----------------------------------------------------------------------------------


def consequence(district: District, by: User, kind: str, **more: object) -> object:
    given = {"day": date(2026, 6, 1), "ground": WHY, "document_number": DOCUMENT, **more}
    return consequences.record_consequence(by=by, district=district, kind=kind, **given)


def test_priority_is_for_those_on_time(
    tongliang: District, reference: None, wu_manager: User
) -> None:
    late = District.objects.get(code="500106")  # planned for 2022, certified in 2025
    for district in (tongliang, late):
        with pytest.raises(Conflict):
            consequence(district, wu_manager, "priority")
    CertificationEvent.objects.filter(district=late).update(date=date(2022, 12, 31))
    assert consequence(late, wu_manager, "priority")


def test_holding_to_account_needs_a_form_and_a_ground(
    grant: Grant, tongliang: District, wu_manager: User, on: Callable[[date], None]
) -> None:
    with pytest.raises(Unusable) as refused:
        consequence(tongliang, wu_manager, "accountability", ground="")
    assert {"form", "ground"} <= set(refused.value.fields)
    with pytest.raises(Unusable):
        consequence(tongliang, wu_manager, "support", form="talk")
    with pytest.raises(Unusable):  # not due yet
        consequence(tongliang, wu_manager, "accountability", form="talk", grant=grant)
    on(date(2027, 4, 1))
    day = {"day": date(2027, 3, 1)}
    assert consequence(tongliang, wu_manager, "accountability", form="talk", grant=grant, **day)
    assert Entry.objects.order_by("number").last().action == "consequence.record"


def test_a_ground_is_the_units_own(
    grant: Grant, shapingba: District, wu_manager: User, on: Callable[[date], None]
) -> None:
    on(date(2027, 4, 1))
    with pytest.raises(Unusable):
        consequence(shapingba, wu_manager, "accountability", form="talk", grant=grant)


def test_guidance_ends_with_its_result(
    tongliang: District, shapingba: District, zhou_inspector: User, liu_officer: User
) -> None:
    facts = {"begun_on": date(2026, 6, 1), "reason": "规划年份临近，差异系数偏高", "group": "攻坚"}
    with pytest.raises(NotAllowed):
        consequences.begin_guidance(by=liu_officer, district=tongliang, kind="urged", **facts)
    with pytest.raises(Conflict):  # certified
        consequences.begin_guidance(by=zhou_inspector, district=shapingba, kind="urged", **facts)
    begun = consequences.begin_guidance(
        by=zhou_inspector, district=tongliang, kind="urged", **facts
    )
    with pytest.raises(Unusable):
        consequences.begin_guidance(by=zhou_inspector, district=tongliang, kind="urged", **facts)
    said = {"day": date(2026, 7, 1), "words": "商定年底前补齐专用教室"}
    for kind in ("visit", "agreed", "result"):
        consequences.note_guidance(guidance=begun, by=zhou_inspector, kind=kind, **said)
    begun.refresh_from_db()
    assert begun.ended_on == date(2026, 7, 1)
    with pytest.raises(Conflict):
        consequences.note_guidance(guidance=begun, by=zhou_inspector, kind="visit", **said)
