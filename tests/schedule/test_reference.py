"""The plan as issued in 2022 and what has been announced since, loaded from the project's files."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from audit.models import Entry
from audit.refusals import Unusable
from districts.models import District, Succession
from schedule.models import CertificationEvent, CertificationStep, PlanVersion
from schedule.services.reading import parse_basis, parse_day, position_on
from schedule.services.reference import load_schedule

pytestmark = pytest.mark.usefixtures("reference")

AUTUMN_2026 = date(2026, 11, 23)


def test_the_annex_sums_to_41_units():
    years = position_on(AUTUMN_2026).progress.years
    assert [year.planned for year in years] == [4, 2, 5, 7, 4, 5, 9, 2, 3]
    assert [year.cumulative_planned for year in years] == [4, 6, 11, 18, 22, 27, 36, 38, 41]


def test_targets_are_6_30_and_5():
    phases = position_on(AUTUMN_2026).progress.phases
    assert [(phase.target, phase.planned) for phase in phases] == [(6, 6), (30, 30), (5, 5)]
    assert [phase.cumulative_target for phase in phases] == [6, 36, 41]
    assert phases[0].certified == 0
    assert phases[0].cohort_certified == 4


@pytest.mark.parametrize(
    ("day", "certified"),
    [
        (date(2023, 12, 31), 0),
        (date(2025, 3, 13), 0),
        (date(2025, 3, 14), 4),
        (date(2026, 1, 11), 4),
        (date(2026, 1, 12), 10),
        (AUTUMN_2026, 10),
    ],
)
def test_certified_on_a_day(day, certified):
    assert position_on(day).progress.certified == certified


def test_the_reorganisation_leaves_39_units_and_two_open_questions():
    plan, current = position_on(AUTUMN_2026).progress, position_on(AUTUMN_2026, "current").progress
    assert (plan.units, current.units) == (41, 39)
    abolished = {unit.code: unit.successors for unit in plan.with_status("abolished")}
    assert set(abolished) == {"500105", "500112"}
    assert abolished["500105"] == ("500157",)
    assert set(abolished["500112"]) == {"500157", "500109"}
    # 4 certified, 13 of the years 2022–2025 late, 2 abolished, 3 + 19 not due: 41.
    assert [plan.count(name) for name in ("certified", "late", "abolished", "not_started")] == [
        4,
        13,
        2,
        22,
    ]


def test_before_the_reorganisation_both_bases_are_the_same():
    assert position_on(date(2025, 11, 5), "current").progress.units == 41
    assert position_on(date(2025, 11, 6), "current").progress.units == 39


def test_loading_again_changes_nothing_and_keeps_edits():
    District.objects.filter(code="500151").update(english_name="Tongliang District")
    counts = [model.objects.count() for model in (District, Succession, PlanVersion, Entry)]
    call_command("load_reference", stdout=StringIO())
    assert counts == [model.objects.count() for model in (District, Succession, PlanVersion, Entry)]
    assert District.objects.get(code="500151").english_name == "Tongliang District"


def test_only_sourced_certifications_are_loaded():
    events = CertificationEvent.objects.filter(result="certified")
    assert {event.district.name for event in events} == {
        "沙坪坝区",
        "九龙坡区",
        "南岸区",
        "两江新区",
    }
    assert {event.document_number for event in events} == {"教督函〔2025〕3号"}
    assert all(event.source.startswith("https://") for event in events)
    reports = CertificationEvent.objects.exclude(result="certified")
    assert all(event.source or "待核" in event.source_note for event in reports)


def test_an_older_database_learns_why_the_plan_has_no_link() -> None:
    """As 46315a8 left it: neither number nor link nor a word about it."""
    PlanVersion.objects.update(source_note="")
    assert load_schedule() == 1
    plan = PlanVersion.objects.get(number=1)
    assert plan.source_note == "文号不详；此件依申请公开，没有公开网址"
    assert load_schedule() == 0
    PlanVersion.objects.update(source_note="", document_number="试1号")
    assert load_schedule() == 0  # what the city has filled in stays


def test_national_steps_have_the_names_of_their_year():
    last = {
        year: list(
            CertificationStep.objects.filter(year=year, level="nation")
            .order_by("order")
            .values_list("name", flat=True)
        )
        for year in (2023, 2024, 2025)
    }
    assert last[2023][3] == "实地核查"
    assert last[2024][0] == "资格审查"
    assert last[2024][4] == "核查评估"
    assert last[2025][4] == "集中汇审"


def test_there_is_no_answer_before_the_plan_was_issued():
    assert position_on(date(2022, 1, 8)).progress.units == 41
    with pytest.raises(Unusable, match="最早可查"):
        position_on(date(2022, 1, 7))


@pytest.mark.parametrize(
    "text", ["tomorrow-ish", "2026-13-01", "20261123", "2026-1-1", "2999-01-01"]
)
def test_days_that_cannot_be_used_are_refused_with_a_sentence(text):
    with pytest.raises(Unusable) as refusal:
        parse_day(text)
    assert "as_of" in refusal.value.fields


def test_unknown_basis_is_refused_with_a_sentence():
    with pytest.raises(Unusable, match="口径"):
        parse_basis("both")
