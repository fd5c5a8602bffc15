"""What it takes to reach the milestones: the units' approved figures put into the forecast."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Unusable
from districts.models import District
from schedule import forecast, progress
from schedule.forecast import PACES, BackTest, Chances, Course, Pace
from schedule.progress import PhaseProgress, Progress, Standing
from schedule.services import reading
from schedule.services.reading import Position
from schedule.swaps import Advice, Candidate, advise
from selfchecks.models import Evaluation, ReviewEntry
from selfchecks.models.evaluation import Verdict
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

MOST_DAYS = 1500  # between an approval and the announcement; more is a slip of the keyboard
_SETTLED = (progress.CERTIFIED, progress.ABOLISHED)


@dataclass(frozen=True, slots=True)
class UnitOutlook:
    """One unit that is not certified: the year expected at each pace (None: not closing), and the
    chance of each milestone's year where chances are backed. Without ``course`` nothing is."""

    district: District
    standing: Standing
    course: Course | None
    expected: dict[str, int | None]
    chances: dict[int, float]

    @property
    def is_known(self) -> bool:
        return bool(self.course and self.course.is_known)


@dataclass(frozen=True, slots=True)
class Milestone:
    """The end of a phase: how many are certified, and come by then at each pace.

    Those a list has not named may be among the arriving, so a total lies between two numbers.
    """

    phase: PhaseProgress
    named: int
    unnamed: int
    arriving: dict[str, int]
    likely: float | None
    unknown: int

    @property
    def target(self) -> int:
        return self.phase.cumulative_target

    @property
    def needed(self) -> int:
        return max(self.target - self.named - self.unnamed, 0)

    def totals(self, pace: str) -> tuple[int, int]:
        """At least and at most so many certified by then."""
        by_name = self.named + self.arriving[pace]
        return max(by_name, self.named + self.unnamed), by_name + self.unnamed

    def is_reached(self, pace: str) -> bool | None:
        """None while it hangs on whom the lists have not named."""
        least, most = self.totals(pace)
        return True if least >= self.target else False if most < self.target else None


@dataclass(frozen=True, slots=True)
class Outlook:
    """``days`` from an approval to the announcement: those asked for, else those ``seen``."""

    position: Position
    days: int
    seen: int | None
    units: tuple[UnitOutlook, ...]
    milestones: tuple[Milestone, ...]
    changes: int
    test: BackTest | None
    record: tuple[Pace, ...]
    advice: Advice
    is_demo: bool


def parse_days(text: str) -> int | None:
    """Empty: as seen. Raises Unusable."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= MOST_DAYS):
        sentence = _("天数「%(found)s」不能用；请填 0 到 %(most)s 的整数，例如 180。")
        raise Unusable.at("days", sentence % {"found": text[:20], "most": MOST_DAYS})
    return int(text)


def outlook_on(day: date, days: int | None = None) -> Outlook:
    """Raises Unusable before the first plan."""
    position = reading.position_on(day)
    counted = position.progress
    courses, is_demo = courses_of(counted.standings, day)
    seen = forecast.days_of_steps(reading.events_until(day))
    lag = days if days is not None else seen or 0
    changes = forecast.changes_of(courses.values())
    ends = [phase for phase in counted.phases if phase.end_year >= day.year]
    chances = Chances(changes)
    units = tuple(
        _unit(position, one, courses.get(one.code), lag, chances, ends)
        for one in counted.standings
        if one.status not in _SETTLED
    )
    starts = date(min(phase.start_year for phase in counted.phases), 1, 1)
    return Outlook(
        position=position,
        days=lag,
        seen=seen,
        units=units,
        milestones=tuple(_milestone(phase, counted, units) for phase in ends),
        changes=len(changes),
        test=forecast.back_test(changes),
        record=tuple(forecast.record_of(counted.course, starts, day)),
        advice=advise(_candidates(units, day)),
        is_demo=is_demo,
    )


def courses_of(units: Iterable[Standing], day: date) -> tuple[dict[str, Course], bool]:
    """What each unit's approved years left open, by its code; whether any of it is made up."""
    planned = {unit.code: unit.planned_year for unit in units}
    rows = standing(APPROVING, day=day).filter(evaluation__isnull=False)
    rows = rows.select_related("self_check__district").order_by("self_check__year", "number")
    newest = {(entry.self_check.district.code, entry.self_check.year): entry for entry in rows}
    still_open = _open(newest.values())
    found: dict[str, list[ReviewEntry]] = defaultdict(list)
    for (code, _year), entry in newest.items():
        if code in planned:
            found[code].append(entry)
    courses = {
        code: Course(
            code,
            planned[code],
            tuple((each.self_check.year, still_open[each.evaluation_id or 0]) for each in entries),
            timezone.localdate(entries[-1].taken_at),
        )
        for code, entries in found.items()
    }
    return courses, any(entry.self_check.is_demo for entry in newest.values())


def _open(entries: Iterable[ReviewEntry]) -> Mapping[int, int]:
    """How many requirements each result left open: schools in a stage that do not pass, and
    coefficients and indicators that do not. What is unknown is open."""
    still_open = dict.fromkeys((each.evaluation_id for each in entries if each.evaluation_id), 0)
    failing = Q(unit_results__is_counted=True) & ~Q(unit_results__verdict=Verdict.MET)
    unmet = ~Q(indicator_results__verdict=Verdict.MET) & ~Q(indicator_results__indicator="A")
    rows = Evaluation.objects.filter(pk__in=still_open)
    for about in (
        Count("unit_results", filter=failing),
        Count("indicator_results", filter=unmet),
    ):
        for key, count in rows.values_list("pk").annotate(count=about):
            still_open[key] += count
    return still_open


def _unit(
    position: Position,
    unit: Standing,
    course: Course | None,
    days: int,
    chances: Chances,
    ends: Iterable[PhaseProgress],
) -> UnitOutlook:
    district, as_of = position.districts[unit.code], position.progress.as_of
    if course is None or not course.is_known:
        return UnitOutlook(district, unit, course, {}, {})
    expected = {name: course.expected_year(pace, days, as_of) for name, pace in PACES.items()}
    backed = {
        phase.end_year: chances.closed_within(
            course.open_now, course.chances_until(phase.end_year, days)
        )
        for phase in ends
        if chances.are_backed
    }
    return UnitOutlook(district, unit, course, expected, backed)


def _milestone(phase: PhaseProgress, counted: Progress, units: Iterable[UnitOutlook]) -> Milestone:
    known = [unit for unit in units if unit.is_known]
    arriving = {
        pace: sum((unit.expected[pace] or phase.end_year + 1) <= phase.end_year for unit in known)
        for pace in PACES
    }
    chances = [unit.chances[phase.end_year] for unit in known if unit.chances]
    likely = sum(chances) if chances else None
    return Milestone(
        phase=phase,
        named=counted.certified_named,
        unnamed=counted.certified_unnamed,
        arriving=arriving,
        likely=likely,
        unknown=sum(not unit.is_known for unit in units),
    )


def _candidates(units: Iterable[UnitOutlook], day: date) -> list[Candidate]:
    """Units whose year is still to come and of which enough is known; the others keep theirs."""
    return [
        Candidate(unit.standing.code, unit.standing.planned_year, unit.expected["same"])
        for unit in units
        if unit.is_known and unit.standing.planned_year and unit.standing.planned_year >= day.year
    ]
