"""Conditions of schools beside a plan: what is locked, capped or forbidden, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from improvement.models import Condition, Plan
from improvement.plan_words import Measure, measures_of
from improvement.services import conditions
from selfchecks.models import SchoolRecord


@dataclass(frozen=True, slots=True)
class Settled:
    """One condition in force, with the name of its school."""

    row: Condition
    school: str
    measure: str
    words: str


def conditions_of(plan: Plan) -> list[Settled]:
    """Those in force now in the plan's district."""
    records = SchoolRecord.objects.filter(self_check=plan.self_check)
    names = dict(records.values_list("school_code", "school_name"))
    measures = measures_of(plan)
    return [
        Settled(
            row,
            names.get(row.school_code, row.school_code),
            measures[row.kind].name if row.kind in measures else row.kind,
            words_of(row, measures.get(row.kind)),
        )
        for row in conditions.in_force(plan.self_check.district).select_related("entered_by")
    ]


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
