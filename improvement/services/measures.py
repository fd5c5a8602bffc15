"""Changes measures of school plans; what a measure was before stays, with the reason."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import check, record, revise
from districts.models import User
from improvement.models import Funding, Measure, Revision, SchoolPlan, Stage, Unit
from improvement.school_plans.workflow import STEP
from improvement.services.school_plans import FLOW, may_prepare
from indicators.calculation.scheme import CODES, STAGES
from selfchecks import clock
from selfchecks.models import SelfCheck

SAID = (
    *("amount", "cost", "funding", "funding_note", "responsible", "office", "start", "due"),
    *("milestones", "evidence"),
)
NEW = ("name", "indicators", "stage", "unit", *SAID)
WHOLE = (Unit.PERSON, Unit.ROOM)
NOWHERE: Mapping[int, str] = MappingProxyType({})


def change(
    *, measure: Measure, by: User, reason: str = "", expected: int | None = None, **said: Any
) -> Measure:
    """Another amount, cost, day or whatever of ``SAID``; what is not said stays.

    Once its plan was approved, a reason is needed and the plan goes back to be approved again.
    Raises NotAllowed, Conflict, Stale when ``expected`` is not the plan's version, Unusable.
    """
    with transaction.atomic():
        FLOW.lock(measure.school_plan, by, expected)
        self_check = measure.school_plan.self_check
        given = {measure.pk: said}
        change_all(self_check=self_check, changes=given, by=by, reason=reason)
    fresh: Measure = Measure.objects.with_done().get(pk=measure.pk)
    return fresh


@transaction.atomic
def change_all(
    *,
    self_check: SelfCheck,
    changes: Mapping[int, Mapping[str, Any]],
    by: User,
    reason: str = "",
    action: str = "measure.change",
    at: Mapping[int, str] = NOWHERE,
) -> dict[Measure, dict[str, Any]]:
    """Many measures at once, by their keys, whole or not at all: measure → what has changed."""
    done = foresee(self_check=self_check, changes=changes, by=by, reason=reason, at=at)
    for row in done:
        row.save()
    _keep(done, by, reason, action)
    return done


@transaction.atomic
def foresee(
    *,
    self_check: SelfCheck,
    changes: Mapping[int, Mapping[str, Any]],
    by: User,
    reason: str = "",
    at: Mapping[int, str] = NOWHERE,
) -> dict[Measure, dict[str, Any]]:
    """What ``change_all`` would do: measure → what changes; ``at`` is where the caller said it, for
    a refusal to point there. Raises what ``change`` raises."""
    rows = Measure.objects.select_for_update(of=("self",)).live()
    rows = rows.filter(pk__in=changes, school_plan__self_check=self_check)
    plans = locked(self_check, {row.school_plan_id for row in rows}, by, reason)
    done: dict[Measure, dict[str, Any]] = {}
    for row in rows.order_by("school_plan__school_code", "number"):
        row.school_plan = plans[row.school_plan_id]
        try:
            found = revise(row, changes[row.pk], names=SAID, check=refuse_unfit)
        except Unusable as refusal:
            raise refusal.within(at.get(row.pk, "")) from None
        if found:
            done[row] = found
    return done


@transaction.atomic
def add(*, school_plan: SchoolPlan, by: User, reason: str = "", **said: Any) -> Measure:
    """A measure the planner did not think of. Raises as ``change`` does."""
    plan = locked(school_plan.self_check, {school_plan.pk}, by, reason)[school_plan.pk]
    last = plan.measures.aggregate(last=Max("number"))["last"] or 0
    fields = {name: said[name] for name in NEW if name in said}
    row = Measure(school_plan=plan, number=last + 1, **fields)
    _refuse_unknown(row)
    refuse_unfit(row)
    row.save()
    _keep({row: {"name": [None, row.name]}}, by, reason, "measure.add")
    return row


@transaction.atomic
def drop(*, measure: Measure, by: User, reason: str) -> Measure:
    """No longer to be done; it stays on record. Raises Unusable without a reason."""
    plans = locked(measure.school_plan.self_check, {measure.school_plan_id}, by, reason)
    row: Measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    row.school_plan = plans[row.school_plan_id]
    if not reason.strip():
        raise Unusable.at("reason", _("请写明取消的原因。"))
    if row.dropped_at is not None:
        raise Conflict(_("这项措施已经取消。"))
    row.dropped_at = clock.now()
    row.save()
    _keep({row: {"dropped_at": [None, row.dropped_at.isoformat()]}}, by, reason, "measure.drop")
    return row


def locked(self_check: SelfCheck, keys: set[int], by: User, reason: str) -> dict[int, SchoolPlan]:
    """The plans to be written in, nobody else changing them."""
    if not may_prepare(self_check, by):
        raise NotAllowed(_("一校一策由本区县的填报员编制。"))
    rows = SchoolPlan.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    plans = {row.pk: row for row in rows.select_related("self_check__district")}
    for plan in plans.values():
        if plan.state == Stage.AWAITING:
            sentence = _("%s的一校一策正在等待审批；请先撤回，再改。")
            raise Conflict(sentence % plan.school_name, code="awaiting")
        if plan.approved_at and not reason.strip():
            raise Unusable.at("reason", _("这份一校一策已经批准过；请写明改动的原因。"))
    return plans


def _keep(done: Mapping[Measure, dict[str, Any]], by: User, reason: str, action: str) -> None:
    if done:
        revised(done=done, by=by, reason=reason)
        _record(done, by, reason, action)


def revised(*, done: Mapping[Measure, dict[str, Any]], by: User, reason: str) -> None:
    """What the measures were, and that their plans are others now; the entry is the caller's."""
    last = Revision.objects.filter(measure__in=done).order_by().values_list("measure")
    numbers = dict(last.annotate(Max("number")))
    Revision.objects.bulk_create(
        Revision(
            measure=row,
            number=numbers.get(row.pk, 0) + 1,
            changes=changes,
            reason=reason.strip(),
            after_approval=row.school_plan.approved_at is not None,
            made_by=by,
            made_at=clock.now(),
        )
        for row, changes in done.items()
    )
    plans = list({row.school_plan_id: row.school_plan for row in done}.values())
    if amended := [plan for plan in plans if plan.state == Stage.APPROVED]:
        said = {"comment": reason.strip()}
        FLOW.carry_out(rows=amended, edge=STEP["amend"], by=by, said=said)
    for plan in plans:
        if plan not in amended:
            plan.version += 1
            plan.save()


