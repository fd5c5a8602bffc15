"""What a condition costs: the same plan made without it, worked out once, kept for a while."""

from decimal import Decimal
from time import process_time
from typing import Any

from audit.refusals import Conflict, Unusable
from improvement.models import Condition, Plan
from improvement.planner.told import INFEASIBLE
from improvement.services.ground import Ground
from improvement.services.scenarios import ground_for
from improvement.services.working import wishes_of
from selfchecks.services.evaluations import Recent

Answer = dict[str, Any]
_FOUND = Recent[tuple[str, str, Answer], Answer](size=64)


class Released:
    """Plans like ``plan`` with one condition less, while ``seconds`` of processor time last.

    Nothing is said of a plan that was not found, or whose figures or terms have changed since.
    """

    def __init__(self, plan: Plan, seconds: float) -> None:
        self.plan, self.left = plan, seconds
        self._ground = _ground_of(plan) if plan.cost is not None else None

    def cost_without(self, row: Condition) -> Decimal | None:
        """In yuan, never more than the plan costs; None while it has not been worked out."""
        if self._ground is None or self.plan.cost is None:
            return None
        ground, wishes = without(self._ground, row), wishes_of(self.plan)
        asked = (ground.digest, self.plan.kind, wishes)
        found = _FOUND.find(asked)
        if found is None and self.left > 0:
            found = self._worked_out(ground, wishes)
            _FOUND.keep(asked, found)
        if found is None or found["status"] == INFEASIBLE:
            return None
        return min(self.plan.cost, Decimal(found["cost"]))

    def _worked_out(self, ground: Ground, wishes: Answer) -> Answer:
        began = process_time()
        found = ground.plan(self.plan.kind, self.left, wishes)
        self.left -= process_time() - began
        return {name: found[name] for name in ("status", "cost") if name in found}


def without(ground: Ground, row: Condition) -> Ground:
    """The same ground where this condition does not hold."""
    sides = {
        side: {
            school: {
                kind: amount
                for kind, amount in own.items()
                if (school, kind) != (row.school_code, row.kind)
            }
            for school, own in ground.terms.get(side, {}).items()
        }
        for side in ("caps", "locked")
    }
    return ground._replace(terms={**ground.terms, **sides})


def _ground_of(plan: Plan) -> Ground | None:
    try:
        found = ground_for(plan.self_check, plan.scenario)
    except (Conflict, Unusable):
        return None
    return found if found.digest == plan.digest else None
