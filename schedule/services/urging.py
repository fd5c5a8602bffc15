"""Whom to urge (重点督促): units behind the plan, with what says so; a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from districts.models import District
from indicators.wording import VERDICTS
from schedule import progress
from schedule.models import Guidance, GuidanceKind
from schedule.progress import Standing
from schedule.services.outlook import UnitOutlook, outlook_on
from schedule.wording import OPEN, STATES, shown_state
from selfchecks.models import ReviewEntry
from selfchecks.services.readiness import latest_approvals

AHEAD = 1  # years before the planned one from which its self-check should meet the standard


class Behind(models.TextChoices):
    PAST = "past", gettext_lazy("规划年份已过")
    NOT_BEGUN = "not_begun", gettext_lazy("评估还没有开始")
    NOT_READY = "not_ready", gettext_lazy("自查没有达标")
    TOO_SLOW = "too_slow", gettext_lazy("照现在的速度赶不上")


@dataclass(frozen=True, slots=True)
class Reason:
    code: Behind
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit to be urged; ``since`` is the day from which it already is."""

    district: District
    standing: Standing
    reasons: tuple[Reason, ...]
    since: date | None

    @property
    def code(self) -> str:
        return self.district.code

    @property
    def group(self) -> str:
        """The heaviest reason is what it is sorted under."""
        return str(self.reasons[0].code.label)

    @property
    def words(self) -> str:
        return (" " if get_language() == "en" else "").join(each.words for each in self.reasons)


def proposals(day: date) -> list[Proposal]:
    """Most urgent first: by planned year, then by how many reasons there are.

    Certified units, those the nation is looking at, and abolished ones are not urged. Raises
    Unusable before the first plan.
    """
    approvals, urged = latest_approvals(day=day), _urged()
    found = []
    for unit in outlook_on(day).units:
        reasons = tuple(_reasons(unit, approvals.get(unit.standing.code), day))
        if reasons:
            since = urged.get(unit.district.pk)
            found.append(Proposal(unit.district, unit.standing, reasons, since))
    return sorted(found, key=lambda each: (each.standing.planned_year, -len(each.reasons)))


def _urged() -> dict[int, date]:
    rows = Guidance.objects.filter(kind=GuidanceKind.URGED, ended_on=None, voided_at=None)
    return dict(rows.values_list("district", "begun_on"))


def _reasons(unit: UnitOutlook, approval: ReviewEntry | None, day: date) -> Iterator[Reason]:
    standing, year = unit.standing, unit.standing.planned_year
    if year is None or standing.status == progress.RECOMMENDED:
        return
    state = shown_state(standing)
    facts: dict[str, Any] = {"year": year, "days": standing.days_late, "state": STATES[state]}
    if year < day.year:
        words = _("规划 %(year)s 年，已过 %(days)s 天，没有通过的记录。")
        if state == OPEN:
            words = _("规划 %(year)s 年，已过 %(days)s 天；可能在名称待核的名单上。")
        yield Reason(Behind.PAST, words % facts)
    if year <= day.year and standing.status != progress.REVIEWING:
        yield Reason(Behind.NOT_BEGUN, _("没有区县或市级评估正在进行的记录。"))
    if year <= day.year + AHEAD and (words := _unready(approval)):
        yield Reason(Behind.NOT_READY, words)
    if unit.is_known and not _arrives(unit, max(year, day.year)):
        yield Reason(Behind.TOO_SLOW, _pace_words(unit))


def _unready(approval: ReviewEntry | None) -> str:
    """Empty where the newest approved self-check meets the standard."""
    if approval is None or approval.evaluation is None:
        return _("没有复核通过的自查。")
    if approval.evaluation.verdict == "met":
        return ""
    facts = {"year": approval.self_check.year, "verdict": VERDICTS[approval.evaluation.verdict]}
    return _("%(year)s 年度自查复核通过的结果是「%(verdict)s」。") % facts


def _arrives(unit: UnitOutlook, year: int) -> bool:
    expected = unit.expected["same"]
    return expected is not None and expected <= year


def _pace_words(unit: UnitOutlook) -> str:
    expected = unit.expected["same"]
    if expected is None:
        return _("最近两个年度差距没有缩小。")
    return _("照近两年的速度，预计 %s 年通过。") % expected
