"""What every school of an outcome lacks: to the threshold, to the floor, and at least.

An outcome says it of units. Facilities that the stages of a school share count once: what lifts the
stage that lacks most lifts the others. A unit may leave one of its seven between floor and
threshold: ``least`` is what remains when every unit leaves the one that saves most. What the
coefficients ask in addition is the planner's to find.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Literal, NamedTuple

from improvement.shortfall.leaving import Lack, Place, Rates, leave, rates_at
from improvement.shortfall.money import (
    KIND_OF,
    NOTHING,
    Prices,
    doubles,
    measures_for,
    summed,
)
from indicators.calculation.judged import Failing, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, RATIOS, STAGES

Aim = Literal["least", "full", "floor"]
AIMS: tuple[Aim, ...] = ("least", "full", "floor")
# Parts of B that schools fall short of in figures.
BEYOND = ("B3", "B4", "B5", "B6", "B9", "B12")
_PLACES = {
    (ratio.code, stage): (ratio.code, "" if ratio.split else stage)
    for ratio in RATIOS
    for stage in STAGES
}
_RATIO = dict(zip(CODES, RATIOS, strict=True))
_FIELDS = {(code, stage): _RATIO[code].field_in(stage) for code, stage in _PLACES.values()}


class Need(NamedTuple):
    """How much more of one raw figure, in its unit, lifts the ``stages`` that lack.

    ``full`` to the threshold, ``floor`` to 85 % of it, ``least`` with what each unit may leave.
    """

    code: str
    field: str
    stages: tuple[str, ...]
    full: Decimal
    floor: Decimal
    least: Decimal
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit outside part A: ``amount`` is how far ``found`` is from what is ``needed``."""

    code: str
    field: str
    amount: Decimal
    found: Decimal
    needed: Decimal


class SchoolNeeds(NamedTuple):
    """One school. ``left`` is which indicators each stage leaves at the floor in ``least``;
    ``unknown`` are stages and indicators nothing can be said of.
    """

    code: str
    name: str
    needs: tuple[Need, ...]
    misses: tuple[Miss, ...]
    left: Mapping[str, tuple[str, ...]]
    unknown: tuple[tuple[str, str], ...]

    def measures(self, aim: Aim) -> dict[str, Decimal]:
        return measures_for(self.amounts(aim, CODES))

    def amounts(self, aim: Aim, codes: Container[str]) -> dict[Place, Decimal]:
        """What it lacks of some indicators, by indicator and the first stage that lacks."""
        return {(n.code, n.stages[0]): getattr(n, aim) for n in self.needs if n.code in codes}


@dataclass(frozen=True)
class Shortfalls:
    """A district: its schools that lack something, or of which something is unknown."""

    schools: tuple[SchoolNeeds, ...]

    @property
    def unknown(self) -> int:
        """How many indicators of units nothing can be said of; no sum counts them as zero."""
        return sum(len(school.unknown) for school in self.schools)

    def indicators(self, aim: Aim) -> dict[str, Decimal]:
        """Indicator → what all schools lack, in the unit of the raw figure; those that lack."""
        return self._sums[aim]

    @cached_property
    def _sums(self) -> dict[Aim, dict[str, Decimal]]:
        needs = [*chain.from_iterable(school.needs for school in self.schools)]
        return {aim: summed(map(attrgetter("code", aim), needs)) for aim in AIMS}

    def measures(self, aim: Aim) -> dict[str, Decimal]:
        """Kind → what all schools lack of it, nobody hired twice."""
        found = {KIND_OF[code]: amount for code, amount in self.indicators(aim).items()}
        # Needs stand in the standard's order: who lacks no A1 hires nobody twice.
        hiring = (s for s in self.schools if s.needs and s.needs[0].code == "A1")
        twice = (doubles(school.amounts(aim, ("A1", "A3"))) for school in hiring)
        paid = sum(chain.from_iterable(each.values() for each in twice), NOTHING)
        found = summed(chain(found.items(), [("hire", -paid)]))
        return {kind: amount for kind, amount in found.items() if amount}

    @property
    def beyond(self) -> dict[str, tuple[int, Decimal]]:
        """Indicator outside part A → how many schools miss it, and by how much in all."""
        found: dict[str, tuple[int, Decimal]] = {}
        for code in BEYOND:
            own = [[m.amount for m in s.misses if m.code == code] for s in self.schools]
            if any(own):
                found[code] = sum(map(bool, own)), sum(chain.from_iterable(own), NOTHING)
        return found


