"""Begins school plans from the plan a district has adopted: its additions become measures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale
from audit.services import record
from districts.models import User
from districts.roles import Office
from figures.table import SCHOOL_FIELD
from improvement.models import Measure, Plan, SchoolPlan, Unit
from improvement.models.school_plan import UNIT_OF
from improvement.planner.measures import KINDS, MOVE, fields_of
from improvement.plans.words import measures_of
from improvement.services.planning import in_force
from improvement.services.scenarios import MAY_PLAN
from indicators.calculation.scheme import STAGES
from selfchecks import clock
from selfchecks.models import SelfCheck

# Whose a kind of measure usually is; the bureau says otherwise where it is not so.
OFFICES = {
    "hire": Office.STAFFING,
    "hire_pe_arts": Office.STAFFING,
    "build_rooms": Office.PLANNING,
    "build_ground": Office.PLANNING,
    "build_indoor": Office.PLANNING,
}


def take_over(*, self_check: SelfCheck, by: User, expected: int | None = None) -> list[SchoolPlan]:
    """School plans for the schools of the adopted plan that have none yet; ``expected`` is the
    number of the plan the person saw.

    Raises NotAllowed for others than the district's people, Conflict while none is adopted or
    when every school of it has its plan, Stale when another one is adopted.
    """
    if by.role not in MAY_PLAN or by.district_id != self_check.district_id:
        raise NotAllowed(_("一校一策由本区县的填报员和审签人建立。"))
    plan = in_force(self_check)
    if plan is None:
        raise Conflict(_("还没有采用增配方案；请审签人先采用一个方案。"), code="none_adopted")
    if expected not in (None, plan.number):
        raise Stale(_("现在采用的是第 %s 号方案；请看过它再办理。") % plan.number)
    with transaction.atomic():
        SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        begun = _begin(plan, by)
        if not begun:
            raise Conflict(_("第 %s 号方案里的学校都已经有了一校一策。") % plan.number)
        changes = {"plan": plan.number, "schools": [each.school_code for each in begun]}
        code = self_check.district.code
        record(action="school_plan.begin", by=by, on=plan, district_code=code, changes=changes)
    return begun


def rests_on(plan: Plan) -> Any:
    """Why the adoption of a plan cannot be taken back; None while no school goes by it."""
    count = plan.school_plans.count()
    sentence = _("已按这个方案建立了 %s 所学校的一校一策，不能再收回；可以另外采用一个方案。")
    return sentence % count if count else None


def lacking(plan: Plan) -> set[str]:
    """Codes of the plan's schools that have no school plan yet."""
    return _measures(plan).keys() - _there(plan)


def _there(plan: Plan) -> set[str]:
    return set(plan.self_check.school_plans.values_list("school_code", flat=True))


def _begin(plan: Plan, by: User) -> list[SchoolPlan]:
    there = _there(plan)
    wanted = {code: own for code, own in _measures(plan).items() if code not in there}
    names = _names(plan)
    begun = SchoolPlan.objects.bulk_create(
        SchoolPlan(
            self_check=plan.self_check,
            plan=plan,
            school_code=code,
            school_name=names.get(code, code),
            begun_by=by,
            begun_at=clock.now(),
        )
        for code in sorted(wanted)
    )
    Measure.objects.bulk_create(
        Measure(school_plan=row, number=number, **fields)
        for row in begun
        for number, fields in enumerate(wanted[row.school_code], 1)
    )
    return begun


def _names(plan: Plan) -> dict[str, str]:
    rows = (plan.result or {}).get("outcome", {}).get("units", ())
    found = {row["school_code"]: row["school_name"] for row in rows}
    return found | dict(plan.self_check.school_records.values_list("school_code", "school_name"))


def _measures(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """School → what is to be done there, in the planner's order."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for code, fields in (*_additions(plan), *_moves(plan)):
        found[code].append(fields)
    return found


def _additions(plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    names = measures_of(plan)
    raises = {row["code"]: row.get("raises", ()) for row in plan.terms["measures"]}
    for row in (plan.result or {}).get("additions", ()):
        kind = row["measure"]
        own = KINDS[kind].raises if kind in KINDS else raises[kind]
        yield (
            row["school_code"],
            {
                **_said(kind, row),
                "name": names[kind].name,
                "indicators": [*own],
                "unit": UNIT_OF[names[kind].unit],
                "amount": Decimal(row["amount"]),
            },
        )


def _moves(plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in (plan.result or {}).get("moves", ()):
        yield (
            row["to"],
            {
                **_said(MOVE, row),
                "name": str(KINDS[MOVE].label),
                "indicators": [*row["counts_in"]],
                "unit": Unit.PERSON,
                "amount": Decimal(row["people"]),
                "from_school": row["from"],
            },
        )


def _said(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    office, cost = OFFICES.get(kind, Office.BUREAU), Decimal(row["cost"])
    return {"kind": kind, "stage": row["stage"], "cost": cost, "office": office}


def fields_raised(measure: Measure) -> tuple[str, ...]:
    """The raw figures one more of it changes, by its kind or by its indicators."""
    kind = KINDS.get(measure.kind)
    own = kind.fields if kind and kind.code != MOVE else fields_of(measure.indicators)
    stages = [measure.stage] if measure.stage in STAGES else []
    named = (name.format(stage=stage) for name in own for stage in stages or ["?"])
    return tuple(dict.fromkeys(name for name in named if name in SCHOOL_FIELD))
