"""Makes plans from a self-check's figures, prices and conditions, and lets one be adopted."""

import hashlib
from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import record
from districts.models import User
from districts.roles import Role
from districts.wording import listed
from improvement.models import Condition, Kind, Plan, Scenario, State, UnitPrice
from improvement.planner.plan import PLANNERS, make_plan
from improvement.planner.told import INFEASIBLE
from improvement.services import conditions, prices
from improvement.services.scenarios import refuse_unless_planner
from indicators.calculation.outcome import canonical
from indicators.calculation.problems import UnusableInput
from indicators.calculation.scheme import CODES
from indicators.refusals import sentence_of
from indicators.services.rules import rules_of
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import present_inputs

SECONDS = 5.0
MAY_ADOPT = (Role.SIGNATORY,)


class Ground(NamedTuple):
    """What a plan is made from, and the seal of both."""

    figures: dict[str, Any]
    terms: dict[str, Any]

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(canonical([self.figures, self.terms])).hexdigest()


def ground_of(self_check: SelfCheck) -> Ground:
    """Figures, prices and conditions as they are now. Raises Conflict without figures or prices."""
    figures = present_inputs(self_check)
    if figures is None:
        raise Conflict(
            _("这份自查还没有数据；上传并采用工作簿后才能做增配方案。"), code="no_figures"
        )
    return Ground(figures, _terms(self_check))


def _terms(self_check: SelfCheck) -> dict[str, Any]:
    """As the planner takes them; what nobody may buy needs no condition."""
    found = prices.in_force(self_check.district, clock.now().date())
    _refuse_without_prices(self_check)
    rows = [
        row for row in conditions.in_force(self_check.district) if row.least or row.kind in found
    ]
    return {
        "measures": [_measure(row) for row in found.values()],
        "caps": _amounts(rows, "most"),
        "locked": _amounts(rows, "least"),
    }


def _amounts(rows: list[Condition], side: str) -> dict[str, dict[str, str]]:
    """School → kind → one side of its condition."""
    amounts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if (amount := getattr(row, side)) is not None:
            amounts[row.school_code][row.kind] = f"{amount:f}"
    return amounts


def _measure(row: UnitPrice) -> dict[str, Any]:
    return {"code": row.kind, "raises": row.raises, "price": f"{row.price:f}"}


def _refuse_without_prices(self_check: SelfCheck) -> None:
    """Which indicators nobody has said anything about; what is no longer offered was said."""
    rows = UnitPrice.objects.filter(district=self_check.district)
    said = {code for raises in rows.values_list("raises", flat=True) for code in raises}
    lacking = [code for code in CODES if code not in said]
    if lacking:
        sentence = _("还没有单价：提高 %s 的措施。请先填写单价，不采用的也请注明。")
        raise Conflict(sentence % listed(lacking), code="no_prices")


def make(
    *,
    self_check: SelfCheck,
    kind: str,
    by: User,
    scenario: Scenario | None = None,
    seconds: float = SECONDS,
) -> Plan:
    """A plan, worked out and kept.

    Raises NotAllowed, Conflict without figures or prices, Unusable for what cannot be planned on.
    """
    refuse_unless_planner(self_check, by)
    _refuse_unknown(kind)
    ground = ground_of(self_check)
    result = work_out(self_check, ground, kind, seconds)
    with transaction.atomic():
        locked = SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        last = locked.plans.aggregate(last=Max("number"))["last"] or 0
        plan = Plan.objects.create(
            self_check=self_check,
            number=last + 1,
            kind=Kind(kind),
            scenario=scenario,
            terms=ground.terms,
            digest=ground.digest,
            made_by=by,
            made_at=clock.now(),
            **_outcome(result),
        )
        _record("plan.make", plan, by)
    return plan


def _refuse_unknown(kind: str) -> None:
    if kind not in PLANNERS:
        known = listed(Kind(each).label for each in PLANNERS)
        raise Unusable.at("kind", _("没有这种增配方案；可用的有 %s。") % known)


def work_out(self_check: SelfCheck, ground: Ground, kind: str, seconds: float) -> dict[str, Any]:
    """The planner's answer. Raises Unusable with a sentence for every figure it needs."""
    payload = {**ground.figures, **ground.terms}
    try:
        return make_plan(payload, rules_of(self_check.standard), kind, seconds).as_dict()
    except UnusableInput as refusal:
        places = {each.pointer: sentence_of(each) for each in refusal.problems}
        sentence = _("增配方案做不了：%s") % next(iter(places.values()))
        raise Unusable(sentence, code="cannot_plan", fields=places) from refusal


def _outcome(result: dict[str, Any]) -> dict[str, Any]:
    found = result["status"] != INFEASIBLE
    return {
        "state": State.FOUND if found else State.INFEASIBLE,
        "result": result,
        "cost": Decimal(result["cost"]) if found else None,
        "finished_at": clock.now(),
    }


def adopt(*, plan: Plan, by: User) -> Plan:
    """The plan the district goes by from now on; a later one takes its place.

    Raises NotAllowed, Conflict for a plan that was not found, that is of a scenario, or was made
    from figures, prices or conditions that have changed since.
    """
    self_check = plan.self_check
    if by.role not in MAY_ADOPT or by.district_id != self_check.district_id:
        raise NotAllowed(_("增配方案由本区县的审签人采用。"))
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        _refuse_unless_adoptable(locked, ground_of(self_check))
        locked.adopted_by, locked.adopted_at = by, clock.now()
        locked.save(update_fields=["adopted_by", "adopted_at"])
        _record("plan.adopt", locked, by)
    return locked


def _refuse_unless_adoptable(plan: Plan, ground: Ground) -> None:
    if plan.adopted_at is not None:
        raise Conflict(_("这个增配方案已经采用。"))
    if plan.state != State.FOUND:
        raise Conflict(_("只有算出来的增配方案才能采用。"))
    if plan.scenario_id is not None:
        raise Conflict(_("假设方案的增配方案只供比较，不能采用。"))
    if plan.digest != ground.digest:
        sentence = _("制作之后，数据、单价或增配条件有了变化；请重新制作后再采用。")
        raise Conflict(sentence, code="outdated")


def _record(action: str, plan: Plan, by: User) -> None:
    changes = {"kind": plan.kind, "state": plan.state, "cost": plan.cost, "digest": plan.digest}
    code = plan.self_check.district.code
    record(action=action, by=by, on=plan, district_code=code, changes=changes)
