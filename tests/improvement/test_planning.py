"""Plans made from a self-check: kept with what they were made from, adopted by the signatory."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import User
from improvement.models import Phase, Plan, State
from improvement.services import conditions, planning
from selfchecks.models import SelfCheck
from tests.improvement.conftest import set_prices
from tests.selfchecks.conftest import keep_clean

PRIMARY = "2100001001"


@pytest.fixture
def plan(priced: SelfCheck, chen_officer: User) -> Plan:
    return planning.make(self_check=priced, kind="cheapest", by=chen_officer)


def test_a_plan_is_kept_with_its_terms_and_its_answer(plan: Plan, priced: SelfCheck) -> None:
    assert (plan.number, plan.state, plan.phase) == (1, State.FOUND, Phase.DONE)
    assert plan.result["status"] in ("proven", "feasible")
    assert plan.cost == sum(Decimal(each["cost"]) for each in plan.result["additions"]) > 0
    assert {each["code"] for each in plan.terms["measures"]} == {f"for_A{n}" for n in range(1, 8)}
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.district_code) == ("plan.make", "500106")
    assert entry.changes["digest"] == plan.digest


def test_what_was_made_twice_from_the_same_is_the_same(plan: Plan, zhao_signatory: User) -> None:
    again = planning.make(self_check=plan.self_check, kind="cheapest", by=zhao_signatory)
    assert (again.number, again.digest, again.cost) == (2, plan.digest, plan.cost)


def test_the_signatory_adopts(plan: Plan, zhao_signatory: User, chen_officer: User) -> None:
    with pytest.raises(NotAllowed):
        planning.adopt(plan=plan, by=chen_officer)
    adopted = planning.adopt(plan=plan, by=zhao_signatory)
    assert adopted.adopted_by == zhao_signatory
    assert Entry.objects.latest("number").action == "plan.adopt"
    with pytest.raises(Conflict):
        planning.adopt(plan=plan, by=zhao_signatory)


def test_an_adoption_is_taken_back_with_a_reason(
    plan: Plan, zhao_signatory: User, chen_officer: User
) -> None:
    with pytest.raises(Conflict, match="没有采用"):
        planning.take_back(plan=plan, by=zhao_signatory, reason="校舍另行安排")
    planning.adopt(plan=plan, by=zhao_signatory)
    with pytest.raises(NotAllowed):
        planning.take_back(plan=plan, by=chen_officer, reason="校舍另行安排")
    with pytest.raises(Unusable, match="请写明收回采用的原因"):
        planning.take_back(plan=plan, by=zhao_signatory, reason=" ")
    back = planning.take_back(plan=plan, by=zhao_signatory, reason="校舍另行安排")
    assert (back.adopted_by, back.adopted_at) == (None, None)
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.reason) == ("plan.take_back", "校舍另行安排")
    assert planning.taken_back(back) == entry
    again = planning.adopt(plan=back, by=zhao_signatory)
    assert planning.taken_back(again) is None


def test_what_a_later_plan_replaced_is_not_taken_back(plan: Plan, zhao_signatory: User) -> None:
    later = planning.make(self_check=plan.self_check, kind="everyone", by=zhao_signatory)
    for each in (plan, later):
        planning.adopt(plan=each, by=zhao_signatory)
    with pytest.raises(Conflict, match="已经不再起作用"):
        planning.take_back(plan=plan, by=zhao_signatory, reason="校舍另行安排")
    planning.take_back(plan=later, by=zhao_signatory, reason="校舍另行安排")
    assert planning.in_force(plan.self_check) == plan


def test_what_something_rests_on_is_not_taken_back(
    plan: Plan, zhao_signatory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopted = planning.adopt(plan=plan, by=zhao_signatory)
    rests = [lambda _plan: "", lambda _plan: "已有 2 所学校的方案批准。"]
    monkeypatch.setattr(planning, "RESTING", rests)
    with pytest.raises(Conflict, match="2 所学校的方案") as refused:
        planning.take_back(plan=adopted, by=zhao_signatory, reason="校舍另行安排")
    assert refused.value.code == "rested_on"
    assert planning.open_steps(adopted, zhao_signatory) == []


def test_a_plan_whose_prices_changed_since_is_not_adopted(plan: Plan, zhao_signatory: User) -> None:
    set_prices(zhao_signatory, A5=450)
    with pytest.raises(Conflict, match="有了变化") as refused:
        planning.adopt(plan=plan, by=zhao_signatory)
    assert refused.value.code == "outdated"


def test_a_plan_whose_conditions_changed_since_is_not_adopted(
    plan: Plan, zhao_signatory: User
) -> None:
    conditions.set_condition(
        district=plan.self_check.district,
        school_code=PRIMARY,
        kind="for_A5",
        most=0,
        reason="没有场地",
        by=zhao_signatory,
    )
    with pytest.raises(Conflict, match="有了变化"):
        planning.adopt(plan=plan, by=zhao_signatory)


def test_half_a_room_is_never_locked(priced: SelfCheck, zhao_signatory: User) -> None:
    """No plan could be made any more."""
    school = {"district": priced.district, "school_code": PRIMARY, "reason": "已批"}
    with pytest.raises(Unusable, match="只能是整数") as refused:
        conditions.set_condition(
            kind="multimedia", least=Decimal("1.5"), by=zhao_signatory, **school
        )
    assert set(refused.value.fields) == {"least"}
    conditions.set_condition(kind="multimedia", least=Decimal("2.0"), by=zhao_signatory, **school)


def test_what_says_the_same_again_changes_nothing(plan: Plan, zhao_signatory: User) -> None:
    """The plan made of it stays good; another reason is a change."""
    about = {"district": plan.self_check.district, "school_code": PRIMARY, "by": zhao_signatory}
    first = conditions.set_condition(kind="for_A7", least=Decimal(2), reason="已批", **about)
    entries = Entry.objects.count()
    again = conditions.set_condition(kind="for_A7", least=Decimal("2.00"), reason=" 已批", **about)
    assert again == first
    assert Entry.objects.count() == entries
    assert conditions.set_condition(kind="for_A7", least=2, reason="在建", **about) != first


def test_who_moves_is_never_locked(priced: SelfCheck, zhao_signatory: User) -> None:
    school = {"district": priced.district, "school_code": PRIMARY, "reason": "已定"}
    with pytest.raises(Unusable, match="不能锁定"):
        conditions.set_condition(kind="move", least=Decimal(3), by=zhao_signatory, **school)
    conditions.set_condition(kind="move", most=Decimal(3), by=zhao_signatory, **school)


def test_prices_that_nobody_entered_are_named(
    reach: Callable[[str], SelfCheck], chen_officer: User
) -> None:
    self_check = reach("submitted")
    set_prices(chen_officer, A1=80_000, A2=None, A3=80_000, A5=400, A6=1)
    with pytest.raises(Conflict, match="提高 A4、A7 的措施") as refused:
        planning.make(self_check=self_check, kind="cheapest", by=chen_officer)
    assert refused.value.code == "no_prices"


def test_without_figures_there_is_nothing_to_plan(
    self_check: SelfCheck, chen_officer: User
) -> None:
    set_prices(chen_officer)
    with pytest.raises(Conflict, match="还没有数据"):
        planning.make(self_check=self_check, kind="cheapest", by=chen_officer)


def test_figures_nobody_reported_are_named(priced: SelfCheck, chen_officer: User) -> None:
    """Unknown is never planned around: the school and the figure are said."""
    keep_clean(priced, chen_officer, changes={(PRIMARY, "sports_ground_area"): None})
    with pytest.raises(Unusable, match="第1学校.*运动场") as refused:
        planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    assert refused.value.code == "cannot_plan"
    assert list(refused.value.fields) == [f"schools/{PRIMARY}/sports_ground_area"]


def test_others_make_no_plans(
    priced: SelfCheck, liu_officer: User, zhou_inspector: User, wu_manager: User
) -> None:
    for person in (liu_officer, zhou_inspector, wu_manager):
        with pytest.raises(NotAllowed):
            planning.make(self_check=priced, kind="cheapest", by=person)
    assert not Plan.objects.exists()
