"""What each further amount of money buys: the plans of the present figures, the least first."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from charts.curve import Curve, curve
from charts.svg import Markup
from improvement.models import Kind, Plan
from improvement.plans.listing import PlanLine
from improvement.plans.words import money, money_unit, scaled
from selfchecks.results import ResultPage


class BudgetCurve:
    """The cheapest plan and those of budgets, each with the units that pass after it."""

    def __init__(self, plan: Plan, variants: Sequence[PlanLine], now: ResultPage) -> None:
        units = now.outcome.part_a.units
        self.plan, self.now, self.whole = plan, units["met"], sum(units.values())
        self.lines = [line for line in variants if line.plan.kind in (Kind.CHEAPEST, Kind.BUDGET)]

    @cached_property
    def points(self) -> list[tuple[PlanLine, Decimal, int]]:
        """Where every coefficient is within its limit: what one buys besides is no more units."""
        found = [
            (line, line.plan.cost, self._met(line.plan))
            for line in self.lines
            if line.plan.cost is not None and not _is_short(line.plan)
        ]
        return sorted(found, key=lambda point: (point[1], point[2]))

    def _met(self, plan: Plan) -> int:
        """The cheapest plan lets all of them pass."""
        units = (plan.result or {}).get("units")
        return int(units["met"]) if units else self.whole

    @property
    def has_curve(self) -> bool:
        """Whether more money lets more pass."""
        return len({(cost, met) for _line, cost, met in self.points}) > 1

    @property
    def sentence(self) -> str:
        """What the last step up costs."""
        (_line, less, fewer), (_last, cost, met) = self.points[-2:]
        found = {"met": met, "fewer": fewer, "more": money(cost - less)}
        return _("从 %(fewer)s 个单元达标到 %(met)s 个，要再花 %(more)s") % found

    @property
    def drawing(self) -> Markup:
        own = self.plan.cost
        chosen = None if own is None or self.plan.scenario_id else scaled(own)
        points = [(scaled(cost), met) for _line, cost, met in self.points]
        return curve(
            Curve([(0.0, self.now), *points], self.whole, chosen),
            whole_label=_("全部 %s 个单元") % self.whole,
            name="budget-curve",
            title=_("花多少钱，多少个评估单元达标"),
            description=_("横轴是%s，纵轴是达标的评估单元；各点的数在旁边的表里。") % money_unit(),
        )


def _is_short(plan: Plan) -> bool:
    """Whether its budget leaves a coefficient beyond its limit."""
    return bool((plan.result or {}).get("coefficients", {}).get("open"))