def _record(done: Mapping[Measure, dict[str, Any]], by: User, reason: str, action: str) -> None:
    first = next(iter(done))
    self_check = first.school_plan.self_check
    record(
        action=action,
        by=by,
        on=first if len(done) == 1 else self_check,
        district_code=self_check.district.code,
        changes=done[first] if len(done) == 1 else {"measures": told(done)},
        reason=reason.strip(),
    )


def told(done: Mapping[Measure, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For the audit: school and number of the measure → what changed."""
    return {f"{row.school_plan.school_code}.{row.number}": each for row, each in done.items()}


def refuse_unfit(row: Measure) -> None:
    """Raises Unusable with a sentence for every value that does not fit the others."""
    Unusable.check(faults_of(row))
    check(row)


def faults_of(row: Measure) -> dict[str, Any]:
    """What is wrong between the values of a measure: field → sentence."""
    return {
        "amount": _amount_fault(row.amount, row.unit),
        "cost": _("经费不能是负数。") if row.cost is not None and row.cost < 0 else None,
        "due": _due_fault(row.start, row.due, row.school_plan.self_check.year),
        "funding_note": _("经费来源是「其他」时，请写明来源。")
        if row.funding == Funding.OTHER and not row.funding_note.strip()
        else None,
    }


def _amount_fault(amount: Decimal | None, unit: str) -> Any:
    if amount is None or amount <= 0:
        return _("数量要大于 0；不做的措施请取消。")
    if unit in WHOLE and amount != int(amount):
        return _("人数和间数只能是整数。")
    return None


def _due_fault(start: date | None, due: date | None, year: int) -> Any:
    if due is not None and due.year < year:
        return _("这份一校一策依据 %s 年度自查，完成期限不能早于这一年；请核对年份。") % year
    is_backwards = start is not None and due is not None and due < start
    return _("完成期限不能早于开始日期。") if is_backwards else None


def _refuse_unknown(row: Measure) -> None:
    is_known = isinstance(row.indicators, list) and set(row.indicators) <= set(CODES)
    Unusable.check(
        {
            "indicators": None if is_known else _("请在 A1 到 A7 中选择对应的指标。"),
            "stage": None if row.stage in ("", *STAGES) else _("没有这个学段。"),
        }
    )
