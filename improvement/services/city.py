"""One kind of plan for every unit of the city, begun by one act and resumed where it was left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import User
from districts.roles import Role
from districts.scope import CITY
from improvement.models import Plan, Scenario, State
from improvement.services import planning, working
from improvement.services.ground import Ground
from improvement.services.scenarios import ground_for
from selfchecks.models import SelfCheck

MAY_PLAN_CITY = (Role.MANAGER,)
STANDING = (State.WAITING, State.FOUND, State.INFEASIBLE)


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, or a ``scenario`` of it, with its plan, or with what stands in the way of one."""

    self_check: SelfCheck
    plan: Plan | None = None
    refusal: str = ""
    scenario: Scenario | None = None


def ask(*, year: int, kind: str, by: User) -> list[Line]:
    """Let workers make the plans that are not there yet. Raises NotAllowed."""
    _refuse_unless_of_the_city(by)
    lines = []
    for self_check in _self_checks(year):
        line = _begun(self_check, kind, by)
        if line.plan and line.plan.state == State.WAITING:
            working.queue(line.plan)
        lines.append(line)
    return lines


def make_all(*, year: int, kind: str, by: User, scenarios: bool = False) -> Iterator[Line]:
    """Make them here, one after another; what stands is not made again. Raises NotAllowed.

    With ``scenarios`` for each scenario in use of every unit, too.
    """
    _refuse_unless_of_the_city(by)
    for self_check in _self_checks(year):
        thought = self_check.scenarios.filter(archived_at=None) if scenarios else ()
        for scenario in (None, *thought):
            line = _begun(self_check, kind, by, scenario)
            if line.plan and line.plan.state == State.WAITING:
                done = working.work_on(key=line.plan.pk, by=by) or line.plan
                line = replace(line, plan=done)
            yield line


def _refuse_unless_of_the_city(by: User) -> None:
    if by.role not in MAY_PLAN_CITY or by.reach != CITY:
        raise NotAllowed(_("全市的增配方案由市级管理员制作。"))


def _self_checks(year: int) -> list[SelfCheck]:
    rows = SelfCheck.objects.filter(year=year).select_related("district", "standard")
    return [*rows.order_by("district__order", "district__code")]


def _begun(self_check: SelfCheck, kind: str, by: User, scenario: Scenario | None = None) -> Line:
    about: dict[str, Any] = {"self_check": self_check, "kind": kind, "scenario": scenario}
    try:
        ground = ground_for(self_check, scenario)
        plan = _standing(ground, **about) or planning.keep(ground=ground, by=by, **about)
        return Line(self_check, plan, scenario=scenario)
    except (Conflict, Unusable) as refused:
        return Line(self_check, refusal=str(refused), scenario=scenario)


def _standing(ground: Ground, **about: Any) -> Plan | None:
    """The plan made from the same figures, prices and conditions, if there is one."""
    rows = Plan.objects.filter(digest=ground.digest, **about)
    return rows.filter(state__in=STANDING).first()
