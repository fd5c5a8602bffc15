"""Long work on a plan: claimed once, told of, stopped, begun again, ended in one step."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict
from audit.verification import differences_of_rows
from districts.models import User
from improvement.models import Phase, Plan, State
from improvement.planner import plan as planner
from improvement.services import ground, planning, working
from selfchecks.models import SelfCheck
from tests.improvement.conftest import set_prices

Tell = Callable[[planner.Progress], bool | None]


@pytest.fixture
def waiting(priced: SelfCheck, chen_officer: User) -> Plan:
    """A plan nobody has begun to work out."""
    asked = {"self_check": priced, "kind": "cheapest", "by": chen_officer}
    return planning.keep(ground=ground.ground_of(priced), **asked)


def now_of(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def test_a_worker_takes_what_was_queued(
    priced: SelfCheck,
    chen_officer: User,
    worker: Callable[[], None],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        asked = {"self_check": priced, "kind": "cheapest", "by": chen_officer}
        plan = planning.keep(ground=ground.ground_of(priced), **asked)
        working.queue(plan)
    assert plan.phase == Phase.WAITING
    worker()
    done = now_of(plan)
    assert (done.state, done.busy_until) == (State.FOUND, None)
    assert done.cost == planning.make(self_check=priced, kind="cheapest", by=chen_officer).cost
    entry = Entry.objects.get(action="plan.finish")
    assert (entry.actor, entry.object_id, entry.changes["state"]) == ("", str(plan.pk), "found")
    assert not list(differences_of_rows())


def test_what_is_claimed_is_worked_on_once(waiting: Plan) -> None:
    Plan.objects.filter(pk=waiting.pk).update(busy_until=timezone.now() + timedelta(seconds=9))
    assert now_of(waiting).phase == Phase.RUNNING
    assert working.work_on(key=waiting.pk, by=None) is None
    assert now_of(waiting).state == State.WAITING


def test_a_killed_run_is_seen_and_begun_again(waiting: Plan, chen_officer: User) -> None:
    """Its worker died: nothing was written but the claim, which has run out."""
    Plan.objects.filter(pk=waiting.pk).update(busy_until=timezone.now() - timedelta(seconds=1))
    stale = now_of(waiting)
    assert (stale.phase, stale.result, stale.cost) == (Phase.STALE, None, None)
    assert planning.restart(plan=stale, by=chen_officer).phase == Phase.WAITING
    done = working.work_on(key=waiting.pk, by=None)
    assert done is not None
    assert done.state == State.FOUND
    with pytest.raises(Conflict):
        planning.restart(plan=done, by=chen_officer)


def test_one_that_waits_is_stopped_at_once(waiting: Plan, chen_officer: User) -> None:
    stopped = planning.stop(plan=waiting, by=chen_officer)
    assert (stopped.state, stopped.stopped_by) == (State.CANCELLED, chen_officer)
    assert working.work_on(key=waiting.pk, by=None) is None
    with pytest.raises(Conflict):
        planning.stop(plan=waiting, by=chen_officer)


def test_progress_is_told_and_a_stop_ends_the_search(
    waiting: Plan, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best plan so far is the plan of a search that was stopped."""
    real, heard = ground.make_plan, []

    def searching(payload: Any, rules: Any, kind: str, seconds: float, tell: Tell) -> Any:
        heard.append(tell(planner.Progress(None, 900.5)))
        seen.append(now_of(waiting))
        planning.stop(plan=waiting, by=chen_officer)
        heard.append(tell(planner.Progress(Fraction(2000), 1000.0)))
        return real(payload, rules, kind, seconds)

    seen: list[Plan] = []
    monkeypatch.setattr(ground, "make_plan", searching)
    done = working.work_on(key=waiting.pk, by=None)
    assert heard == [False, True]
    assert seen[0].phase == Phase.RUNNING
    assert seen[0].progress["bound"] == "900"
    assert seen[0].progress["cost"] == ""
    assert done is not None
    assert (done.state, done.stopped_by) == (State.FOUND, chen_officer)
    assert [each.action for each in Entry.objects.order_by("-number")[:2]] == [
        "plan.finish",
        "plan.stop",
    ]


def test_what_fails_is_kept_as_failed(waiting: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_asked: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ground, "make_plan", failing)
    with pytest.raises(ZeroDivisionError):
        working.work_on(key=waiting.pk, by=None)
    failed = now_of(waiting)
    assert (failed.state, failed.busy_until) == (State.FAILED, None)
    assert failed.progress["failure"] == "ZeroDivisionError"


def test_a_plan_of_older_prices_is_not_worked_out_with_newer_ones(
    waiting: Plan, chen_officer: User
) -> None:
    set_prices(chen_officer, A5=1)
    done = working.work_on(key=waiting.pk, by=None)
    assert done is not None
    assert (done.state, done.result) == (State.FAILED, None)


def test_a_plan_that_waits_for_long_without_a_worker_says_so(waiting: Plan) -> None:
    assert not working.is_unattended(waiting)
    waiting.made_at -= timedelta(minutes=1)
    assert working.is_unattended(waiting)
    Plan.objects.filter(pk=waiting.pk).update(busy_until=timezone.now() + timedelta(minutes=1))
    assert not working.is_unattended(waiting)


OPEN = {"status": "feasible", "cost": "100", "gap": "0.010000", "reason": {}}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (OPEN, True),
        (OPEN | {"gap": None}, False),  # by hand: nothing is proven, nothing gets better
        (OPEN | {"status": "proven"}, False),
        ({"status": "infeasible", "reason": {"code": "caps"}}, False),
        ({"status": "infeasible", "reason": {"code": "not_found"}}, True),
    ],
)
def test_what_more_time_could_better_stays_open(result: dict[str, Any], expected: bool) -> None:
    assert working.is_open(result) is expected


def test_a_quick_plan_goes_on_as_a_job_and_only_gets_better(
    priced: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is on the row while the job goes on; a dearer one never replaces it."""
    proven = ground.ground_of(priced).plan("cheapest", 5, {})
    monkeypatch.setattr(ground.Ground, "plan", lambda *_asked: answers.pop(0))
    first = proven | {"status": "feasible", "gap": "0.010000"}
    answers = [first, proven | {"cost": str(float(proven["cost"]) + 1)}]
    plan = planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    assert (plan.state, plan.result["gap"]) == (State.WAITING, "0.010000")
    done = working.work_on(key=plan.pk, by=None)
    assert done is not None
    assert (done.state, done.result["gap"], done.cost) == (State.FOUND, "0.010000", plan.cost)


def test_progress_is_told_in_decimals(waiting: Plan) -> None:
    """A cost with a broken yuan is no fraction to whoever reads it."""
    told = planner.Progress(Fraction(61_501_107, 5), 5_748_221.0)
    assert working.Telling(waiting)(told) is False
    assert now_of(waiting).progress["cost"] == "12300221.4"
