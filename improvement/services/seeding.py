"""Begins school plans from the plan a district has adopted: its additions become measures."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale
from audit.services import record
from districts.models import User
from figures.table import SCHOOL_FIELD
from improvement.models import Measure, Plan, SchoolPlan
from improvement.planner.measures import KINDS, MOVE, fields_of
from improvement.school_plans.wanted import due_days, wanted
from improvement.services.planning import in_force
from improvement.services.scenarios import MAY_PLAN
from indicators.calculation.scheme import STAGES
from selfchecks import clock
from selfchecks.models import SelfCheck


def take_over(
    *, self_check: SelfCheck, by: User, expected: int | None = None, days: Iterable[date] = ()
) -> list[SchoolPlan]:
    """School plans for the schools of the adopted plan that have none yet; ``expected`` is the
    number of the plan the person saw, ``days`` are due days of a plan over years.

    Raises NotAllowed for others than the district's people, Conflict while none is adopted or
    when every school of it has its plan, Stale when another one is adopted, Unusable.
    """
    if by.role not in MAY_PLAN or by.district_id != self_check.district_id:
        raise NotAllowed(_("一校一策由本区县的填报员和审签人建立。"))
    plan = adopted(self_check, expected)
    with transaction.atomic():
        SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        wanted_of = lacking(plan, due_days(plan, days))
        begun = begin(plan=plan, schools=wanted_of, by=by)
        if not begun:
            raise Conflict(_("第 %s 号方案里的学校都已经有了一校一策。") % plan.number)
        changes = {"plan": plan.number, "schools": [each.school_code for each in begun]}
        code = self_check.district.code
        record(action="school_plan.begin", by=by, on=plan, district_code=code, changes=changes)
    return begun


def adopted(self_check: SelfCheck, expected: int | None = None) -> Plan:
    """Raises Conflict while none is adopted, Stale when it is not the one of this number."""
    plan = in_force(self_check)
    if plan is None:
        raise Conflict(_("还没有采用增配方案；请审签人先采用一个方案。"), code="none_adopted")
    if expected not in (None, plan.number):
        raise Stale(_("现在采用的是第 %s 号方案；请看过它再办理。") % plan.number)
    return plan


def rests_on(plan: Plan) -> Any:
    """Why the adoption of a plan cannot be taken back; None while no school goes by it."""
    count = plan.school_plans.count()
    sentence = _("已按这个方案建立了 %s 所学校的一校一策，不能再收回；可以另外采用一个方案。")
    return sentence % count if count else None


def lacking(plan: Plan, days: Mapping[int, date]) -> dict[str, list[Measure]]:
    """What is wanted in the plan's schools that have no school plan yet."""
    there = {*plan.self_check.school_plans.values_list("school_code", flat=True)}
    return {code: own for code, own in wanted(plan, days).items() if code not in there}


def begin(*, plan: Plan, schools: Mapping[str, list[Measure]], by: User) -> list[SchoolPlan]:
    """School plans with these measures, in the caller's transaction."""
    names = names_in(plan)
    begun = SchoolPlan.objects.bulk_create(
        SchoolPlan(
            self_check=plan.self_check,
            plan=plan,
            school_code=code,
            school_name=names.get(code, code),
            begun_by=by,
            begun_at=clock.now(),
        )
        for code in sorted(schools)
    )
    for row in begun:
        for number, measure in enumerate(schools[row.school_code], 1):
            measure.school_plan, measure.number = row, number
    Measure.objects.bulk_create(each for row in begun for each in schools[row.school_code])
    return begun


def names_in(plan: Plan) -> dict[str, str]:
    rows = (plan.result or {}).get("outcome", {}).get("units", ())
    found = {row["school_code"]: row["school_name"] for row in rows}
    return found | dict(plan.self_check.school_records.values_list("school_code", "school_name"))


def fields_raised(measure: Measure) -> tuple[str, ...]:
    """The raw figures one more of it changes, by its kind or by its indicators."""
    kind = KINDS.get(measure.kind)
    own = kind.fields if kind and kind.code != MOVE else fields_of(measure.indicators)
    stages = [measure.stage] if measure.stage in STAGES else []
    named = (name.format(stage=stage) for name in own for stage in stages or ["?"])
    return tuple(dict.fromkeys(name for name in named if name in SCHOOL_FIELD))
