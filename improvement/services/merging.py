"""Merges the plan adopted last into school plans that go by one adopted before.

Between both plans is compared, not with what stands: what people wrote stays where the planner
wants the same as before.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale
from audit.services import record, revise
from districts.models import User
from improvement.models import Measure, Plan, SchoolPlan
from improvement.school_plans.wanted import due_days, pairs, wanted
from improvement.services import measures, seeding
from selfchecks import clock
from selfchecks.models import SelfCheck


@dataclass(slots=True)
class Merge:
    """What becomes of one school plan; measures of ``added`` are not stored yet."""

    school_plan: SchoolPlan
    added: list[Measure] = field(default_factory=list)
    changed: list[tuple[Measure, dict[str, Any]]] = field(default_factory=list)
    fallen: list[Measure] = field(default_factory=list)

    @property
    def is_other(self) -> bool:
        return bool(self.added or self.changed or self.fallen)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What merging ``plan`` would do; ``begun`` are schools that have no school plan yet."""

    plan: Plan
    merges: list[Merge]
    begun: dict[str, list[Measure]]

    @property
    def others(self) -> list[Merge]:
        return [each for each in self.merges if each.is_other]

    @property
    def is_after_approval(self) -> bool:
        return any(each.school_plan.approved_at for each in self.others)

    @property
    def tag(self) -> str:
        """Another one when something else would be done; the due days are asked for apart."""
        seen: list[Any] = [self.plan.pk, *sorted(self.begun)]
        for each in self.merges:
            changed = [
                (row.pk, row.amount, row.cost, values.get("amount"), values.get("cost"))
                for row, values in each.changed
            ]
            added = [(row.kind, row.stage, row.from_school, row.amount) for row in each.added]
            seen += [each.school_plan.pk, changed, added, [row.pk for row in each.fallen]]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def standing(plan: Plan) -> "QuerySet[SchoolPlan]":
    """School plans that go by another plan than this one."""
    rows = plan.self_check.school_plans.exclude(plan=plan)
    return rows.select_related("plan__self_check")


def look(self_check: SelfCheck, days: Iterable[date] = (), expected: int | None = None) -> Ahead:
    """``expected`` is the number of the plan the person saw, ``days`` are due days of its years.

    Raises Conflict while no plan is adopted, Stale when it is another one, Unusable.
    """
    plan = seeding.adopted(self_check, expected)
    rows = [*standing(plan)]
    ends = due_days(plan, days)
    after = wanted(plan, ends)
    before = {each: wanted(each, due_days(each)) for each in {row.plan for row in rows}}
    live = defaultdict(list)
    for measure in Measure.objects.with_done().live().filter(school_plan__in=rows):
        live[measure.school_plan_id].append(measure)
    merges = [
        _merge(row, before[row.plan][row.school_code], after[row.school_code], live[row.pk])
        for row in rows
    ]
    return Ahead(plan, merges, seeding.lacking(plan, ends))


def _merge(
    row: SchoolPlan, before: list[Measure], after: list[Measure], live: list[Measure]
) -> Merge:
    both, gone, new = pairs(before, after)
    stands = {id(planned): measure for planned, measure in pairs(before, live)[0]}
    found = Merge(row, added=new)
    for was, now in both:
        measure, values = stands.get(id(was)), _differing(was, now)
        if values and measure is None:  # people had cancelled it: it is wanted otherwise now
            found.added.append(now)
        elif measure and (told := dict(_of_row(measure, values))):
            found.changed.append((measure, told))
    found.fallen = [stands[id(was)] for was in gone if id(was) in stands]
    return found


def _differing(was: Measure, now: Measure) -> dict[str, Any]:
    values = {
        name: getattr(now, name)
        for name in ("amount", "cost")
        if getattr(was, name) != getattr(now, name)
    }
    if now.due and (was.due is None or was.due.year != now.due.year):
        values["due"] = now.due
    return values


def _of_row(measure: Measure, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Those that are not so already; a start that would come after the due day is open again."""
    yield from ((n, value) for n, value in values.items() if getattr(measure, n) != value)
    if values.get("due") and measure.start and measure.start > values["due"]:
        yield "start", None


@transaction.atomic
def merge(
    *,
    self_check: SelfCheck,
    by: User,
    seen: str | None = None,
    reason: str = "",
    days: Iterable[date] = (),
    expected: int | None = None,
) -> Ahead:
    """Do what ``look`` tells, whole or not at all; ``seen`` is the tag of what the person read.

    Raises what ``look`` and ``measures.change`` raise, Stale when it would do something else now.
    """
    SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
    found = look(self_check, days, expected)
    keys = {each.school_plan.pk for each in found.others}
    plans = measures.locked(self_check, keys, by, reason)
    if seen not in (None, found.tag):
        raise Stale(_("预览之后方案或一校一策有了变化；请核对新的预览再确认。"))
    if not found.merges and not found.begun:
        return found
    begun = seeding.begin(plan=found.plan, schools=found.begun, by=by)
    for each in found.merges:
        row = plans.get(each.school_plan.pk, each.school_plan)
        row.plan, each.school_plan = found.plan, row
        row.save()
    done = {row: told for each in found.others for row, told in _done(each)}
    if done:
        measures.revised(done=done, by=by, reason=reason)
    changes = {
        "plan": found.plan.number,
        "schools": [row.school_code for row in begun],
        "measures": measures.told(done),
    }
    code = self_check.district.code
    record(
        action="school_plan.merge", by=by, on=found.plan, district_code=code, changes=changes,
        reason=reason.strip(),
    )  # fmt: skip
    return found


def _done(found: Merge) -> Iterator[tuple[Measure, dict[str, Any]]]:
    """The rows as they are stored now, each with what changed."""
    plan = found.school_plan
    last = max(plan.measures.values_list("number", flat=True), default=0)
    for number, row in enumerate(found.added, last + 1):
        row.school_plan, row.number = plan, number
        row.save()
        yield row, {"name": [None, row.name]}
    for row, values in found.changed:
        row.school_plan = plan
        told = revise(row, values, names=measures.SAID, check=measures.refuse_unfit)
        row.save()
        yield row, told
    for row in found.fallen:
        row.school_plan, row.dropped_at = plan, clock.now()
        row.save()
        yield row, {"dropped_at": [None, row.dropped_at.isoformat()]}
