"""The page of one unit: where it stands, what was planned, what happened, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from districts.models import District, Succession
from districts.wording import listed
from schedule import progress, wording
from schedule.models import CertificationEvent, CertificationStep
from schedule.models.certification import Result
from schedule.progress import NOT_STARTED, PhaseProgress, Standing
from schedule.services.reading import Position

from . import units
from .changes import Link, source_link
from .question import Question
from .ready import Ready, readiness_of
from .search import Search
from .units import UnitLine


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    day: date
    words: str
    step: str
    list_year: int | None
    note: str
    source: Link | None
    evidence: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the procedure; ``words`` says what is recorded of the unit there."""

    name: str
    level: str
    is_reached: bool
    is_last: bool
    words: str


@dataclass(frozen=True, slots=True)
class Reorganisation:
    day: date
    words: str
    description: str
    source: Link | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    question: Question
    search: Search
    line: UnitLine
    phase: PhaseProgress | None
    phase_name: str
    next_step: str
    history: tuple[HistoryEntry, ...]
    steps_year: int | None
    steps: tuple[StepLine, ...]
    reorganisations: tuple[Reorganisation, ...]
    gone_on: date | None
    unresolved: str
    region: str
    roadmap_url: str
    updated_at: datetime | None
    readiness: Ready | None

    @property
    def district(self) -> District:
        return self.line.district


def build(question: Question, position: Position, district: District) -> UnitPage:
    standing = _standing(position, district)
    events = _events(question, district)
    steps_year, steps = _steps(question, district, events)
    phase = _phase(position, standing)
    original = units.original_years(question).get(district.code)
    return UnitPage(
        question=question,
        search=Search(""),
        line=units.line(question, position, standing, original),
        phase=phase,
        phase_name=wording.said(phase.name) if phase else "",
        next_step=_next_step(standing, events, steps),
        history=tuple(_entry(event) for event in events),
        steps_year=steps_year,
        steps=_step_lines(steps, events),
        reorganisations=_reorganisations(position, district),
        gone_on=_gone_on(question, district),
        unresolved=_unresolved(position, district),
        region=_region(district),
        roadmap_url=reverse("roadmap") + question.tail("as_of"),
        updated_at=position.updated_at,
        readiness=readiness_of(district, question.as_of),
    )


def _standing(position: Position, district: District) -> Standing:
    """The unit's standing; a unit that the plan does not list has no year and no state yet."""
    for standing in position.progress.standings:
        if standing.code == district.code:
            return standing
    return Standing(district.code, None, NOT_STARTED, None, 0, "pending", ())


def _phase(position: Position, standing: Standing) -> PhaseProgress | None:
    for phase in position.progress.phases:
        if phase.start_year <= (standing.planned_year or 0) <= phase.end_year:
            return phase
    return None


def _events(question: Question, district: District) -> list[CertificationEvent]:
    """What happened to the unit until the day, newest first."""
    found = district.events.filter(date__lte=question.as_of).select_related(
        "step", "evidence__self_check"
    )
    return list(found.order_by("-date", "-step__order", "-pk"))


def _entry(event: CertificationEvent) -> HistoryEntry:
    return HistoryEntry(
        day=event.date,
        words=wording.event_words(event),
        step=wording.said(event.step.name),
        list_year=event.list_year,
        note=event.note,
        source=source_link(event.source, event.document_number),
        evidence=_evidence(event),
    )


def _evidence(event: CertificationEvent) -> str:
    """The approved self-check it rests on: year and fingerprint, no figures."""
    if event.evidence is None:
        return ""
    return gettext("依据 %(year)s 年度自查的复核结果,指纹 %(digest)s") % {
        "year": event.evidence.self_check.year,
        "digest": event.evidence.short_digest,
    }


def _steps(
    question: Question, district: District, events: Sequence[CertificationEvent]
) -> tuple[int | None, list[CertificationStep]]:
    """The procedure that applies: of the year of the newest event, else the newest known one.

    An abolished unit without events has none ahead of it.
    """
    if not events and district.valid_to is not None and question.as_of > district.valid_to:
        return None, []
    known = list(CertificationStep.objects.filter(year__lte=question.as_of.year).order_by("order"))
    years = {step.year for step in known}
    year = events[0].step.year if events else max(years, default=None)
    return year, [step for step in known if step.year == year]


def _step_lines(
    steps: Sequence[CertificationStep], events: Sequence[CertificationEvent]
) -> tuple[StepLine, ...]:
    newest = {event.step_id: event for event in reversed(events)}
    reached = max((step.order for step in steps if step.pk in newest), default=0)
    return tuple(
        StepLine(
            name=wording.said(step.name),
            level=step.get_level_display(),
            is_reached=step.order <= reached,
            is_last=step.order == reached,
            words=_recorded(newest.get(step.pk), step.order < reached),
        )
        for step in steps
    )


def _recorded(event: CertificationEvent | None, is_passed_by: bool) -> str:
    if event:
        return f"{wording.day_text(event.date)} {event.get_result_display()}"
    return gettext("没有单独记录") if is_passed_by else gettext("没有记录")


def _next_step(
    standing: Standing, events: Sequence[CertificationEvent], steps: Sequence[CertificationStep]
) -> str:
    if standing.status == progress.CERTIFIED:
        return gettext("按规划,2029–2030年对已通过的区县组织「回头看」,检查成果是否保持。")
    if standing.status == progress.ABOLISHED:
        return gettext("单位已撤并。它的规划任务由谁承担,待市级明确。")
    if standing.planned_year is None:
        return gettext("这一版规划没有给它安排年份。")
    last = events[0] if events else None
    if last and last.result in {Result.STARTED, Result.PASSED}:
        return _underway(last, steps)
    if last and last.result == Result.FAILED:
        return gettext("最近一次「%(step)s」没有通过;整改后可再次申请。") % {
            "step": wording.said(last.step.name)
        }
    return gettext("先由区县自评,达标后报市级督导评估,再由市里申请国家认定。")


def _underway(last: CertificationEvent, steps: Sequence[CertificationStep]) -> str:
    if last.result == Result.STARTED:
        return gettext("正在进行「%(step)s」,等待结果。") % {"step": wording.said(last.step.name)}
    following = next((step for step in steps if step.order > last.step.order), None)
    if following is None:
        return gettext("各环节都已走完,等待公布结果。")
    return gettext("接下来是「%(step)s」。") % {"step": wording.said(following.name)}


def _concerns(succession: Succession, district: District) -> bool:
    return district.pk in {succession.predecessor_id, succession.successor_id}


def _reorganisations(position: Position, district: District) -> tuple[Reorganisation, ...]:
    return tuple(
        Reorganisation(
            day=succession.date,
            words=wording.succession_words(succession),
            description=succession.description,
            source=source_link(succession.source, ""),
        )
        for succession in position.successions
        if _concerns(succession, district)
    )


def _gone_on(question: Question, district: District) -> date | None:
    """The first day without the unit, when that day has come."""
    if district.valid_to is None or question.as_of <= district.valid_to:
        return None
    return district.valid_to + timedelta(days=1)


def _unresolved(position: Position, district: District) -> str:
    """Abolished units that went into this one and whose obligation nobody has taken over yet."""
    inherited = {
        succession.predecessor.code
        for succession in position.successions
        if succession.successor_id == district.pk
    }
    return listed(
        position.districts[standing.code].display_name
        for standing in position.progress.with_status(progress.ABOLISHED)
        if standing.code in inherited
    )


def _region(district: District) -> str:
    parts = (district.region, district.subregion)
    return " · ".join(wording.said(part) for part in parts if part)
