"""The page of one unit: four questions answered, its way so far, and what the plan asks of it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from districts.models import District
from districts.scope import Viewer, reaches
from districts.sources import source_of, web
from districts.wording import day_text
from indicators.models import Standard
from indicators.services.rules import indicator_names
from indicators.wording import VERDICTS
from schedule import progress, totals, wording
from schedule.models import (
    CertificationEvent,
    CertificationStep,
    PlannedCertification,
    Result,
    Statement,
    Subject,
)
from schedule.progress import Standing
from schedule.services.applying import Conditions, conditions_of
from schedule.services.reading import today
from selfchecks.models import ReviewEntry
from selfchecks.services.readiness import Readiness, readiness
from selfchecks.services.undoing import approval_taken_back

from .outcome import outcome_of
from .question import Question

ORDER = {"not_met": 0, "unknown": 1, "met": 2}


def content(question: Question, district: District, viewer: Viewer) -> dict[str, Any]:
    counted = question.position.progress
    standing = question.position.standing_of(district.code)
    events = events_of([district], question.as_of)
    # An abolished unit without events has no step ahead of it.
    has_steps = bool(events) or not _gone_on(question, district)
    steps = steps_of(events, known_steps(question.as_of)) if has_steps else []
    approved = readiness([district], day=question.as_of).get(district.code)
    return {
        "district": district,
        "line": (line := question.line(standing)),
        "said": line.sentence,
        "unnamed": "" if standing.certain else totals.unnamed_words(counted),
        "phase": progress.phase_of(counted.phases, standing.planned_year),
        "days_left": _days_left(standing, question.as_of),
        "next_step": _not_yet(question, district) or next_step(standing, events, steps),
        "history": events,
        "way": sorted(_way(question, district, standing, events), key=lambda stop: stop["day"]),
        "steps": _recorded(steps, events),
        "reorganisations": [
            (change, wording.succession_words(change), source_of(change))
            for change in question.position.successions
            if district.pk in (change.predecessor_id, change.successor_id)
        ],
        "gone_on": _gone_on(question, district),
        "unresolved": _unresolved(question, district),
        "publication": web(district.publication_page),
        "contact": Statement.objects.newest(Subject.CONTACT),
        "roadmap_url": reverse("roadmap") + question.tail("as_of"),
        "readiness": approved,
        "revision": _revision(approval_taken_back(district, question.as_of), approved),
        "ready_sentence": approved and _ready_sentence(approved),
        "open": approved and _open(approved),
        **_applying(question, district, standing, viewer),
        **outcome_of(district, viewer),
    }


def _applying(
    question: Question, district: District, standing: Standing, viewer: Viewer
) -> dict[str, Conditions]:
    """Whether it may apply today: for who answers for it, while there is something to apply for."""
    is_settled = standing.status in (progress.CERTIFIED, progress.ABOLISHED)
    if is_settled or question.as_of != today() or not reaches(viewer, district.pk):
        return {}
    found = conditions_of([district])[district.code]
    return {"conditions": found, "unmet": tuple(each for each in found if not each.is_met)}


def _days_left(standing: Standing, day: date) -> int | None:
    """Until the end of the planned year, when it is the year of the day and still to be reached."""
    is_due = standing.planned_year == day.year and standing.timing == "pending"
    return (date(day.year, 12, 31) - day).days if is_due else None


# -- its way: what was planned, what happened, where it stands -----------------------------------


def _way(
    question: Question, district: District, standing: Standing, events: Sequence[CertificationEvent]
) -> Iterator[dict[str, Any]]:
    """Each stop with its day; ``kind`` tells the day itself and what is only intended."""
    yield from _plans(question, district)
    for event in reversed(events):
        words = wording.event_words(event)
        yield {"day": event.date, "title": words, "event": event, "source": source_of(event)}
    if standing.planned_year:
        title = gettext("规划的期限：%(year)s 年底前") % {"year": standing.planned_year}
        yield {"day": date(standing.planned_year, 12, 31), "title": title, "kind": "plan"}
    yield {"day": question.as_of, "title": question.line(standing).label, "kind": "today"}


def _plans(question: Question, district: District) -> Iterator[dict[str, Any]]:
    """The editions of the plan that gave the unit its year, or another one."""
    entries = PlannedCertification.objects.filter(district=district, version__in=question.versions)
    year = None
    for entry in entries.select_related("version").order_by("version__number"):
        if entry.year != year:
            sentence = gettext("第 %(number)s 版规划列入 %(year)s 年")
            if year:
                sentence = gettext("第 %(number)s 版规划改为 %(year)s 年")
            version, year = entry.version, entry.year
            yield {
                "day": version.published_on,
                "title": sentence % {"number": version.number, "year": year},
                "text": version.reason,
                "source": source_of(version),
            }


def events_of(districts: Collection[District], day: date) -> list[CertificationEvent]:
    """What happened to these units until the day, newest first."""
    found = CertificationEvent.objects.filter(district__in=districts, date__lte=day)
    found = found.select_related("step", "evidence__self_check")
    return list(found.order_by("-date", "-step__order", "-pk"))


def known_steps(day: date) -> list[CertificationStep]:
    return list(CertificationStep.objects.filter(year__lte=day.year).order_by("order"))


def steps_of(
    events: Sequence[CertificationEvent], known: Sequence[CertificationStep]
) -> list[CertificationStep]:
    """The procedure that applies: of the year of the newest event, else the newest known one."""
    newest = max((step.year for step in known), default=None)
    year = events[0].step.year if events else newest
    return [step for step in known if step.year == year]


def _recorded(
    steps: Sequence[CertificationStep], events: Sequence[CertificationEvent]
) -> list[tuple[CertificationStep, str, bool]]:
    """Per step: what is recorded of it, and whether it is the last with a record.

    A step without a record may have been passed: nothing is claimed about it, and nothing drawn.
    """
    newest = {event.step_id: event for event in reversed(events)}
    last = max((step.order for step in steps if step.pk in newest), default=0)
    return [(step, _said(newest.get(step.pk)), step.order == last) for step in steps]


def _said(event: CertificationEvent | None) -> str:
    return f"{day_text(event.date)} {event.get_result_display()}" if event else ""


def next_step(
    standing: Standing, events: Sequence[CertificationEvent], steps: Sequence[CertificationStep]
) -> str:
    if standing.status == progress.CERTIFIED:
        return gettext("按规划，2029–2030年对已通过的区县组织「回头看」，检查成果是否保持。")
    if standing.status == progress.ABOLISHED:
        return gettext("单位已撤并。它的规划任务由谁承担，待市级明确。")
    if standing.planned_year is None:
        return gettext("这一版规划没有给它安排年份。")
    if events and (sentence := _after(events[0], steps)):
        return sentence
    return gettext("先由区县自评，达标后报市级督导评估，再由市里申请国家认定。")


def _after(last: CertificationEvent, steps: Sequence[CertificationStep]) -> str:
    """What the last thing that happened leads to; nothing when the way begins anew."""
    following = next((step for step in steps if step.order > last.step.order), None)
    sentences = {
        Result.FAILED: gettext("最近一次「%(step)s」没有通过；整改后可再次申请。"),
        Result.STARTED: gettext("正在进行「%(step)s」，等待结果。"),
        Result.PASSED: gettext("接下来是「%(step)s」。"),
    }
    if last.result == Result.PASSED and following is None:
        return gettext("各环节都已走完，等待公布结果。")
    step = following if following and last.result == Result.PASSED else last.step
    return sentences.get(Result(last.result), "") % {"step": gettext(step.name)}


def _gone_on(question: Question, district: District) -> date | None:
    """The first day without the unit, when that day has come."""
    if district.valid_to is None or question.as_of <= district.valid_to:
        return None
    return district.valid_to + timedelta(days=1)


def _not_yet(question: Question, district: District) -> str:
    """Of a day before the unit was set up there is nothing else to say."""
    if district.valid_from is None or question.as_of >= district.valid_from:
        return ""
    facts = {"unit": district.display_name, "day": day_text(district.valid_from)}
    return gettext("%(unit)s从 %(day)s起设立；所选的这一天还没有这个单位。") % facts


def _unresolved(question: Question, district: District) -> str:
    """Abolished units that went into this one and whose obligation nobody has taken over yet."""
    gone = question.position.progress.with_status(progress.ABOLISHED)
    return question.names(unit.code for unit in gone if district.code in unit.successors)


# -- how ready it is: district figures of the latest approved self-check, never a school ---------


def _ready_sentence(found: Readiness) -> str:
    if found.verdict == "met":
        return gettext("%s 年度自查经市级复核，各项都达到标准。") % found.year
    counts = Counter(found.verdicts.values())
    return gettext(
        "%(year)s 年度自查经市级复核：%(failing)s 项不达标，%(unknown)s 项无法判定；"
        "%(units)s 个评估单元中 %(failing_units)s 个不达标。"
    ) % {
        "year": found.year,
        "failing": counts["not_met"],
        "unknown": counts["unknown"],
        "units": found.unit_count,
        "failing_units": found.failing_unit_count,
    }


def _revision(taken_back: ReviewEntry | None, now: Readiness | None) -> str:
    """That figures shown before are shown no more; what a newer year says makes it old news."""
    if taken_back is None or (now and now.year > taken_back.self_check.year):
        return ""
    year = taken_back.self_check.year
    facts = {"year": year, "day": day_text(timezone.localdate(taken_back.taken_at))}
    said = gettext("更正：%(year)s 年度自查先前公布的结果已于 %(day)s收回") % facts
    is_decided = now is not None and now.year == year
    return said + (
        gettext("，现在的是重新复核的结果。") if is_decided else gettext("，正在重新复核。")
    )


def _open(found: Readiness) -> list[tuple[str, str, str]]:
    """Address, name and verdict of what is not met, or cannot be told; what fails first."""
    standard = Standard.objects.in_force_on(found.approved_on)
    names = {code: f"{code} {name}" for code, name in indicator_names(standard).items()}
    # A stands for all resources, V for what refuses a district.
    whole = {"A": gettext("资源配置"), "V": gettext("一票否决")}
    return [
        (
            reverse("indicators") if code in whole else reverse("indicator", args=[code]),
            whole.get(code) or names.get(code, code),
            str(VERDICTS[verdict]),
        )
        for code, verdict in sorted(found.verdicts.items(), key=lambda item: ORDER[item[1]])
        if verdict != "met"
    ]
