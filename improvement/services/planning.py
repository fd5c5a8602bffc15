"""Makes plans from a self-check's figures, keeps them, stops them, lets one be adopted."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import fingerprint
from districts.models import User
from districts.roles import Role
from districts.wording import listed
from improvement.models import Kind, Phase, Plan, Scenario, State
from improvement.planner.plan import PLANNERS
from improvement.services import working
from improvement.services.ground import Ground, Result
from improvement.services.scenarios import (
    MAY_PLAN,
    ground_for,
    refuse_archived,
    refuse_unless_planner,
)
from selfchecks import clock
from selfchecks.models import SelfCheck

QUICK = 2.0  # seconds of processor time inside a request
MAY_ADOPT = (Role.SIGNATORY,)
STEPS = ("adopt", "take_back", "stop", "restart")
# What has come to rest on an adopted plan says so in a sentence; its own services add to this list.
RESTING: list[Callable[[Plan], Any]] = []


def make(
    *,
    self_check: SelfCheck,
    kind: str,
    by: User,
    wishes: Mapping[str, Any] = MappingProxyType({}),
    scenario: Scenario | None = None,
    seconds: float = QUICK,
) -> Plan:
    """A plan, kept with what it was made from; ``wishes`` are what only some kinds ask for.

    On the figures as a ``scenario`` has them it can be compared, never adopted.
    What is not settled within ``seconds`` goes on as a job, from the best plan so far. Raises
    NotAllowed, Conflict without figures or prices, Unusable for what cannot be planned on.
    """
    refuse_unless_planner(self_check, by)
    if kind not in PLANNERS:
        known = listed(Kind(each).label for each in PLANNERS)
        raise Unusable.at("kind", _("没有这种增配方案；可用的有 %s。") % known)
    if scenario:
        refuse_archived(scenario)
    ground = ground_for(self_check, scenario)
    result = ground.plan(kind, seconds, wishes)
    with transaction.atomic():
        plan = keep(
            self_check=self_check,
            kind=kind,
            scenario=scenario,
            ground=ground,
            wishes=wishes,
            result=result,
            by=by,
        )
        if plan.state == State.WAITING:
            working.queue(plan)
    return plan


@transaction.atomic
def keep(
    *,
    self_check: SelfCheck,
    kind: str,
    ground: Ground,
    by: User,
    scenario: Scenario | None = None,
    wishes: Mapping[str, Any] = MappingProxyType({}),
    result: Result | None = None,
) -> Plan:
    """The row of a plan that was found, or of one to be worked out."""
    locked = SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
    last = locked.plans.aggregate(last=Max("number"))["last"] or 0
    plan = Plan(
        self_check=self_check,
        number=last + 1,
        kind=kind,
        scenario=scenario,
        terms={**ground.terms, **wishes},
        digest=ground.digest,
        made_by=by,
        made_at=clock.now(),
    )
    if result is not None:
        working.settle(plan, result)
    plan.save()
    working.record_of(action="plan.make", plan=plan, by=by)
    return plan


def stop(*, plan: Plan, by: User, expected: str | None = None) -> Plan:
    """No more work on it: the best plan so far is its plan. Raises NotAllowed, Conflict."""
    refuse_unless_planner(plan.self_check, by)
    with transaction.atomic():
        locked = _locked(plan, expected)
        _refuse_unless_waiting(locked)
        locked.stopped_by, locked.stopped_at = by, clock.now()
        if locked.phase != Phase.RUNNING:  # else whoever works on it ends it, with what there is
            working.close(locked)
        locked.save()
        working.record_of(action="plan.stop", plan=locked, by=by)
    return locked


def restart(*, plan: Plan, by: User, expected: str | None = None) -> Plan:
    """Work goes on where nobody works any more. Raises NotAllowed, Conflict."""
    refuse_unless_planner(plan.self_check, by)
    with transaction.atomic():
        locked = _locked(plan, expected)
        _refuse_unless_waiting(locked)
        if locked.phase == Phase.RUNNING:
            raise Conflict(_("这个增配方案正在计算。"))
        locked.busy_until = None
        locked.save()
        working.queue(locked)
        working.record_of(action="plan.restart", plan=locked, by=by)
    return locked


def adopt(*, plan: Plan, by: User, expected: str | None = None) -> Plan:
    """The plan the district goes by from now on; a later one takes its place.

    Raises NotAllowed, Conflict for a plan that was not found, that is of a scenario, or was made
    from figures, prices or conditions that have changed since.
    """
    _refuse_unless_adopter(plan, by)
    with transaction.atomic():
        locked = _locked(plan, expected)
        _refuse_unless_adoptable(locked)
        locked.adopted_by, locked.adopted_at = by, clock.now()
        locked.save()
        working.record_of(action="plan.adopt", plan=locked, by=by)
    return locked


def take_back(*, plan: Plan, by: User, reason: str = "", expected: str | None = None) -> Plan:
    """The district goes by it no longer, but by the one adopted before, if there is one.

    Raises NotAllowed, Unusable without a reason, Conflict for a plan that is not in force, or that
    something rests on.
    """
    _refuse_unless_adopter(plan, by)
    Unusable.check({"reason": fault_of_required(reason, _("请写明收回采用的原因。"))})
    with transaction.atomic():
        locked = _locked(plan, expected)
        _refuse_unless_in_force(locked)
        locked.adopted_by = locked.adopted_at = None
        locked.save()
        working.record_of(action="plan.take_back", plan=locked, by=by, reason=reason.strip())
    return locked


def taken_back(plan: Plan) -> Entry | None:
    """Who took the adoption of a plan back last, when and why."""
    rows = Entry.objects.filter(action="plan.take_back", object_id=str(plan.pk))
    return None if plan.adopted_at else rows.first()


def in_force(self_check: SelfCheck) -> Plan | None:
    """The plan the district goes by: adopted last."""
    return self_check.plans.exclude(adopted_at=None).order_by("-adopted_at", "-number").first()


def open_steps(plan: Plan, viewer: User) -> list[str]:
    """What the viewer may do with it now."""
    is_own = viewer.district_id == plan.self_check.district_id
    if plan.state == State.WAITING:
        found = ["stop"] if plan.phase == Phase.RUNNING else ["stop", "restart"]
        return found if is_own and viewer.role in MAY_PLAN else []
    step, refuse = ("adopt", _refuse_unless_adoptable)
    if plan.adopted_at is not None:
        step, refuse = ("take_back", _refuse_unless_in_force)
    try:
        refuse(plan)
    except Conflict:
        return []
    return [step] if is_own and viewer.role in MAY_ADOPT else []


def tag_of(plan: Plan) -> str:
    """Changes with what a person decides on, not with how far a calculation has come."""
    return fingerprint(plan, "state", "stopped_at", "adopted_at")


def _locked(plan: Plan, expected: str | None) -> Plan:
    """The row as it is now. Raises Stale when somebody saw another one."""
    rows = Plan.objects.select_for_update(of=("self",))
    locked = rows.select_related("self_check__district", "self_check__standard").get(pk=plan.pk)
    if expected is not None and not f"{expected}.".startswith(f"{tag_of(locked)}."):
        raise Stale(_("这个增配方案有了变化；请看过最新的再办理。"))
    return locked


def _refuse_unless_adopter(plan: Plan, by: User) -> None:
    if by.role not in MAY_ADOPT or by.district_id != plan.self_check.district_id:
        raise NotAllowed(_("增配方案由本区县的审签人采用，也由审签人收回。"))


def _refuse_unless_in_force(plan: Plan) -> None:
    if plan.adopted_at is None:
        raise Conflict(_("这个增配方案没有采用。"))
    if plan != in_force(plan.self_check):
        raise Conflict(_("后来又采用了别的方案，这个已经不再起作用，不用收回。"))
    for rests in RESTING:
        if sentence := rests(plan):
            raise Conflict(sentence, code="rested_on")


def _refuse_unless_waiting(plan: Plan) -> None:
    if plan.state != State.WAITING:
        raise Conflict(_("这个增配方案已经算完。"))


def _refuse_unless_adoptable(plan: Plan) -> None:
    if plan.adopted_at is not None:
        raise Conflict(_("这个增配方案已经采用。"))
    if plan.state != State.FOUND:
        raise Conflict(_("只有算出来的增配方案才能采用。"))
    if plan.scenario_id is not None:
        raise Conflict(_("假设方案的增配方案只供比较，不能采用。"))
    if is_outdated(plan):
        sentence = _("制作之后，数据、单价或增配条件有了变化；请重新制作后再采用。")
        raise Conflict(sentence, code="outdated")


def is_outdated(plan: Plan) -> bool:
    """Whether figures, prices or conditions are others by now than those it was made from."""
    try:
        return plan.digest != ground_for(plan.self_check, plan.scenario).digest
    except (Conflict, Unusable):
        return True
