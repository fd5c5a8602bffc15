"""Re-planning: impact first, a new version after, the old one untouched."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from audit.models import Entry
from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import verify
from schedule.models import PlannedCertification, PlanVersion
from schedule.services.plans import preview, replan
from schedule.services.reading import position_on, today
from selfchecks.models import Notice
from selfchecks.services.notice_words import own_page, text_of

pytestmark = pytest.mark.usefixtures("reference")

MOVE = {"500151": 2027}
WHY = {"reason": "校舍改造延期一年", "document_number": "渝教督〔演示〕1号"}


def year_of(version: PlanVersion, code: str) -> int:
    return version.entries.get(district__code=code).year


def test_impact_shows_the_cumulative_plan_before_and_after():
    impact = preview(changes=MOVE)
    changed = {
        year.year: (year.cumulative_before, year.cumulative_after)
        for year in impact.years
        if year.is_changed
    }
    assert changed == {2026: (22, 21)}
    assert impact.broken_milestones == ()
    assert [(move.district.name, move.before, move.after) for move in impact.moves] == [
        ("铜梁区", 2026, 2027)
    ]


def test_impact_names_a_milestone_that_would_be_missed():
    broken = preview(changes={"500101": 2029}).broken_milestones
    assert [(year.year, year.target, year.cumulative_after) for year in broken] == [(2028, 36, 35)]


def test_preview_writes_nothing():
    preview(changes=MOVE)
    assert PlanVersion.objects.count() == 1


def test_publishing_makes_a_new_version_and_leaves_the_first(zhou_inspector):
    version = replan(changes=MOVE, by=zhou_inspector, **WHY)
    first = PlanVersion.objects.get(number=1)
    assert (version.number, version.based_on) == (2, first)
    assert (year_of(version, "500151"), year_of(first, "500151")) == (2027, 2026)
    assert (version.entries.count(), first.entries.count()) == (41, 41)


def test_a_version_is_titled_in_the_source_language_whoever_publishes(zhou_inspector):
    with override("en"):
        version = replan(changes=MOVE, by=zhou_inspector, **WHY)
    assert version.title == "规划调整"


def test_yesterday_still_shows_the_plan_of_yesterday(zhou_inspector):
    replan(changes=MOVE, by=zhou_inspector, **WHY)
    assert position_on(today()).progress.years[4].cumulative_planned == 21
    assert position_on(today() - timedelta(days=1)).progress.years[4].cumulative_planned == 22


def test_publishing_writes_one_entry_with_who_what_and_why(zhou_inspector):
    replan(changes=MOVE, by=zhou_inspector, **WHY)
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.reason) == ("plan.publish", "inspector", WHY["reason"])
    assert entry.changes == {"500151": [2026, 2027]}
    assert verify() is None


@pytest.mark.parametrize("missing", ["reason", "document_number"])
def test_reason_and_document_number_are_needed(zhou_inspector, missing):
    with pytest.raises(Unusable) as refusal:
        replan(changes=MOVE, by=zhou_inspector, **{**WHY, missing: "  "})
    assert set(refusal.value.fields) == {missing}
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("who", ["chen_officer", "zhao_signatory", "he_auditor"])
def test_other_roles_cannot_replan(request, who):
    with pytest.raises(NotAllowed):
        replan(changes=MOVE, by=request.getfixturevalue(who), **WHY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"500151": 2021}, "year"),
        ({"500151": 2031}, "year"),
        ({"999999": 2027}, "district"),
        ({"500105": 2027}, "district"),
    ],
)
def test_impossible_changes_are_refused_on_their_field(changes, field):
    with pytest.raises(Unusable) as refusal:
        preview(changes=changes)
    assert field in refusal.value.fields


def test_no_change_is_no_plan():
    with pytest.raises(Unusable, match="没有变化"):
        preview(changes={"500151": 2026})


def test_a_version_published_meanwhile_is_noticed(zhou_inspector, sun_inspector):
    seen = preview(changes=MOVE).version.number
    replan(changes={"500118": 2027}, by=sun_inspector, **WHY)
    with pytest.raises(Stale):
        replan(changes=MOVE, by=zhou_inspector, expected_version=seen, **WHY)
    assert not PlannedCertification.objects.filter(district__code="500151", year=2027).exists()


def test_a_unit_is_told_that_its_year_moved(zhou_inspector, liu_officer, chen_officer):
    replan(changes=MOVE, by=zhou_inspector, **WHY)
    (told,) = Notice.objects.all()
    assert (told.recipient, own_page(told)) == (liu_officer, "/districts/500151/")
    assert text_of(told) == (
        "第 2 版规划（渝教督〔演示〕1号）把铜梁区的规划年份由 2026 年改为 2027 年：校舍改造延期一年"
    )
    with override("en"):
        assert text_of(told).startswith(
            "Version 2 of the plan (渝教督〔演示〕1号) moves Tongliang 铜梁区 from 2026 to 2027"
        )


def test_a_unit_that_no_version_named_is_told_too(zhou_inspector, liu_officer):
    PlannedCertification.objects.filter(district=liu_officer.district).delete()
    replan(changes=MOVE, by=zhou_inspector, **WHY)
    assert text_of(Notice.objects.get()) == (
        "第 2 版规划（渝教督〔演示〕1号）列入铜梁区，规划年份 2027 年：校舍改造延期一年"
    )
