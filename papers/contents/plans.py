"""The volume of a district's school plans: what each school is to have, by whom, until when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict
from improvement.models import Measure, SchoolPlan
from improvement.school_plans.page import left_words
from improvement.services.remaining import Remaining, remaining_of
from improvement.shortfall.lacking import SchoolNeeds
from selfchecks.models import SelfCheck

from .words import DEMO, NONE, count, day_of, figure, yes

WAN = Decimal(10_000)
NONE_YET = _("这份自查还没有批准的一校一策，不能成册。")


def fill(self_check: SelfCheck, day: date) -> dict[str, Any]:
    """Plans that were approved, by school code. Raises Conflict while there is none."""
    rows = SchoolPlan.objects.filter(self_check=self_check, approved_at__isnull=False)
    plans = list(rows.order_by("school_code"))
    if not plans:
        raise Conflict(NONE_YET, code="no_plans")
    measures: dict[int, list[Measure]] = defaultdict(list)
    for measure in Measure.objects.with_done().live().filter(school_plan__in=plans):
        measures[measure.school_plan_id].append(measure)
    remaining = remaining_of(self_check)
    left = remaining.schools if remaining else {}
    everything = [one for found in measures.values() for one in found]
    return {
        "unit": self_check.district.display_name,
        "year": figure(self_check.year),
        "made_on": day_of(day),
        "schools": count(plans),
        "measures": count(everything),
        "cost": cost_of(everything),
        "demo": yes(self_check.is_demo, DEMO),
        "remaining": _remaining(remaining, left),
        "plans": [
            _plan(plan, measures[plan.pk], day) | {"left": _left(left.get(plan.school_code))}
            for plan in plans
        ],
        "without": [{"school": name, "left": words} for name, words in _without(left, plans)],
    }


def _remaining(found: Remaining | None, left: Mapping[str, SchoolNeeds]) -> str:
    """What the measures leave, in one sentence."""
    if found is None:
        return "没有数据，说不出措施完成以后还差什么。"
    if not left:
        return "全部措施完成以后，各校不再有差额。"
    return f"全部措施完成以后，仍有 {len(left)} 所学校有差额，逐校列明。"


def _left(needs: SchoolNeeds | None) -> str:
    return "；".join(left_words(needs)) if needs else "无"


def _without(
    left: Mapping[str, SchoolNeeds], plans: Iterable[SchoolPlan]
) -> Iterator[tuple[str, str]]:
    """Schools that lack something and have no approved plan."""
    have = {plan.school_code for plan in plans}
    for code, needs in left.items():
        if code not in have:
            yield needs.name, _left(needs)


def cost_of(measures: list[Measure]) -> str:
    """In 万元; what has no price yet is said, not counted as nothing."""
    known = [one.cost for one in measures if one.cost is not None]
    open_ones = len(measures) - len(known)
    others = yes(bool(open_ones), f"（另有 {open_ones} 项未定）")
    return figure(_wan(sum(known, Decimal())), unit=f"万元{others}")


def _plan(plan: SchoolPlan, measures: list[Measure], day: date) -> dict[str, Any]:
    return {
        "school": plan.school_name,
        "code": plan.school_code,
        "state": str(plan.get_state_display()),
        "approved_on": day_of(timezone.localdate(plan.approved_at)),
        "count": count(measures),
        "cost": cost_of(measures),
        "measures": [_measure(number, one, day) for number, one in enumerate(measures, 1)],
    }


def _measure(number: int, one: Any, day: date) -> dict[str, str]:
    is_late = one.due is not None and one.due < day and (one.done or 0) < one.amount
    unit = str(one.get_unit_display())
    return {
        "number": figure(number),
        "name": one.name,
        "indicators": "、".join(one.indicators),
        "amount": figure(one.amount, unit=unit),
        "done": figure(one.done, unit=unit),
        "cost": "未定" if one.cost is None else figure(_wan(one.cost)),
        "funding": str(one.get_funding_display()) if one.funding else "未定",
        "responsible": one.responsible or "未定",
        "office": str(one.get_office_display()),
        "start": day_of(one.start, "未定"),
        "due": day_of(one.due, "未定", yes(is_late, "（已逾期）")),
        "milestones": one.milestones or NONE,
        "evidence": one.evidence or NONE,
    }


def _wan(yuan: Decimal) -> Decimal:
    return (yuan / WAN).quantize(Decimal("0.0001"))
