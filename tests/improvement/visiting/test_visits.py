"""A visit is drawn by the portal's own chance, drawn again with a reason, walked and ended."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import AppendOnlyError, Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, School, User
from improvement.models import Draw, Problem, Visit
from improvement.services import visit_schools, visits
from improvement.services.visit_frame import frame_of
from selfchecks.models import Notice, SelfCheck
from selfchecks.services.steps import take_step as take_step_of_self_check
from tests.improvement.visiting.conftest import MORNING, finish, see_all
from tests.selfchecks.conftest import keep_clean, register


def actions() -> list[str]:
    return [*Entry.objects.order_by("number").values_list("action", flat=True)]


def test_a_draw_is_kept_with_all_that_decided_it(visit: Visit, schools: list[School]) -> None:
    row = visit.sample
    assert (visit.reference, visit.state, visit.year) == ("500106-2026-1", "drawn", 2026)
    assert [each["code"] for each in row.frame] == [school.code for school in schools]
    assert [(each["stage"], each["location"]) for each in row.frame] == [
        ("primary", "城区"),
        ("junior", "城区"),
        ("both", "城区"),
    ]
    # Nothing is known of the schools but that nobody was there: 1 + 2 each, two thirds to come.
    assert {each["weight"] for each in row.frame} == {3}
    assert {str(share) for share in visits.design_of(row).chances.values()} == {"2/3"}
    assert len(row.schools) == 2
    assert len(row.seed) == 16
    assert visits.comes_out_again(row)
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.district_code) == ("visit.draw", "500106")
    assert entry.changes["seed"] == row.seed
    assert entry.changes["schools"] == row.schools


def test_the_same_seed_draws_the_same_schools(
    visit: Visit, shapingba: District, zhou_inspector: User
) -> None:
    visits.take_step(visit=visit, step="cancel", words="改期到下月", by=zhou_inspector)
    seed = visit.sample.seed
    again = visits.draw_schools(district=shapingba, count=2, by=zhou_inspector, seed=seed)
    assert again.number == 2
    assert again.sample.schools == visit.sample.schools
    assert again.sample.digest == visit.sample.digest


def test_a_draw_that_was_touched_does_not_come_out_again(visit: Visit) -> None:
    row = visit.sample
    row.frame[0]["weight"] = 9
    assert not visits.comes_out_again(row)
    row = visit.sample
    (left_out,) = {each["code"] for each in row.frame} - {*row.schools}
    row.schools = [left_out, row.schools[0]]
    assert not visits.comes_out_again(row)
    with pytest.raises(AppendOnlyError):
        row.save()


def test_nobody_draws_until_a_draw_pleases(
    visit: Visit, shapingba: District, zhou_inspector: User, sun_inspector: User
) -> None:
    with pytest.raises(Conflict, match="还没有结束"):
        visits.draw_schools(district=shapingba, count=2, by=sun_inspector)
    for words in ("", "换"):
        with pytest.raises(Unusable):
            visits.take_step(visit=visit, step="draw_again", words=words, by=zhou_inspector)
    visits.take_step(
        visit=visit, step="draw_again", words="抽中的一所学校正在搬迁", count=1, by=sun_inspector
    )
    first, second = Draw.objects.order_by("number")
    assert (first.count, second.count, second.reason) == (2, 1, "抽中的一所学校正在搬迁")
    assert first.seed != second.seed
    assert visit.sample == second
    assert actions()[-1] == "visit.draw_again"
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(district=shapingba, year=2026, number=9)


def test_what_changed_since_it_was_looked_at_is_not_drawn_from(
    shapingba: District, schools: list[School], zhou_inspector: User
) -> None:
    seen = visits.design_for(shapingba, 2).digest
    register(shapingba, ("小学",), start=4)
    with pytest.raises(Stale, match="有了变化"):
        visits.draw_schools(district=shapingba, count=2, by=zhou_inspector, seen=seen)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("count", [0, 4, -1])
def test_a_useless_count(
    shapingba: District, schools: list[School], zhou_inspector: User, count: int
) -> None:
    with pytest.raises(Unusable, match="1 到 3"):
        visits.draw_schools(district=shapingba, count=count, by=zhou_inspector)


def test_without_schools_there_is_nothing_to_draw(shapingba: District) -> None:
    with pytest.raises(Unusable, match="名册还是空的"):
        visits.design_for(shapingba, 1)


def test_only_inspectors_visit(
    visit: Visit, shapingba: District, wu_manager: User, chen_officer: User, he_auditor: User
) -> None:
    for person in (wu_manager, chen_officer, he_auditor):
        with pytest.raises(NotAllowed):
            visits.draw_schools(district=shapingba, count=1, by=person)
        with pytest.raises(NotAllowed):
            visits.take_step(visit=visit, step="cancel", words="改期到下月", by=person)
        with pytest.raises(NotAllowed):
            see_all(visit, person)


def test_a_district_sees_a_visit_once_it_is_finished(
    visit: Visit, chen_officer: User, liu_officer: User, wu_manager: User, zhou_inspector: User
) -> None:
    assert not Visit.objects.visible_to(chen_officer).exists()
    assert not Draw.objects.visible_to(chen_officer).exists()
    assert Visit.objects.visible_to(wu_manager).exists()
    see_all(visit, zhou_inspector)
    visits.take_step(visit=visit, step="finish", words="总体真实", by=zhou_inspector)
    assert Visit.objects.visible_to(chen_officer).exists()
    assert Draw.objects.visible_to(chen_officer).exists()
    assert not Visit.objects.visible_to(liu_officer).exists()


def test_a_visit_ends_when_every_school_is_accounted_for(
    visit: Visit, zhou_inspector: User
) -> None:
    one, other = visit.sample.schools
    with pytest.raises(Conflict, match="现在的状态是「已抽样」"):
        visits.take_step(visit=visit, step="finish", words="总体真实", by=zhou_inspector)
    visit_schools.record_school(
        visit=visit, school=one, visited_on=MORNING.date(), by=zhou_inspector
    )
    with pytest.raises(Conflict, match="还有 1 所学校没有记录"):
        visits.take_step(visit=visit, step="finish", words="总体真实", by=zhou_inspector)
    visit_schools.record_school(
        visit=visit, school=other, words="道路塌方，没有到校", by=zhou_inspector
    )
    done = visits.take_step(visit=visit, step="finish", words="总体真实", by=zhou_inspector)
    assert (done.state, done.words, done.ended_by) == ("finished", "总体真实", zhou_inspector)
    assert actions()[-5:] == [
        "visit.draw",
        "visit.start",
        "visit.record",
        "visit.record",
        "visit.finish",
    ]
    for step in ("finish", "draw_again", "cancel"):
        with pytest.raises(Conflict):
            visits.take_step(visit=visit, step=step, words="再看一次吧", by=zhou_inspector)
    with pytest.raises(Conflict, match="已经结束"):
        see_all(visit, zhou_inspector)


def test_once_begun_it_is_not_drawn_again(visit: Visit, zhou_inspector: User) -> None:
    see_all(visit, zhou_inspector)
    with pytest.raises(Conflict):
        visits.take_step(visit=visit, step="draw_again", words="换几所学校", by=zhou_inspector)


@pytest.mark.parametrize("step", ["start", "", "fly"])
def test_other_steps_there_are_none(visit: Visit, zhou_inspector: User, step: str) -> None:
    with pytest.raises(Unusable, match="没有"):
        visits.take_step(visit=visit, step=step, by=zhou_inspector)


def test_what_was_submitted_weighs(
    self_check: SelfCheck,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    schools: list[School],
) -> None:
    """The primary school has 100 ㎡ of sports ground: far below 85 % of what it needs."""
    short = {(schools[0].code, "sports_ground_area"): 100}
    keep_clean(self_check, chen_officer, changes=short)
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step_of_self_check(self_check=self_check, step=step, by=by)
    found: Any = {
        each.name: dict(each.found) for each in frame_of(self_check.district, MORNING.date())
    }
    primary = found[schools[0].name]
    assert (primary["failing"], primary["below"], primary["unvisited"]) == (1, 1, 1)
    assert "failing" not in found[schools[1].name]


def test_a_finished_visit_is_taken_back_mended_and_ended_again(
    visit: Visit, school: str, zhou_inspector: User, chen_officer: User
) -> None:
    at: Any = {"visit": visit, "school": school, "by": zhou_inspector, "kind": "evidence"}
    wrong = visit_schools.add_finding(**at, words="台账没有签字")
    right = visit_schools.add_finding(**at, words="没有录像")
    done = finish(visit, zhou_inspector)
    assert Problem.objects.filter(state="open").count() == 2
    with pytest.raises(Unusable):
        visits.take_step(visit=done, step="take_back", words="", by=zhou_inspector)
    back = visits.take_step(visit=done, step="take_back", words="记错了学校", by=zhou_inspector)
    assert (back.state, back.words, back.ended_at) == ("visiting", "", None)
    assert not Visit.objects.visible_to(chen_officer).exists()
    visit_schools.remove_finding(finding=wrong, by=zhou_inspector)
    visits.take_step(visit=back, step="finish", words="更正以后总体真实", by=zhou_inspector)
    states = dict(Problem.objects.values_list("words", "state"))
    assert states == {"台账没有签字": "void", right.words: "open"}
    kinds = Notice.objects.filter(recipient=chen_officer).values_list("kind", flat=True)
    assert sorted(kind for kind in kinds if kind.startswith("visit")) == [
        "visit_finished",
        "visit_finished",
        "visit_taken_back",
    ]
    assert "problem.unfounded" in actions()


def test_taken_back_and_cancelled_nothing_stands(
    visit: Visit, school: str, shapingba: District, zhou_inspector: User
) -> None:
    at: Any = {"visit": visit, "school": school, "by": zhou_inspector, "kind": "evidence"}
    visit_schools.add_finding(**at, words="台账没有签字")
    done = finish(visit, zhou_inspector)
    other = visits.draw_schools(district=shapingba, count=1, by=zhou_inspector)
    with pytest.raises(Conflict, match="还没有结束"):
        visits.take_step(visit=done, step="take_back", words="记错了学校", by=zhou_inspector)
    visits.take_step(visit=other, step="cancel", words="先更正上一次", by=zhou_inspector)
    back = visits.take_step(visit=done, step="take_back", words="记错了学校", by=zhou_inspector)
    visits.take_step(visit=back, step="cancel", words="去错了区县", by=zhou_inspector)
    assert [problem.state for problem in Problem.objects.all()] == ["void"]