def find_shortfalls(outcome: Outcome, rules: Rules, prices: Prices | None = None) -> Shortfalls:
    """What the schools of a district lack; ``prices`` by kind decide what is cheapest left.

    Without a price for all it lacks, a unit leaves what saves most as a share of the threshold,
    the first in the standard's order where several do.
    """
    units: dict[str, list[UnitOutcome]] = {}
    for unit in outcome.units:
        units.setdefault(unit.school_code, []).append(unit)
    misses, spare = _misses(outcome), len(CODES) - rules.required_met
    rates = rates_at(prices or {})
    found = (_school(own, tuple(misses.get(code, ())), spare, rates) for code, own in units.items())
    return Shortfalls(tuple(each for each in found if each))


def _misses(outcome: Outcome) -> dict[str, list[Miss]]:
    found: dict[str, list[Miss]] = {}
    for code in BEYOND:
        checks = outcome.indicators[code].checks if code in outcome.indicators else ()
        for item in chain.from_iterable(check.failing for check in checks):
            found.setdefault(item.school_code, []).append(_miss(code, item))
    return found


def _miss(code: str, item: Failing) -> Miss:
    have, needed = Decimal(item.found), Decimal(item.needed)
    return Miss(code, item.field, abs(needed - have), have, needed)


def _school(
    units: list[UnitOutcome], misses: tuple[Miss, ...], spare: int, rates: Rates
) -> SchoolNeeds | None:
    lacks, unknown = _read(units)
    if not (lacks or misses or unknown):
        return None
    chosen = leave(lacks, spare, rates)
    left = {stage: tuple(each.code for each in chosen if each.stage == stage) for stage in STAGES}
    return SchoolNeeds(
        units[0].school_code,
        units[0].school_name,
        tuple(_needs(lacks, chosen, sum(unit.counted for unit in units) > 1)),
        misses,
        {stage: codes for stage, codes in left.items() if codes},
        tuple(unknown),
    )


def _read(units: list[UnitOutcome]) -> tuple[list[Lack], list[tuple[str, str]]]:
    """What is below its threshold, and stages and indicators nothing can be said of."""
    lacks, unknown = [], []
    for unit in units:
        for code in CODES if unit.indicators and unit.met_count != len(CODES) else ():
            cell = unit.indicators[code]
            if cell["verdict"] in ("floor", "below"):
                amounts = Decimal(cell["shortfall"]), Decimal(cell["shortfall_to_floor"])
                lacks.append(Lack(_PLACES[code, unit.stage], unit.stage, *amounts, cell))
            elif unit.counted and cell["verdict"] == "unknown":
                unknown.append((unit.stage, code))
    return lacks, unknown


def _needs(lacks: list[Lack], left: Collection[Lack], several: bool) -> list[Need]:
    """By place; what the stages of a school share is needed as often as the most of them ask."""
    found: dict[Place, Need] = {}
    for lack in lacks:
        place, least = lack.place, lack.floor if lack in left else lack.full
        code, stage = place
        if other := found.get(place):
            amounts = max(other.full, lack.full), max(other.floor, lack.floor)
            stages, least = (*other.stages, lack.stage), max(other.least, least)
        else:
            amounts, stages = (lack.full, lack.floor), (lack.stage,)
        found[place] = Need(code, _FIELDS[place], stages, *amounts, least, several and not stage)
    return [found[place] for place in sorted(found)]
