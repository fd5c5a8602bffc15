"""Scenarios beside what was reported: each judged whole, with what it lacks and costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from audit.refusals import Unusable
from improvement.models import Plan, Scenario, State
from improvement.scenario.comparing import Change, Side, changes_between, judge
from improvement.services.ground import Ground, known_of
from improvement.services.scenarios import ground_after
from indicators.calculation.outcome import Outcome
from selfchecks.models import SelfCheck

MOST = 4


@dataclass(frozen=True, slots=True)
class Column:
    """What was reported (without a ``scenario``), or a scenario.

    Without a ``side`` its changes do not fit the present figures, as ``refusal`` says. ``plan`` is
    the cheapest one found for it and its figures, ``changes`` are schools judged otherwise.
    """

    scenario: Scenario | None
    side: Side | None
    changes: tuple[Change, ...] = ()
    plan: Plan | None = None
    refusal: Unusable | None = None


def compare(self_check: SelfCheck, scenarios: Iterable[Scenario]) -> list[Column]:
    """What was reported first. Raises Conflict without figures."""
    ground = known_of(self_check)
    real = _judged(ground)
    first = Column(None, real, (), _plan(self_check, None, ground))
    return [first, *(_column(each, ground, real) for each in scenarios)]


def outcome_of(scenario: Scenario) -> Outcome:
    """Its figures judged. Raises Conflict without figures, Unusable when its changes do not fit."""
    ground = known_of(scenario.self_check)
    return _judged(ground_after(ground, scenario.changes)).outcome


def _column(scenario: Scenario, ground: Ground, real: Side) -> Column:
    try:
        after = ground_after(ground, scenario.changes)
    except Unusable as refusal:
        return Column(scenario, None, refusal=refusal)
    side = _judged(after)
    changes = tuple(changes_between(real.outcome, side.outcome))
    return Column(scenario, side, changes, _plan(scenario.self_check, scenario, after))


def _judged(ground: Ground) -> Side:
    return judge({**ground.figures, **ground.terms}, ground.rules)


def _plan(self_check: SelfCheck, scenario: Scenario | None, ground: Ground) -> Plan | None:
    rows = Plan.objects.filter(self_check=self_check, scenario=scenario, digest=ground.digest)
    found = rows.filter(state=State.FOUND, kind="cheapest")
    return found.defer("result", "terms").order_by("cost").first()
