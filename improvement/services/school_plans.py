"""Takes school plans further, one or all of a district at once, or says what stands in the way."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused
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
from improvement.school_plans.workflow import MAY_PREPARE, STEPS
from improvement.services import telling
from improvement.services.flow import Flow, Said, edge_in
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.step import Edge, Offer


@dataclass(slots=True)
class Summary:
    """What taking a step with many school plans did, or would do."""

    step: Edge
    done: list[SchoolPlan] = field(default_factory=list)
    refused: list[tuple[SchoolPlan, Refused]] = field(default_factory=list)


def open_steps(school_plan: SchoolPlan, viewer: User) -> tuple[Offer, ...]:
    """Every step that leaves the present state."""
    return FLOW.open_steps(school_plan, viewer)


def take_step(
    *, school_plan: SchoolPlan, step: str, by: User, comment: str = "", expected: int | None = None
) -> SchoolPlan:
    """One step of one plan; ``expected`` is the version the person saw.

    Raises NotAllowed, Conflict, Stale, Unusable without a comment that is needed.
    """
    return FLOW.take(school_plan, step, by, expected, comment=comment)


def look_ahead(
    *, self_check: SelfCheck, step: str, by: User, schools: Collection[str] = ()
) -> Summary:
    """What taking the step with all plans in its source states would do; ``schools`` are the codes
    of some, else it is every one."""
    edge = edge_in(STEPS, step)
    return _sorted_out(list(_rows(self_check, edge, schools)), edge, by)


def take_steps(
    *,
    self_check: SelfCheck,
    step: str,
    by: User,
    comment: str = "",
    schools: Collection[str] = (),
) -> Summary:
    """The same step with every plan that it is open for; the others are told, and stay.

    Raises Unusable without a comment that is needed, Conflict when it is open for none.
    """
    edge = edge_in(STEPS, step)
    said = FLOW.checked(edge, {"comment": comment})
    with transaction.atomic():
        rows = list(_rows(self_check, edge, schools).select_for_update(of=("self",)))
        found = _sorted_out(rows, edge, by)
        if not found.done:
            raise found.refused[0][1] if found.refused else _nothing(edge)
        FLOW.carry_out(rows=found.done, edge=edge, by=by, said=said)
    return found


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
    measures = plan.measures.all()
    live = [each for each in measures if each.dropped_at is None]
    if not measures:  # one whose measures all fell away is approved as such
        return Conflict(_("%s的一校一策里没有措施。") % plan.school_name, code="no_measures")
    found = [(each.name and _(each.name), missing) for each in live if (missing := lacks(each))]
    if not found:
        return None
    names = listed(noted(name, listed(missing)) for name, missing in found)
    params = {"school": plan.school_name, "names": names}
    return Conflict(_("%(school)s的措施还没有写全：%(names)s。") % params, code="incomplete")


class _Flow(Flow[SchoolPlan]):
    """``prepared`` are the plans of many that the person prepared, asked once for all."""

    model, subject, steps = SchoolPlan, "school_plan", STEPS
    related = ("self_check__district",)
    changed = _("这份一校一策有了变化；请看过最新的再办理。")
    longest = 2000

    def __init__(self, prepared: set[int] | None = None) -> None:
        self.prepared = prepared

    @staticmethod
    def tag_of(row: SchoolPlan) -> int:
        return row.version

    def found(self, rows: Any, row: SchoolPlan, by: User) -> Any:
        return rows.get(pk=row.pk)

    def not_theirs(self, row: SchoolPlan, edge: Edge, by: User) -> Refused | None:
        if by.role in edge.roles and by.district_id == row.self_check.district_id:
            return None
        params = {"step": edge.label, "roles": listed(role.label for role in edge.roles)}
        return NotAllowed(_("「%(step)s」由本区县的%(roles)s办理。") % params)

    def same_hand(self, row: SchoolPlan, edge: Edge, by: User) -> Refused | None:
        """Four eyes: who prepared it does not approve it."""
        prepared = prepared_by(by, [row]) if self.prepared is None else self.prepared
        if row.pk not in prepared:
            return None
        sentence = _("您参与了%(school)s一校一策的编制，「%(step)s」须由另一人办理。")
        params = {"school": row.school_name, "step": edge.label}
        return NotAllowed(sentence % params, code="four_eyes")

    def incomplete(self, row: SchoolPlan, edge: Edge, by: User) -> Refused | None:
        """Every measure says who, until when and from what money."""
        return _incomplete(row)

    def move(self, *, rows: Sequence[SchoolPlan], edge: Edge, by: Any, said: Said) -> None:
        values: dict[str, Any] = {"state": edge.target}
        if edge.target == Stage.APPROVED:
            values |= {"approved_at": clock.now(), "approved_by": by}
        for row in rows:
            row.version += 1
            for name, value in values.items():
                setattr(row, name, value)
        SchoolPlan.objects.bulk_update(rows, [*values, "version"])

    def write_trail(
        self, *, rows: Sequence[SchoolPlan], was: Sequence[str], edge: Edge, by: Any, comment: str
    ) -> None:
        entries = SchoolPlanEntry.objects.filter(school_plan__in=rows).order_by()
        last = dict(entries.values_list("school_plan").annotate(Max("number")))
        about = {"step": edge.name, "to_state": edge.target, "comment": comment}
        who = {"actor": by, "actor_name": by.display_name, "taken_at": clock.now()}
        SchoolPlanEntry.objects.bulk_create(
            SchoolPlanEntry(
                school_plan=row, number=last.get(row.pk, 0) + 1, from_state=state, **about, **who
            )
            for row, state in zip(rows, was, strict=True)
        )

    def changes_of(self, rows: Sequence[SchoolPlan], was: Sequence[str]) -> dict[str, Any]:
        return {"state": rows[0].state, "schools": [row.school_code for row in rows]}

    def record(
        self, *, rows: Sequence[Any], name: str, by: User | None, changes: Any, reason: str = ""
    ) -> None:
        """One entry for all of a district."""
        self_check = rows[0].self_check
        record(
            action=f"school_plan.{name}",
            by=by,
            on=rows[0] if len(rows) == 1 else self_check,
            district_code=self_check.district.code,
            changes=changes,
            reason=reason,
        )

    def tell(self, *, rows: Sequence[SchoolPlan], edge: Edge, by: Any, comment: str) -> None:
        telling.tell_of_step(plans=rows, step=edge, by=by, comment=comment)


FLOW = _Flow()


def _rows(
    self_check: SelfCheck, step: Edge, schools: Collection[str] = ()
) -> "QuerySet[SchoolPlan]":
    rows = self_check.school_plans.filter(state__in=step.sources)
    if schools:
        rows = rows.filter(school_code__in=schools)
    measures = Prefetch("measures", Measure.objects.order_by("number"))
    return rows.select_related("self_check__district").prefetch_related(measures)


def _sorted_out(rows: list[SchoolPlan], step: Edge, by: User) -> Summary:
    found, flow = Summary(step), _Flow(prepared_by(by, rows))
    for row in rows:
        refusal = flow.blocker_of(row, step, by)
        if refusal is None:
            found.done.append(row)
        else:
            found.refused.append((row, refusal))
    return found


def _nothing(step: Edge) -> Conflict:
    return Conflict(_("没有可以%s的一校一策。") % step.label)


def may_prepare(self_check: SelfCheck, viewer: User) -> bool:
    """Whether the person writes this district's school plans."""
    is_own = viewer.district_id == self_check.district_id
    return is_own and viewer.role in MAY_PREPARE
