"""School plans in the reader's words: the list of a district, one school, one measure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from districts.models import User
from districts.services.calendar import working_days
from districts.wording import listed
from districts.working_days import WorkingDays
from figures.table import SCHOOL_FIELD
from improvement.lacking import words as wording
from improvement.lacking.schools import miss_words
from improvement.models import Measure, SchoolPlan, Stage
from improvement.plans.words import money
from improvement.school_plans.arrived import ArrivedLine, arrived_lines
from improvement.school_plans.measure import MeasureLine
from improvement.services.arrived import later_of
from improvement.services.remaining import Remaining, remaining_of
from improvement.shortfall.lacking import SchoolNeeds
from indicators.wording import stage_name
from selfchecks import clock
from selfchecks.models import SelfCheck

LATE = "late"  # of which a measure is
SHOWN = (*Stage.values, LATE)
KINDS = {Stage.DRAFTING: "draft", Stage.AWAITING: "rev", Stage.APPROVED: "approved"}


class PlanLine:
    """One school plan with its measures; ``needs`` is what they leave."""

    def __init__(
        self,
        plan: SchoolPlan,
        measures: Iterable[Measure],
        calendar: WorkingDays,
        needs: SchoolNeeds | None = None,
        arrived: Iterable[ArrivedLine] = (),
    ) -> None:
        self.plan, self.needs, self.arrived = plan, needs, [*arrived]
        today = clock.today()
        self.all = [MeasureLine(each, today, calendar) for each in measures]

    @cached_property
    def measures(self) -> list[MeasureLine]:
        return [line for line in self.all if line.measure.dropped_at is None]

    @property
    def dropped(self) -> list[MeasureLine]:
        return [line for line in self.all if line.measure.dropped_at is not None]

    @property
    def kind(self) -> str:
        return KINDS[Stage(self.plan.state)]

    @property
    def yuan(self) -> Decimal:
        return sum((line.measure.cost or Decimal() for line in self.measures), Decimal())

    @property
    def cost(self) -> str:
        return money(self.yuan)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.measures)

    @property
    def days_late(self) -> int:
        return max((line.days_late for line in self.measures), default=0)

    @property
    def is_changed(self) -> bool:
        """Whether it was approved, and a change waits for its own approval."""
        return self.plan.approved_at is not None and self.plan.state != Stage.APPROVED

    @property
    def lacks(self) -> int:
        """How many measures do not say all that approval asks."""
        return sum(bool(line.lacks) for line in self.measures)

    @property
    def left(self) -> list[str]:
        return list(left_words(self.needs)) if self.needs else []


def left_words(needs: SchoolNeeds) -> Iterator[str]:
    """A5 还差 1,200 ㎡; what is outside part A; what nothing can be said of."""
    for need in needs.needs:
        if need.least:
            stages = listed(map(stage_name, need.stages))
            amount = wording.amount(need.least, SCHOOL_FIELD[need.field].unit)
            found = {"code": need.code, "stages": stages, "amount": amount}
            yield _("%(code)s（%(stages)s）还差 %(amount)s") % found
    yield from map(miss_words, needs.misses)
    for stage, code in needs.unknown:
        found = {"code": code, "stage": stage_name(stage)}
        yield _("%(code)s（%(stage)s）没有数据，判定不了") % found


def with_measures(rows: "QuerySet[SchoolPlan]") -> "QuerySet[SchoolPlan]":
    measures = Measure.objects.with_done().order_by("number")
    return rows.prefetch_related(Prefetch("measures", measures))


class SchoolPlanList:
    """All school plans of a self-check that the reader may see; ``chosen`` narrows to a state."""

    def __init__(self, self_check: SelfCheck, viewer: User, chosen: str = "") -> None:
        self.self_check, self.viewer, self.chosen = self_check, viewer, chosen

    @cached_property
    def all(self) -> list[PlanLine]:
        rows = with_measures(
            SchoolPlan.objects.visible_to(self.viewer).filter(self_check=self.self_check)
        )
        calendar = working_days()
        left = self.remaining.schools if self.remaining else {}
        return [
            PlanLine(
                row,
                row.measures.all(),
                calendar,
                left.get(row.school_code),
                self.arrived.get(row.school_code, ()),
            )
            for row in rows
        ]

    @cached_property
    def later(self) -> SelfCheck | None:
        return later_of(self.self_check)

    @cached_property
    def arrived(self) -> dict[str, list[ArrivedLine]]:
        return arrived_lines(self.self_check, self.later) if self.later else {}

    @property
    def differing(self) -> list[PlanLine]:
        """Plans of which more was reported than the next year's figures show."""
        return [line for line in self.all if not all(each.fits for each in line.arrived)]

    @cached_property
    def remaining(self) -> Remaining | None:
        return remaining_of(self.self_check)

    @property
    def lines(self) -> list[PlanLine]:
        if self.chosen == LATE:
            return [line for line in self.all if line.days_late]
        return [line for line in self.all if self.chosen in ("", line.plan.state)]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """State, its word, how many; then the late ones."""
        found = [
            (state.value, str(state.label), sum(line.plan.state == state for line in self.all))
            for state in Stage
        ]
        late = (LATE, _("有逾期措施"), sum(bool(line.days_late) for line in self.all))
        return [("", _("全部"), len(self.all)), *found, late]

    @property
    def sentence(self) -> str:
        approved = sum(line.plan.approved_at is not None for line in self.all)
        found = {"all": len(self.all), "approved": approved}
        if not self.all:
            return _("还没有一校一策")
        return _("%(all)s 所学校有一校一策，%(approved)s 所已批准") % found

    @property
    def cost(self) -> str:
        return money(sum((line.yuan for line in self.all), Decimal()))

    @property
    def without(self) -> list[tuple[SchoolNeeds, list[str]]]:
        """Schools that lack something and have no plan."""
        have = {line.plan.school_code for line in self.all}
        found = self.remaining.schools.values() if self.remaining else ()
        return [(each, list(left_words(each))) for each in found if each.code not in have]

    @property
    def spreads(self) -> int | None:
        """How many coefficients are above their limit once all is done; None when unknown."""
        if self.remaining is None:
            return None
        return int(self.remaining.outcome.part_a.dispersion["not_met"])
