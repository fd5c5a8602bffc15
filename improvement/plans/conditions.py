"""Conditions of schools beside a plan: what is locked, capped or forbidden, in words."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from improvement.models import Condition, Plan
from improvement.plans.words import Measure, measures_of, money
from improvement.services import conditions
from improvement.services.releasing import Released
from selfchecks.models import SchoolRecord


@dataclass(frozen=True, slots=True)
class Settled:
    """One condition in force, with the name of its school; ``saving`` is what one saves without
    it, empty while that has not been worked out.
    """

    row: Condition
    school: str
    measure: str
    words: str
    saving: str


class Conditions:
    """What is ``settled`` now in the plan's district, and what else could be, each by code.

    What each condition costs is worked out while ``seconds`` of processor time last.
    """

    def __init__(self, plan: Plan, seconds: float = 0) -> None:
        self.released = Released(plan, seconds)
        records = SchoolRecord.objects.filter(self_check=plan.self_check)
        self.plan, self._measures = plan, measures_of(plan)
        self.schools = list(records.order_by("pk").values_list("school_code", "school_name"))

    @property
    def measures(self) -> list[tuple[str, str]]:
        return [(code, measure.name) for code, measure in self._measures.items()]

    @cached_property
    def settled(self) -> list[Settled]:
        names, measures = dict(self.schools), self._measures
        return [
            Settled(
                row,
                names.get(row.school_code, row.school_code),
                measures[row.kind].name if row.kind in measures else row.kind,
                words_of(row, measures.get(row.kind)),
                saving_of(row, self.released),
            )
            for row in conditions.in_force(self.plan.self_check.district).select_related(
                "entered_by"
            )
        ]


def saving_of(row: Condition, released: Released) -> str:
    """放开能省 12.3 万元; nothing while it is not known."""
    without, cost = released.cost_without(row), released.plan.cost
    if without is None or cost is None:
        return ""
    if without == cost:
        return _("放开也不省钱")
    found = {"saved": money(cost - without), "cost": money(without)}
    return _("放开能省 %(saved)s（变为 %(cost)s）") % found


def words_of(row: Condition, measure: Measure | None) -> str:
    """锁定：至少 22 间; 不做; 至多 300 ㎡."""
    if row.is_forbidding:
        return _("不做")
    said = [
        template % (measure.amount(number) if measure else f"{number:f}")
        for template, number in ((_("至少 %s"), row.least), (_("至多 %s"), row.most))
        if number is not None
    ]
    return " ".join(said)
