"""Scenarios are kept, changed, copied, archived by a district's people, and judged whole."""

from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import User
from improvement.models import Scenario
from improvement.services import comparing, planning, scenarios
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import try_out
from tests.selfchecks.conftest import keep_clean, latest

PRIMARY, JUNIOR, NINE = "2100001001", "2100001002", "2100001003"
GROUND = {"change": "pupils", "school_code": PRIMARY, "stage": "primary", "pupils": 10}
PAPERS = ("teachers_certified", "teachers_trained")
MERGE = {"change": "merge", "school_code": PRIMARY, "into": NINE}


@pytest.fixture
def scenario(priced: SelfCheck, chen_officer: User) -> Scenario:
    return scenarios.create(
        self_check=priced,
        name="并入九年一贯制学校",
        note="会议纪要",
        changes=[MERGE],
        by=chen_officer,
    )


def test_a_scenario_is_kept_as_it_was_read(scenario: Scenario) -> None:
    row = Scenario.objects.get()
    assert (row.number, row.name, row.author) == (1, "并入九年一贯制学校", scenario.author)
    assert row.changes == [MERGE]
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.district_code) == ("scenario.create", "500106")


def test_it_is_changed_by_whoever_saw_it_last(scenario: Scenario, zhao_signatory: User) -> None:
    seen = scenarios.tag_of(scenario)
    changed = scenarios.change(scenario=scenario, note=" 再议 ", by=zhao_signatory, expected=seen)
    assert (changed.note, changed.changes) == ("再议", [MERGE])
    assert Entry.objects.latest("number").action == "scenario.change"
    with pytest.raises(Stale, match="又有了改动"):
        scenarios.change(scenario=scenario, changes=[], by=zhao_signatory, expected=seen)


def test_a_copy_has_a_name_of_its_own(scenario: Scenario, chen_officer: User) -> None:
    names = [scenarios.duplicate(scenario=scenario, by=chen_officer).name for _n in range(2)]
    assert names == ["并入九年一贯制学校（副本 1）", "并入九年一贯制学校（副本 2）"]
    assert [row.changes for row in Scenario.objects.all()] == [[MERGE]] * 3


def test_what_is_archived_is_not_changed(scenario: Scenario, chen_officer: User) -> None:
    scenarios.archive(scenario=scenario, by=chen_officer)
    with pytest.raises(Conflict, match="已经归档"):
        scenarios.change(scenario=scenario, name="别名", by=chen_officer)
    again = scenarios.create(self_check=scenario.self_check, name=scenario.name, by=chen_officer)
    assert again.number == 2
    about: dict[str, Any] = {"self_check": scenario.self_check, "kind": "cheapest"}
    archived = Scenario.objects.get(number=1)
    with pytest.raises(Conflict, match="不能再做方案；请先恢复使用"):
        planning.make(scenario=archived, by=chen_officer, **about)


def test_what_is_archived_comes_into_use_again(scenario: Scenario, chen_officer: User) -> None:
    with pytest.raises(Conflict, match="没有归档"):
        scenarios.restore(scenario=scenario, by=chen_officer)
    scenarios.archive(scenario=scenario, by=chen_officer)
    scenarios.restore(scenario=scenario, by=chen_officer)
    assert Entry.objects.latest("number").action == "scenario.restore"
    changed = scenarios.change(scenario=scenario, note="再议", by=chen_officer)
    assert (changed.note, changed.archived_by) == ("再议", None)


def test_a_name_that_is_taken_by_now_is_not_restored(
    scenario: Scenario, chen_officer: User
) -> None:
    scenarios.archive(scenario=scenario, by=chen_officer)
    scenarios.create(self_check=scenario.self_check, name=scenario.name, by=chen_officer)
    with pytest.raises(Unusable, match="已有叫这个名称"):
        scenarios.restore(scenario=scenario, by=chen_officer)


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ([GROUND, {**GROUND, "pupils": -1}], "changes/1/pupils", "第 2 项改动：在校生数为 -1"),
        ([MERGE, GROUND], "changes/1/school_code", "第 2 项改动：没有学校标识码为 2100001001"),
        ([{**GROUND, "school_code": JUNIOR}], "changes/0/school_code", "第2学校没有小学学段"),
    ],
)
def test_changes_that_cannot_be_made_are_refused_at_their_place(
    priced: SelfCheck, chen_officer: User, changes: list[Any], place: str, sentence: str
) -> None:
    with pytest.raises(Unusable) as refused:
        scenarios.create(self_check=priced, name="甲", changes=changes, by=chen_officer)
    assert sentence in str(refused.value.fields[place])
    assert not Scenario.objects.exists()


