"""Long work on a plan, outside any request: claimed for a while, told of, ended in one step.

Whoever works on a plan claims it until a moment; killed, it leaves the row as it was, the claim
runs out, and the plan can be started again. What came of it is written once, with its entry.
"""

from datetime import timedelta
from decimal import Decimal
from time import process_time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from audit.claims import CLAIMED, Busy
from audit.refusals import Refused
from audit.services import record
from districts.models import User
from improvement.models import Plan, State
from improvement.planner.plan import Progress
from improvement.planner.terms import written
from improvement.planner.told import FEASIBLE, INFEASIBLE
from improvement.services.ground import Result
from improvement.services.scenarios import ground_for
from selfchecks import clock

SECONDS = 60.0  # of processor time for one plan
KEPT = timedelta(days=7)
TOLD_EVERY = timedelta(seconds=0.5)  # which renews the claim; the solver tells, too
UNATTENDED = timedelta(seconds=15)
WISHES = ("budget", "years")


@task()
def improve(key: int) -> None:
    """Goes on with a plan; one that is settled is left alone, one that is claimed comes later."""
    if (
        work_on(key=key, by=None) is None
        and Plan.objects.filter(pk=key, state=State.WAITING).exists()
    ):
        raise Busy


def queue(plan: Plan) -> None:
    """In the caller's transaction: neither stands without the other."""
    improve.enqueue(plan.pk)


def is_unattended(plan: Plan) -> bool:
    """Whether it has waited for long while nobody works on any: no worker seems to run."""
    if plan.state != State.WAITING or timezone.now() - plan.made_at < UNATTENDED:
        return False
    return not Plan.objects.filter(busy_until__gt=timezone.now(), state=State.WAITING).exists()


def work_on(*, key: int, by: User | None) -> Plan | None:
    """The plan when it is settled; None when it was somebody else's to work on."""
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    rows = Plan.objects.filter(free, pk=key, state=State.WAITING)
    if not rows.update(busy_until=now + CLAIMED):
        return None
    plan = Plan.objects.select_related("self_check__district", "self_check__standard").get(pk=key)
    began = process_time()
    try:
        result, failure = _worked_out(plan), ""
    except Refused as refused:
        result, failure = None, str(refused)
    except Exception as error:
        _end(plan, None, {"failure": type(error).__name__}, by)
        raise
    told = {"failure": failure} if failure else {}
    return _end(plan, result, {"seconds": f"{process_time() - began:.2f}", **told}, by)


def _worked_out(plan: Plan) -> Result | None:
    """None when figures, prices or conditions are others by now: the plan is of those before."""
    ground = ground_for(plan.self_check, plan.scenario)
    if ground.digest != plan.digest:
        return None
    return ground.plan(plan.kind, SECONDS, wishes_of(plan), Telling(plan))


def wishes_of(plan: Plan) -> Result:
    """What only some kinds ask for."""
    return {name: plan.terms[name] for name in WISHES if name in plan.terms}


class Telling:
    """Writes down how far the search has come, now and then; True when it is to stop."""

    def __init__(self, plan: Plan) -> None:
        self.rows = Plan.objects.filter(pk=plan.pk, state=State.WAITING)
        self.next, self.began = timezone.now(), process_time()

    def __call__(self, progress: Progress) -> bool:
        now = timezone.now()
        if now >= self.next:
            self.next = now + TOLD_EVERY
            self.rows.update(busy_until=now + CLAIMED, progress=self._told(progress))
        return not self.rows.filter(stopped_at=None).exists()

    def _told(self, progress: Progress) -> dict[str, str]:
        return {
            "cost": "" if progress.cost is None else written(round(progress.cost, 2)),
            "bound": str(int(progress.bound)),
            "gap": f"{progress.gap:.6f}",
            "seconds": f"{process_time() - self.began:.2f}",
        }


@transaction.atomic
def _end(plan: Plan, result: Result | None, told: dict[str, str], by: User | None) -> Plan:
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if locked.state == State.WAITING:
        if result is not None and _is_better(result, locked):
            settle(locked, result)
        locked.progress = {**locked.progress, **told}
        close(locked)
        locked.save()
        record_of(action="plan.finish", plan=locked, by=by)
    return locked


def _is_better(result: Result, plan: Plan) -> bool:
    """Never a dearer plan than the one there is; of the same price the better proven one."""
    if plan.cost is None:
        return True
    return result["status"] != INFEASIBLE and Decimal(result["cost"]) <= plan.cost


def settle(plan: Plan, result: Result) -> None:
    """The answer on the row; one that more time could better leaves it waiting."""
    is_found = result["status"] != INFEASIBLE
    plan.result, plan.cost = result, Decimal(result["cost"]) if is_found else None
    if not is_open(result):
        plan.state = State.FOUND if is_found else State.INFEASIBLE
        plan.finished_at = clock.now()


def is_open(result: Result) -> bool:
    """Whether more time could still better it."""
    if result["status"] == INFEASIBLE:
        return result["reason"]["code"] == "not_found"
    return result["status"] == FEASIBLE and bool(result["gap"])


def close(plan: Plan) -> None:
    """No more work: what there is stands."""
    if plan.state == State.WAITING:
        empty = State.CANCELLED if plan.stopped_at else State.FAILED
        none = State.INFEASIBLE if plan.result else empty
        plan.state = none if plan.cost is None else State.FOUND
        plan.finished_at = clock.now()
    plan.busy_until = None


def record_of(*, action: str, plan: Plan, by: User | None, reason: str = "") -> None:
    """The audit entry of what happened to a plan."""
    changes = {"kind": plan.kind, "state": plan.state, "cost": plan.cost, "digest": plan.digest}
    code = plan.self_check.district.code
    record(action=action, by=by, on=plan, district_code=code, changes=changes, reason=reason)


def sweep() -> int:
    """Forgets tasks done long ago, and those whose worker was killed."""
    old = DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
