"""The page of one unit: where it stands, what was planned, what happened, what comes next."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from districts.models import District
from districts.scope import Viewer, reaches
from districts.sources import source_of, web
from districts.wording import day_text
from indicators.models import Standard
from indicators.wording import VERDICTS
from schedule import progress, totals, wording
from schedule.models import CertificationEvent, CertificationStep, Result
from schedule.progress import Standing
from schedule.services.applying import Conditions, conditions_of
from schedule.services.reading import today
from selfchecks.services.readiness import Readiness, readiness

from .question import Question

ORDER = {"not_met": 0, "unknown": 1, "met": 2}


def content(question: Question, district: District, viewer: Viewer) -> dict[str, Any]:
    counted = question.position.progress
    standing = question.position.standing_of(district.code)
    events = _events(question, district)
    steps = _steps(question, district, events)
    approved = readiness([district], day=question.as_of).get(district.code)
    return {
        "district": district,
        "line": question.line(standing),
        "unnamed": "" if standing.certain else totals.unnamed_words(counted),
        "phase": progress.phase_of(counted.phases, standing.planned_year),
        "next_step": _not_yet(question, district) or _next_step(standing, events, steps),
        "history": [(event, wording.event_words(event), source_of(event)) for event in events],
        "steps": _recorded(steps, events),
        "reorganisations": [
            (change, wording.succession_words(change), source_of(change))
            for change in question.position.successions
            if district.pk in (change.predecessor_id, change.successor_id)
        ],
        "gone_on": _gone_on(question, district),
        "unresolved": _unresolved(question, district),
        "publication": web(district.publication_page),
        "roadmap_url": reverse("roadmap") + question.tail("as_of"),
        "readiness": approved,
        "ready_sentence": approved and _ready_sentence(approved),
        "open": approved and _open(approved),
        **_applying(question, district, standing, viewer),
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


def _events(question: Question, district: District) -> list[CertificationEvent]:
    """What happened to the unit until the day, newest first."""
    found = district.events.filter(date__lte=question.as_of).select_related(
        "step", "evidence__self_check"
    )
    return list(found.order_by("-date", "-step__order", "-pk"))


def _steps(
    question: Question, district: District, events: Sequence[CertificationEvent]
) -> list[CertificationStep]:
    """The procedure that applies: of the year of the newest event, else the newest known one.

    An abolished unit without events has none ahead of it.
    """
    if not events and _gone_on(question, district):
        return []
    known = list(CertificationStep.objects.filter(year__lte=question.as_of.year).order_by("order"))
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


def _next_step(
    standing: Standing, events: Sequence[CertificationEvent], steps: Sequence[CertificationStep]
) -> str:
    if standing.status == progress.CERTIFIED:
        return gettext("按规划,2029–2030年对已通过的区县组织「回头看」,检查成果是否保持。")
    if standing.status == progress.ABOLISHED:
        return gettext("单位已撤并。它的规划任务由谁承担,待市级明确。")
    if standing.planned_year is None:
        return gettext("这一版规划没有给它安排年份。")
    if events and (sentence := _after(events[0], steps)):
        return sentence
    return gettext("先由区县自评,达标后报市级督导评估,再由市里申请国家认定。")


def _after(last: CertificationEvent, steps: Sequence[CertificationStep]) -> str:
    """What the last thing that happened leads to; nothing when the way begins anew."""
    following = next((step for step in steps if step.order > last.step.order), None)
    sentences = {
        Result.FAILED: gettext("最近一次「%(step)s」没有通过;整改后可再次申请。"),
        Result.STARTED: gettext("正在进行「%(step)s」,等待结果。"),
        Result.PASSED: gettext("接下来是「%(step)s」。"),
    }
    if last.result == Result.PASSED and following is None:
        return gettext("各环节都已走完,等待公布结果。")
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
    return gettext("%(unit)s 从 %(day)s 起设立;所选的这一天还没有这个单位。") % facts


def _unresolved(question: Question, district: District) -> str:
    """Abolished units that went into this one and whose obligation nobody has taken over yet."""
    gone = question.position.progress.with_status(progress.ABOLISHED)
    return question.names(unit.code for unit in gone if district.code in unit.successors)


# -- how ready it is: district figures of the latest approved self-check, never a school ---------


def _ready_sentence(found: Readiness) -> str:
    if found.verdict == "met":
        return gettext("%s 年度自查经市级复核,各项都达到标准。") % found.year
    counts = Counter(found.verdicts.values())
    return gettext(
        "%(year)s 年度自查经市级复核:%(failing)s 项不达标,%(unknown)s 项无法判定;"
        "%(units)s 个评估单元中 %(failing_units)s 个不达标。"
    ) % {
        "year": found.year,
        "failing": counts["not_met"],
        "unknown": counts["unknown"],
        "units": found.unit_count,
        "failing_units": found.failing_unit_count,
    }


def _open(found: Readiness) -> list[tuple[str, str, str]]:
    """Address, name and verdict of what is not met, or cannot be told; what fails first."""
    standard = Standard.objects.in_force_on(found.approved_on)
    rows = standard.indicators.all() if standard else ()
    names = {row.code: f"{row.code} {row.display_name}" for row in rows}
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
