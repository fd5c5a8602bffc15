"""Takes school plans further, one or all of a district at once, or says what stands in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from audit.services import record
from districts.models import User
from districts.wording import listed, noted
from improvement.models import (
    Funding,
    Measure,
    Revision,
    SchoolPlan,
    SchoolPlanEntry,
    Stage,
)
from improvement.school_plan_workflow import MAY_PREPARE, OPEN_STEPS, STEP, Step, steps_from
from improvement.services import telling
from selfchecks import clock
from selfchecks.models import SelfCheck


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: open, or with what stands in the way."""

    step: Step
    refusal: Refused | None

    @property
    def is_open(self) -> bool:
        return self.refusal is None


@dataclass(slots=True)
class Summary:
    """What taking a step with many school plans did, or would do."""

    step: Step
    done: list[SchoolPlan] = field(default_factory=list)
    refused: list[tuple[SchoolPlan, Refused]] = field(default_factory=list)


def open_steps(school_plan: SchoolPlan, viewer: User) -> tuple[Offer, ...]:
    """Every step that leaves the present state."""
    eyes = prepared_by(viewer, [school_plan])
    return tuple(
        Offer(step, blocker_of(school_plan, step, viewer, eyes))
        for step in steps_from(school_plan.state)
    )


def take_step(
    *, school_plan: SchoolPlan, step: str, by: User, comment: str = "", expected: int | None = None
) -> SchoolPlan:
    """One step of one plan; ``expected`` is the version the person saw.

    Raises NotAllowed, Conflict, Stale, Unusable without a comment that is needed.
    """
    edge = _edge(step)
    with transaction.atomic():
        locked = lock(school_plan, expected)
        if refusal := blocker_of(locked, edge, by, prepared_by(by, [locked])):
            raise refusal
        _require(edge, comment)
        move(plans=[locked], step=edge, by=by, comment=comment.strip())
    return locked


def look_ahead(*, self_check: SelfCheck, step: str, by: User) -> Summary:
    """What taking the step with all plans in its source states would do."""
    edge = _edge(step)
    return _sorted_out(list(_rows(self_check, edge)), edge, by)


def take_steps(*, self_check: SelfCheck, step: str, by: User, comment: str = "") -> Summary:
    """The same step with every plan that it is open for; the others are told, and stay.

    Raises Unusable without a comment that is needed, Conflict when it is open for none.
    """
    edge = _edge(step)
    _require(edge, comment)
    with transaction.atomic():
        rows = list(_rows(self_check, edge).select_for_update(of=("self",)))
        found = _sorted_out(rows, edge, by)
        if not found.done:
            raise found.refused[0][1] if found.refused else _nothing(edge)
        move(plans=found.done, step=edge, by=by, comment=comment.strip())
    return found


def lock(school_plan: SchoolPlan, expected: int | None = None) -> SchoolPlan:
    """The row as it is now. Raises Stale when the person saw another version."""
    rows = SchoolPlan.objects.select_for_update(of=("self",)).select_related("self_check__district")
    locked: SchoolPlan = rows.get(pk=school_plan.pk)
    if expected not in (None, locked.version):
        raise Stale(_("这份一校一策有了变化；请看过最新的再办理。"))
    return locked


def blocker_of(plan: SchoolPlan, step: Step, by: User, prepared: set[int]) -> Refused | None:
    """The first thing in the way; ``prepared`` are the plans this person prepared."""
    if by.role not in step.roles or by.district_id != plan.self_check.district_id:
        roles = listed(role.label for role in step.roles)
        params = {"step": step.label, "roles": roles}
        return NotAllowed(_("「%(step)s」由本区县的%(roles)s办理。") % params)
    if plan.state not in step.sources:
        params = {"state": plan.get_state_display(), "step": step.label}
        return Conflict(_("这份一校一策现在是「%(state)s」，不能%(step)s。") % params)
    if step.other_eyes and plan.pk in prepared:
        sentence = _("您参与了%(school)s一校一策的编制，「%(step)s」须由另一人办理。")
        params = {"school": plan.school_name, "step": step.label}
        return NotAllowed(sentence % params, code="four_eyes")
    return _incomplete(plan) if step.needs_complete else None


def prepared_by(person: User, plans: Iterable[SchoolPlan]) -> set[int]:
    """Which of the plans the person has written or sent, whatever role they had."""
    keys = [plan.pk for plan in plans]
    sent = SchoolPlanEntry.objects.filter(
        school_plan__in=keys, actor=person, step__in=("send", "amend")
    )
    wrote = Revision.objects.filter(measure__school_plan__in=keys, made_by=person)
    return {
        *sent.values_list("school_plan", flat=True),
        *wrote.values_list("measure__school_plan", flat=True),
    }


