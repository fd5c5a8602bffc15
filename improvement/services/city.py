"""One kind of plan for every unit of the city, begun by one act and resumed where it was left."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed
from districts.models import User
from districts.roles import Role
from districts.scope import CITY
from improvement.models import Plan, State
from improvement.services import planning, working
from improvement.services.ground import Ground, ground_of
from selfchecks.models import SelfCheck

MAY_PLAN_CITY = (Role.MANAGER,)
STANDING = (State.WAITING, State.FOUND, State.INFEASIBLE)


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its plan, or with what stands in the way of one."""

    self_check: SelfCheck
    plan: Plan | None = None
    refusal: str = ""


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


def make_all(*, year: int, kind: str, by: User) -> Iterator[Line]:
    """Make them here, one after another; what stands is not made again. Raises NotAllowed."""
    _refuse_unless_of_the_city(by)
    for self_check in _self_checks(year):
        line = _begun(self_check, kind, by)
        if line.plan and line.plan.state == State.WAITING:
            yield Line(self_check, working.work_on(key=line.plan.pk, by=by) or line.plan)
        else:
            yield line


def _refuse_unless_of_the_city(by: User) -> None:
    if by.role not in MAY_PLAN_CITY or by.reach != CITY:
        raise NotAllowed(_("全市的增配方案由市级管理员制作。"))


def _self_checks(year: int) -> list[SelfCheck]:
    rows = SelfCheck.objects.filter(year=year).select_related("district", "standard")
    return [*rows.order_by("district__order", "district__code")]


def _begun(self_check: SelfCheck, kind: str, by: User) -> Line:
    try:
        ground = ground_of(self_check)
        plan = _standing(self_check, kind, ground)
        made = plan or planning.keep(self_check=self_check, kind=kind, ground=ground, by=by)
        return Line(self_check, made)
    except Conflict as refused:
        return Line(self_check, refusal=str(refused))


def _standing(self_check: SelfCheck, kind: str, ground: Ground) -> Plan | None:
    """The plan made from the same figures, prices and conditions, if there is one."""
    rows = self_check.plans.filter(kind=kind, digest=ground.digest, scenario=None)
    return rows.filter(state__in=STANDING).first()
