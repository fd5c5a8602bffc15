"""A plan adopted later is merged into school plans, which keep what people wrote."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.verification import differences_of_rows
from districts.models import User
from improvement.models import Measure, Plan, Revision, SchoolPlan, Stage
from improvement.school_plans.wanted import due_days, wanted
from improvement.services import conditions, measures, merging, planning, seeding
from improvement.services.school_plans import take_step
from selfchecks.models import SelfCheck
from tests.english import chinese_left, stored_texts
from tests.improvement.bureau.test_school_plans import LIST, text_of
from tests.improvement.conftest import codes_of, set_prices
from tests.improvement.school_planning import WRITTEN, approve, write
from tests.improvement.test_api_problems import send

MERGE = f"{LIST}merge/"
REST = "/api/v1/self-checks/500106-2026/school-plans/merge/"
ROOMS = {"kind": "for_A7", "reason": "已立项"}


def adopt(self_check: SelfCheck, officer: User, signatory: User, **how: Any) -> Plan:
    plan = planning.make(self_check=self_check, **{"kind": "cheapest", "by": officer, **how})
    return planning.adopt(plan=plan, by=signatory)


def lock(self_check: SelfCheck, by: User, at: int, least: int) -> Any:
    """At least so many rooms in one of its schools."""
    about = {"district": self_check.district, "school_code": codes_of(self_check)[at]}
    return conditions.set_condition(**about, **ROOMS, least=Decimal(least), by=by)


def merge(self_check: SelfCheck, by: User, **said: Any) -> merging.Ahead:
    seen = merging.look(self_check).tag
    return merging.merge(self_check=self_check, by=by, seen=seen, **said)


@pytest.fixture
def later(approved: SchoolPlan, chen_officer: User, zhao_signatory: User) -> Plan:
    """Ground costs 500 a ㎡ now, and the first two schools get 3 and 2 rooms."""
    for at, least in ((0, 3), (1, 2)):
        lock(approved.self_check, chen_officer, at, least)
    set_prices(chen_officer, A5=500)
    return adopt(approved.self_check, chen_officer, zhao_signatory)


def test_what_is_new_is_added_and_what_changed_keeps_what_it_was(
    later: Plan, approved: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    ground = approved.measures.get()
    ahead = merging.look(approved.self_check)
    (found,) = ahead.others
    assert [(row.kind, row.amount) for row in found.added] == [("for_A7", 3)]
    assert found.changed == [(ground, {"cost": ground.amount * 500})]
    assert sorted(ahead.begun) == [codes_of(approved.self_check)[1]]
    merge(approved.self_check, chen_officer, reason="单价调整")
    approved.refresh_from_db()
    assert (approved.plan, approved.state) == (later, Stage.DRAFTING)
    ground.refresh_from_db()
    assert (ground.cost, ground.responsible) == (ground.amount * 500, "王校长")
    kept = Revision.objects.get(measure=ground, after_approval=True)
    assert [Decimal(each) for each in kept.changes["cost"]] == [ground.amount * 400, ground.cost]
    assert kept.reason == "单价调整"
    assert [m.number for m in approved.measures.all()] == [1, 2]
    begun = SchoolPlan.objects.exclude(pk=approved.pk).get()
    assert (begun.plan, begun.measures.get().amount) == (later, 2)
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.reason) == ("school_plan.merge", "单价调整")
    assert not list(differences_of_rows())
    assert merging.look(approved.self_check).merges == []
    rooms = approved.measures.get(number=2)
    measures.change(measure=rooms, by=chen_officer, reason="补写", **WRITTEN)
    approve(approved, chen_officer, zhao_signatory)
    with pytest.raises(Conflict, match="不能再收回"):
        planning.take_back(plan=later, by=zhao_signatory, reason="单价算错了")


def test_what_fell_away_is_cancelled_with_its_record(
    later: Plan, approved: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    merge(approved.self_check, chen_officer, reason="单价调整")
    for condition in conditions.in_force(approved.self_check.district):
        conditions.end_condition(condition=condition, by=chen_officer)
    adopt(approved.self_check, chen_officer, zhao_signatory)
    done = merge(approved.self_check, chen_officer, reason="教室不再锁定")
    assert [each.name for merged in done.others for each in merged.fallen] == ["提高 A7"] * 2
    assert Measure.objects.live().get().kind == "for_A5"
    rooms = Measure.objects.filter(kind="for_A7")
    assert all(row.dropped_at for row in rooms)
    assert all("dropped_at" in row.revisions.latest("number").changes for row in rooms)
    emptied = SchoolPlan.objects.exclude(pk=approved.pk).get()
    assert approve(emptied, chen_officer, zhao_signatory).state == Stage.APPROVED
    assert not list(differences_of_rows())


def test_what_people_wrote_stays_where_both_plans_want_the_same(
    approved: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    ground = approved.measures.get()
    said = {"amount": Decimal(777), "cost": Decimal(1), "reason": "实测"}
    measures.change(measure=ground, by=chen_officer, **said)
    item = {"name": "结对", "unit": "item", "amount": Decimal(1), "office": "bureau"}
    own = measures.add(school_plan=approved, by=chen_officer, reason="x", **item)
    lock(approved.self_check, chen_officer, 1, 2)
    adopt(approved.self_check, chen_officer, zhao_signatory)
    assert merging.look(approved.self_check).others == []
    merge(approved.self_check, chen_officer)
    ground.refresh_from_db()
    assert (ground.amount, ground.cost) == (777, 1)
    assert {*Measure.objects.live().filter(school_plan=approved)} == {ground, own}


def test_what_people_had_cancelled_comes_back_only_when_it_is_wanted_otherwise(
    approved: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    measures.drop(measure=approved.measures.get(), by=chen_officer, reason="没有用地")
    lock(approved.self_check, chen_officer, 1, 2)
    adopt(approved.self_check, chen_officer, zhao_signatory)
    assert merging.look(approved.self_check).others == []
    set_prices(chen_officer, A5=500)
    adopt(approved.self_check, chen_officer, zhao_signatory)
    ((_row, added),) = [(m.school_plan, m.added) for m in merging.look(approved.self_check).others]
    assert [row.kind for row in added] == ["for_A5"]


def test_merging_is_the_officers_with_a_reason_on_what_they_saw(
    later: Plan, approved: SchoolPlan, chen_officer: User, zhao_signatory: User, liu_officer: User
) -> None:
    self_check = approved.self_check
    for other in (zhao_signatory, liu_officer):
        with pytest.raises(NotAllowed):
            merge(self_check, other, reason="x")
    with pytest.raises(Unusable, match="写明改动的原因"):
        merge(self_check, chen_officer)
    with pytest.raises(Stale, match="预览之后"):
        merging.merge(self_check=self_check, by=chen_officer, seen="x", reason="x")
    measure = approved.measures.get()
    measures.change(measure=measure, by=chen_officer, reason="x", responsible="李")
    take_step(school_plan=approved, step="send", by=chen_officer)
    with pytest.raises(Conflict, match="先撤回"):
        merge(self_check, chen_officer, reason="x")
    assert SchoolPlan.objects.filter(plan=later).count() == 0


def test_whoever_merged_does_not_approve(
    later: Plan, approved: SchoolPlan, chen_officer: User
) -> None:
    from improvement.services.school_plans import prepared_by

    merge(approved.self_check, chen_officer, reason="x")
    assert prepared_by(chen_officer, [approved]) == {approved.pk}


@pytest.fixture
def over_years(priced: SelfCheck, chen_officer: User, zhao_signatory: User) -> Plan:
    """What is needed costs less than both budgets, and more than the first."""
    whole = planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    assert whole.cost
    first = str(int(whole.cost / 3))
    wishes = {"years": [{"budget": first}, {"budget": None}]}
    return adopt(priced, chen_officer, zhao_signatory, kind="years", wishes=wishes)


def test_each_years_additions_have_that_years_day(
    over_years: Plan, priced: SelfCheck, chen_officer: User
) -> None:
    """The self-check is of 2026: its years are 2027 and 2028."""
    assert due_days(over_years) == {2027: date(2027, 12, 31), 2028: date(2028, 12, 31)}
    (begun,) = seeding.take_over(self_check=priced, by=chen_officer, days=[date(2028, 8, 31)])
    rows = [*begun.measures.all()]
    assert [(row.kind, row.due) for row in rows] == [
        ("for_A5", date(2027, 12, 31)),
        ("for_A5", date(2028, 8, 31)),
    ]
    whole = [Decimal(row["amount"]) for row in over_years.result["additions"]]
    assert sum(row.amount for row in rows) == sum(whole)
    assert sum(row.cost or 0 for row in rows) == over_years.cost


@pytest.mark.parametrize("days", [[date(2029, 1, 1)], [date(2027, 1, 1), date(2027, 2, 1)]])
def test_a_day_beyond_the_years_is_refused(
    over_years: Plan, priced: SelfCheck, chen_officer: User, days: list[date]
) -> None:
    with pytest.raises(Unusable, match="2027、2028"):
        seeding.take_over(self_check=priced, by=chen_officer, days=days)
    assert not SchoolPlan.objects.exists()


def test_a_plan_over_years_is_merged_year_by_year(
    over_years: Plan, priced: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    """Of two years one remains: the first keeps its people with the whole amount."""
    (begun,) = seeding.take_over(self_check=priced, by=chen_officer)
    write(begun, chen_officer)
    first, second = begun.measures.all()
    adopt(priced, chen_officer, zhao_signatory)
    merge(priced, chen_officer)
    for row in (first, second):
        row.refresh_from_db()
    assert first.amount == sum(
        row.amount for row in wanted(over_years, due_days(over_years))[begun.school_code]
    )
    assert (first.due, first.dropped_at) == (date(2027, 8, 31), None)
    assert second.dropped_at is not None


def test_a_start_after_the_new_day_is_open_again(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    said = {"start": date(2028, 1, 1), "due": date(2028, 6, 30)}
    measures.change(measure=written.measures.get(), by=chen_officer, **said)
    wishes = {"years": [{"budget": None}, {"budget": None}]}
    adopt(written.self_check, chen_officer, zhao_signatory, kind="years", wishes=wishes)
    merge(written.self_check, chen_officer, days=[date(2027, 10, 31)])
    row = Measure.objects.live().get()
    assert (row.start, row.due) == (None, date(2027, 10, 31))


def test_the_page_tells_what_it_will_do_and_does_it(
    later: Plan, approved: SchoolPlan, chen_officer: User, zhao_signatory: User, signed_in: Any
) -> None:
    chief, officer = signed_in(zhao_signatory), signed_in(chen_officer)
    assert "看并入会改变什么" not in text_of(chief.get(LIST))
    assert chief.get(MERGE).status_code == 404
    assert "没有并入第 2 号方案" in text_of(officer.get(LIST))
    page = text_of(officer.get(MERGE))
    assert "1 所学校的一校一策会改" in page
    assert "新增</strong> 提高 A7" in page
    assert "经费（元）：91.02 万元 → 113.78 万元" in page
    assert "新建立 1 所学校的一校一策：沙坪坝区第2学校" in page
    english = officer.get(f"/en{MERGE}").content.decode()
    assert chinese_left(english, stored_texts()) == []
    seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
    refused = officer.post(MERGE, {"seen": seen})
    assert (refused.status_code, "请写明改动的原因" in text_of(refused)) == (422, True)
    assert officer.post(MERGE, {"seen": "x", "reason": "调价"}).status_code == 412
    done = officer.post(MERGE, {"seen": seen, "reason": "调价"}, follow=True)
    assert "已并入第 2 号方案：1 所学校有改动，新建 1 所。" in text_of(done)
    again = officer.get(MERGE, follow=True)
    assert "都已按第 2 号方案" in text_of(again)


def test_the_page_asks_for_each_years_day(
    over_years: Plan, chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(chen_officer)
    page = text_of(client.get(LIST))
    assert "2027 年的措施什么时候完成" in page
    said = {"step": "begin", "due_2027": "2027-09-30", "due_2028": "2028-08-31"}
    refused = client.post(LIST, {**said, "due_2028": "2027-12-31"})
    assert (refused.status_code, "请填 2028 年里的一天" in text_of(refused)) == (422, True)
    assert client.post(LIST, {**said, "due_2027": ""}).status_code == 422
    assert not SchoolPlan.objects.exists()
    client.post(LIST, said)
    days = Measure.objects.order_by("number").values_list("due", flat=True)
    assert [*days] == [date(2027, 9, 30), date(2028, 8, 31)]


def test_merging_over_rest_after_seeing_what_it_does(
    later: Plan, approved: SchoolPlan, chen_officer: User, zhao_signatory: User, bearer: Any
) -> None:
    client = bearer(chen_officer, "read", "write:selfcheck")
    chief = bearer(zhao_signatory, "read", "write:selfcheck")
    assert send(chief, REST, plan=2).status_code == 403
    assert send(client, REST, plan=1).status_code == 412
    seen = send(client, f"{REST}?dry_run=true", plan=2).json()
    (added,), (changed,) = seen["added"], seen["changed"]
    assert (added["name"], added["number"], seen["fallen"], seen["same"]) == (
        "提高 A7",
        None,
        [],
        0,
    )
    assert changed["changes"]["cost"] == ["910200.00", "1137750"]
    assert not SchoolPlan.objects.filter(plan=later).exists()
    assert send(client, REST, plan=2).status_code == 422  # no reason
    said = {"plan": 2, "reason": "调价", "seen": "x"}
    assert client.post(REST, said, content_type="application/json").status_code == 412
    assert send(client, REST, plan=2, reason="调价", days=["2027-01-01"]).status_code == 422
    said["seen"] = seen["tag"]
    done = client.post(REST, said, content_type="application/json")
    assert (done.status_code, done.json()["added"][0]["number"]) == (200, 2), done.text
    assert done.json()["begun"] == [codes_of(approved.self_check)[1]]
    number = Entry.objects.latest("number").number
    assert send(client, REST, plan=2, reason="调价").json()["begun"] == []
    assert Entry.objects.latest("number").number == number  # there was nothing to do
