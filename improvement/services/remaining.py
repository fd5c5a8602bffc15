"""What the measures of a district's school plans leave: computed, never typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from figures.table import SCHOOL_FIELD
from improvement.models import Measure
from improvement.models.school_plan import UNIT_OF
from improvement.services.lacking import offers_in, prices_of
from improvement.services.prices import in_force
from improvement.services.seeding import fields_raised
from improvement.shortfall.lacking import SchoolNeeds, find_shortfalls
from improvement.shortfall.remaining import Gain, with_gains
from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import UnusableInput
from indicators.services.rules import rules_of
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import present_inputs


@dataclass(frozen=True, slots=True)
class Remaining:
    """The outcome once all measures are done, and the schools that then still lack something."""

    outcome: Outcome
    schools: dict[str, SchoolNeeds]


def remaining_of(self_check: SelfCheck) -> Remaining | None:
    """None without figures, or when they cannot be evaluated."""
    figures = present_inputs(self_check)
    if figures is None:
        return None
    rules = rules_of(self_check.standard)
    measures = Measure.objects.live().filter(school_plan__self_check=self_check)
    rows = measures.select_related("school_plan")
    try:
        outcome = evaluate(with_gains(figures, gains_of(rows)), rules, is_stored=True)
    except UnusableInput:
        return None
    offers = offers_in(in_force(self_check.district, clock.today()).values())
    found = find_shortfalls(outcome, rules, prices_of(offers)).schools
    return Remaining(outcome, {school.code: school for school in found if _lacks(school)})


def gains_of(measures: Iterable[Measure]) -> Iterator[Gain]:
    """Of measures counted in the unit of the figures they raise; others raise none."""
    for measure in measures:
        fields = tuple(
            name
            for name in fields_raised(measure)
            if UNIT_OF.get(SCHOOL_FIELD[name].unit) == measure.unit
        )
        yield Gain(measure.school_plan.school_code, fields, measure.amount)
        if measure.from_school:
            yield Gain(measure.from_school, fields, -measure.amount)


def _lacks(school: SchoolNeeds) -> bool:
    return any(need.least for need in school.needs) or bool(school.misses or school.unknown)