def test_without_figures_nothing_can_be_changed(self_check: SelfCheck, chen_officer: User) -> None:
    scenarios.create(self_check=self_check, name="空", by=chen_officer)
    with pytest.raises(Conflict, match="还没有数据"):
        scenarios.create(self_check=self_check, name="甲", changes=[MERGE], by=chen_officer)


def test_others_make_no_scenarios(
    scenario: Scenario, liu_officer: User, zhou_inspector: User, wu_manager: User
) -> None:
    for person in (liu_officer, zhou_inspector, wu_manager):
        for act in (scenarios.change, scenarios.duplicate, scenarios.archive, scenarios.restore):
            with pytest.raises(NotAllowed):
                act(scenario=scenario, by=person)


def test_an_empty_scenario_is_the_real_result(priced: SelfCheck, chen_officer: User) -> None:
    empty = scenarios.create(self_check=priced, name="空", by=chen_officer)
    real, column = comparing.compare(priced, [empty])
    found = try_out(priced)
    assert found
    assert real.side
    assert column.side
    assert real.side.outcome.digest == column.side.outcome.digest == found.digest
    assert column.changes == ()


def test_an_empty_scenario_is_what_was_submitted(reach: Any, chen_officer: User) -> None:
    self_check = reach("approved")
    empty = scenarios.create(self_check=self_check, name="空", by=chen_officer)
    _real, column = comparing.compare(self_check, [empty])
    assert column.side
    assert column.side.outcome.digest == latest(self_check).digest


def test_schools_that_change_are_told_with_money(scenario: Scenario, chen_officer: User) -> None:
    """The primary school lacks ground; with ten pupils it does not, and nothing is to be paid."""
    few = scenarios.create(
        self_check=scenario.self_check, name="少", changes=[GROUND], by=chen_officer
    )
    real, merged, small = comparing.compare(scenario.self_check, [scenario, few])
    assert real.side
    assert real.side.full.total
    assert small.side
    assert not small.side.full.total
    assert [(each.school_code, each.after) for each in small.changes] == [(PRIMARY, "met")]
    gone = next(each for each in merged.changes if each.school_code == PRIMARY)
    assert (gone.before, gone.after) == ("not_met", None)


def test_what_no_longer_fits_the_figures_is_said(priced: SelfCheck, chen_officer: User) -> None:
    """In a later version of the figures there is nobody left to move."""
    move = {"change": "move_staff", "school_code": NINE, "into": PRIMARY, "stage": "primary"}
    people = dict.fromkeys(("teachers", "pe_arts_teachers"), 1) | dict.fromkeys(PAPERS, 1)
    moved = scenarios.create(self_check=priced, name="调", changes=[move | people], by=chen_officer)
    keep_clean(priced, chen_officer, changes={(NINE, "pe_arts_teachers_primary"): 0})
    _real, column = comparing.compare(priced, [moved])
    assert column.side is None
    assert "体育、艺术专任教师数只有 0，调不出 1" in str(column.refusal)


def test_a_plan_on_a_scenario_is_compared_and_never_adopted(
    priced: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    """Only ground is lacking: at twice 400 yuan a square metre it costs twice as much."""
    twice = {"change": "price", "measure": "for_A5", "price": "800"}
    dear = scenarios.create(self_check=priced, name="贵", changes=[twice], by=chen_officer)
    about: dict[str, Any] = {"self_check": priced, "kind": "cheapest", "by": chen_officer}
    real, thought = planning.make(**about), planning.make(**about, scenario=dear)
    assert (real.scenario, thought.scenario) == (None, dear)
    assert real.cost
    assert thought.cost == 2 * real.cost
    columns = comparing.compare(priced, [dear])
    assert [column.plan for column in columns] == [real, thought]
    with pytest.raises(Conflict, match="只供比较"):
        planning.adopt(plan=thought, by=zhao_signatory)