def lacks(measure: Measure) -> list[str]:
    """What a measure must say before the plan is approved, and does not."""
    names = [name for name in ("responsible", "start", "due") if not getattr(measure, name)]
    if measure.cost is None:
        names.append("cost")
    if not measure.funding or (measure.cost and measure.funding == Funding.NONE):
        names.append("funding")
    return [str(Measure._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def _incomplete(plan: SchoolPlan) -> Refused | None:
    live = [each for each in plan.measures.all() if each.dropped_at is None]
    if not live:
        return Conflict(_("%s的一校一策里没有措施。") % plan.school_name, code="no_measures")
    found = [(each.name, missing) for each in live if (missing := lacks(each))]
    if not found:
        return None
    names = listed(noted(name, listed(missing)) for name, missing in found)
    params = {"school": plan.school_name, "names": names}
    return Conflict(_("%(school)s的措施还没有写全：%(names)s。") % params, code="incomplete")


def move(*, plans: Sequence[SchoolPlan], step: Step, by: User, comment: str = "") -> None:
    """States, trails and notices of a step that nothing stands against; an audit entry of its own
    unless it is implied by what has one."""
    now = clock.now()
    _write_trail(plans, step, by, comment)
    values: dict[str, Any] = {"state": step.target}
    if step.target == Stage.APPROVED:
        values |= {"approved_at": now, "approved_by": by}
    for plan in plans:
        plan.version += 1
        for name, value in values.items():
            setattr(plan, name, value)
    SchoolPlan.objects.bulk_update(plans, [*values, "version"])
    if not step.implied:
        _record(plans, step, by, comment)
    telling.tell_of_step(plans=plans, step=step, by=by, comment=comment)


def _write_trail(plans: Sequence[SchoolPlan], step: Step, by: User, comment: str) -> None:
    rows = SchoolPlanEntry.objects.filter(school_plan__in=plans).order_by()
    last = dict(rows.values_list("school_plan").annotate(Max("number")))
    about = {"step": step.name, "to_state": step.target, "comment": comment}
    who = {"actor": by, "actor_name": by.display_name, "taken_at": clock.now()}
    SchoolPlanEntry.objects.bulk_create(
        SchoolPlanEntry(
            school_plan=plan,
            number=last.get(plan.pk, 0) + 1,
            from_state=plan.state,
            **about,
            **who,
        )
        for plan in plans
    )


def _record(plans: Sequence[SchoolPlan], step: Step, by: User, comment: str) -> None:
    district = plans[0].self_check.district
    changes = {"state": step.target, "schools": [plan.school_code for plan in plans]}
    record(
        action=f"school_plan.{step.name}",
        by=by,
        on=plans[0] if len(plans) == 1 else plans[0].self_check,
        district_code=district.code,
        changes=changes,
        reason=comment,
    )


def _rows(self_check: SelfCheck, step: Step) -> "QuerySet[SchoolPlan]":
    rows = self_check.school_plans.filter(state__in=step.sources)
    measures = Prefetch("measures", Measure.objects.order_by("number"))
    return rows.select_related("self_check__district").prefetch_related(measures)


def _sorted_out(rows: list[SchoolPlan], step: Step, by: User) -> Summary:
    found, eyes = Summary(step), prepared_by(by, rows)
    for row in rows:
        refusal = blocker_of(row, step, by, eyes)
        if refusal is None:
            found.done.append(row)
        else:
            found.refused.append((row, refusal))
    return found


def _edge(name: str) -> Step:
    if name not in STEP or STEP[name].implied:
        params = {"found": name[:40], "known": ", ".join(step.name for step in OPEN_STEPS)}
        sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。") % params
        raise Unusable.at("step", sentence, code="unknown_step")
    return STEP[name]


def _require(step: Step, comment: str) -> None:
    if step.needs_comment and not comment.strip():
        raise Unusable.at("comment", _("请写明原因。"))


def _nothing(step: Step) -> Conflict:
    return Conflict(_("没有可以%s的一校一策。") % step.label)


def may_prepare(self_check: SelfCheck, viewer: User) -> bool:
    """Whether the person writes this district's school plans."""
    is_own = viewer.district_id == self_check.district_id
    return is_own and viewer.role in MAY_PREPARE
