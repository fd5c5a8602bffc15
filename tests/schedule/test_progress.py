"""Counting plan against outcome: hand-counted small plans and properties of any plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.progress import (
    ABOLISHED,
    CERTIFIED,
    CURRENT,
    LATE,
    NOT_STARTED,
    PLAN,
    RECOMMENDED,
    REVIEWING,
    STATUSES,
    Event,
    Listing,
    PhaseGoal,
    Unit,
    measure,
)

PHASES = (PhaseGoal("试点", 2021, 2023, 2), PhaseGoal("整体", 2024, 2028, 2))
A = Unit("A", 2022)
B = Unit("B", 2023, valid_to=date(2025, 11, 5), successors=("A",))
C = Unit("C", 2024)
D = Unit("D", 2027)
PLANNED = (A, B, C, D)


def certified(code: str, day: date) -> Event:
    return Event(code, day, "certified", "nation")


def standing(code: str, as_of: date, *events: Event, basis: str = PLAN):
    progress = measure(PLANNED, PHASES, events, as_of=as_of, basis=basis)
    return next(unit for unit in progress.standings if unit.code == code)


def test_event_counts_from_the_day_it_was_announced():
    event = certified("A", date(2025, 3, 14))
    assert measure(PLANNED, PHASES, [event], as_of=date(2025, 3, 13)).certified == 0
    assert measure(PLANNED, PHASES, [event], as_of=date(2025, 3, 14)).certified == 1


def test_phase_counts_events_inside_its_years_and_its_own_cohort():
    events = [certified("A", date(2025, 3, 14)), certified("C", date(2025, 3, 14))]
    first, second = measure(PLANNED, PHASES, events, as_of=date(2026, 1, 1)).phases
    assert (first.planned, first.certified, first.cohort_certified, first.gap) == (2, 0, 1, 2)
    # A was planned for the first phase: it does not make the second one's number.
    assert (second.planned, second.certified, second.cohort_certified, second.gap) == (2, 2, 1, 1)
    assert (second.cumulative_target, second.cumulative_certified) == (4, 2)


def test_years_run_from_the_first_planned_to_the_last_of_the_phases():
    years = measure(PLANNED, PHASES, [], as_of=date(2024, 1, 1)).years
    assert [year.year for year in years] == [2022, 2023, 2024, 2025, 2026, 2027, 2028]
    assert [year.cumulative_planned for year in years] == [1, 2, 3, 3, 3, 4, 4]


def test_unit_becomes_late_on_new_year_after_its_planned_year():
    assert standing("C", date(2024, 12, 31)).status == NOT_STARTED
    late = standing("C", date(2025, 1, 1))
    assert (late.status, late.timing, late.days_late) == (LATE, "late", 1)


@pytest.mark.parametrize(
    ("day", "timing", "days"),
    [
        (date(2021, 12, 31), "early", -1),
        (date(2022, 1, 1), "on_time", 0),
        (date(2022, 12, 31), "on_time", 0),
        (date(2025, 3, 14), "late", 804),
    ],
)
def test_timing_of_a_certification_against_its_planned_year(day, timing, days):
    unit = standing("A", date(2026, 1, 1), certified("A", day))
    assert (unit.status, unit.timing, unit.days_late) == (CERTIFIED, timing, days)


def test_abolished_unit_keeps_its_row_on_the_plan_basis_and_is_never_its_successor():
    events = [certified("A", date(2025, 3, 14))]
    unit = standing("B", date(2025, 11, 6), *events)
    assert (unit.status, unit.timing, unit.days_late) == (ABOLISHED, "unresolved", 0)
    assert unit.successors == ("A",)
    assert standing("B", date(2025, 11, 5), *events).status == LATE


def test_both_bases_add_up():
    day = date(2025, 11, 6)
    plan = measure(PLANNED, PHASES, [], as_of=day, basis=PLAN)
    current = measure(PLANNED, PHASES, [], as_of=day, basis=CURRENT)
    assert (plan.units, current.units) == (4, 3)
    assert current.count(ABOLISHED) == 0
    assert measure(PLANNED, PHASES, [], as_of=date(2025, 11, 5), basis=CURRENT).units == 4


def test_a_unit_certified_before_it_was_abolished_stays_certified_in_the_plan():
    unit = standing("B", date(2026, 1, 1), certified("B", date(2024, 5, 1)))
    assert (unit.status, unit.timing, unit.days_late) == (CERTIFIED, "late", 122)


def test_revocation_ends_a_certification_and_a_new_one_starts_it_again():
    events = [
        certified("A", date(2022, 6, 1)),
        Event("A", date(2024, 6, 1), "revoked", "nation"),
        certified("A", date(2025, 6, 1)),
    ]
    assert standing("A", date(2024, 5, 31), *events).status == CERTIFIED
    assert standing("A", date(2024, 6, 1), *events).status == LATE
    assert standing("A", date(2025, 6, 1), *events).certified_on == date(2025, 6, 1)


@pytest.mark.parametrize(
    ("level", "result", "as_of", "status"),
    [
        ("nation", "passed", date(2027, 6, 1), RECOMMENDED),
        ("nation", "passed", date(2028, 6, 1), RECOMMENDED),
        ("city", "started", date(2027, 6, 1), REVIEWING),
        ("city", "started", date(2028, 6, 1), REVIEWING),
        ("city", "failed", date(2028, 6, 1), LATE),
        ("nation", "failed", date(2027, 6, 1), NOT_STARTED),
    ],
)
def test_a_running_procedure_shows_where_the_unit_is(level, result, as_of, status):
    assert standing("D", as_of, Event("D", date(2027, 5, 1), result, level)).status == status


def test_a_unit_without_a_planned_year_is_pending():
    progress = measure([Unit("N", None)], PHASES, [], as_of=date(2030, 1, 1))
    assert progress.standings[0].timing == "pending"
    assert sum(phase.planned for phase in progress.phases) == 0


def test_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="basis"):
        measure(PLANNED, PHASES, [], as_of=date(2025, 1, 1), basis="both")


days = st.dates(date(2022, 1, 1), date(2030, 12, 31))
units = st.lists(
    st.builds(
        Unit,
        code=st.text("ABCDEFGHIJ", min_size=1, max_size=3),
        planned_year=st.integers(2022, 2028),
        valid_to=st.none() | days,
    ),
    unique_by=lambda unit: unit.code,
    max_size=12,
)


@st.composite
def plans(draw):
    planned = draw(units)
    codes = st.sampled_from([unit.code for unit in planned] or ["X"])
    return planned, draw(st.lists(st.builds(certified, codes, days), max_size=8))


@given(plans(), days, st.sampled_from([PLAN, CURRENT]))
def test_every_unit_has_one_status_and_the_sums_agree(plan, as_of, basis):
    planned, events = plan
    progress = measure(planned, PHASES, events, as_of=as_of, basis=basis)
    assert sum(progress.count(status) for status in STATUSES) == progress.units
    assert sum(phase.planned for phase in progress.phases) == progress.units
    assert sum(year.certified or 0 for year in progress.years) == progress.certified
    assert all((year.certified is None) == (year.year > as_of.year) for year in progress.years)
    if progress.years:
        assert progress.years[-1].cumulative_planned == progress.units


@given(plans(), days)
def test_certified_never_falls_without_a_revocation(plan, as_of):
    planned, events = plan
    today = measure(planned, PHASES, events, as_of=as_of).certified
    tomorrow = measure(planned, PHASES, events, as_of=as_of + timedelta(days=1)).certified
    assert today <= tomorrow


@given(plans(), days, st.randoms())
def test_the_order_of_events_and_units_changes_nothing(plan, as_of, random):
    planned, events = plan
    shuffled = random.sample(events, len(events))
    straight = measure(planned, PHASES, events, as_of=as_of)
    mixed = measure(planned[::-1], PHASES, shuffled, as_of=as_of)
    assert straight.phases == mixed.phases
    assert straight.years == mixed.years


# -- lists ---------------------------------------------------------------------------------------

LISTED = Listing("名单", date(2025, 3, 14), 3)


def test_a_list_counts_for_its_number_from_its_day_and_grows_the_course():
    events = [Event("A", date(2025, 3, 14), "certified", "nation", "名单")]
    before = measure(PLANNED, PHASES, events, as_of=date(2025, 3, 13), lists=[LISTED])
    assert (before.certified, before.course) == (0, [])
    after = measure(PLANNED, PHASES, events, as_of=date(2025, 3, 14), lists=[LISTED])
    assert (after.certified, after.certified_named, after.certified_unnamed) == (3, 1, 2)
    assert after.course == [(date(2025, 3, 14), 3)]
    second = after.phases[1]
    # A belongs to the first phase; the two without a name may be the second one's.
    assert (second.certified, second.certified_named, second.certified_unnamed) == (3, 1, 2)
    assert (second.gap, second.cohort_certified, second.cohort_certain) == (0, 0, False)


def test_two_lists_of_one_year_both_count():
    other = Listing("另一名单", date(2025, 9, 1), 1)
    progress = measure(PLANNED, PHASES, [], as_of=date(2025, 12, 31), lists=[LISTED, other])
    assert progress.certified == 4
    years = {year.year: year for year in progress.years}
    assert (years[2025].certified, years[2025].certified_unnamed) == (4, 4)
    assert progress.course == [(date(2025, 3, 14), 3), (date(2025, 9, 1), 4)]


def test_a_phase_that_has_not_begun_has_no_gap():
    first, second = measure(PLANNED, PHASES, [], as_of=date(2023, 12, 31)).phases
    assert (first.gap, second.gap) == (2, None)
    assert measure(PLANNED, PHASES, [], as_of=date(2024, 1, 1)).phases[1].gap == 2


def test_only_who_was_there_on_the_day_of_the_list_may_be_on_it():
    later = Listing("名单", date(2026, 1, 12), 1)
    events = [certified("A", date(2025, 3, 14))]
    progress = measure(PLANNED, PHASES, events, as_of=date(2026, 2, 1), lists=[later])
    certain = {unit.code: unit.certain for unit in progress.standings}
    # A is certified, B was abolished before; C and D may be on it.
    assert certain == {"A": True, "B": True, "C": False, "D": False}


@given(plans(), days, days, st.integers(0, 8), st.data())
def test_naming_changes_no_total_of_the_plan(plan, as_of, day, number, data):
    planned, events = plan
    listed = Listing("名单", day, number)
    taken = {event.code for event in events}
    free = [unit.code for unit in planned if unit.code not in taken]
    named = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=number)) if free else []
    names = [Event(code, day, "certified", "nation", "名单") for code in named]
    before = measure(planned, PHASES, events, as_of=as_of, lists=[listed])
    after = measure(planned, PHASES, events + names, as_of=as_of, lists=[listed])
    assert after.certified == before.certified
    assert after.course == before.course
    assert [year.certified for year in after.years] == [year.certified for year in before.years]
    assert [phase.certified for phase in after.phases] == [
        phase.certified for phase in before.phases
    ]
    moved = len(names) if day <= as_of else 0
    assert after.certified_named == before.certified_named + moved
    assert {unit.code for unit in after.late} <= {unit.code for unit in before.late}
