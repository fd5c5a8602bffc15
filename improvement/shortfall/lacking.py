"""What every school of an outcome lacks: to the threshold, to the floor, and at least.

An outcome says it of units. Facilities that the stages of a school share count once: what lifts the
stage that lacks most lifts the others. A unit may leave one of its seven between floor and
threshold: ``least`` is what remains when every unit leaves the one that saves most. What the
coefficients ask in addition is the planner's to find.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, product
from typing import Literal, NamedTuple

from improvement.shortfall.money import (
    KIND_OF,
    NOTHING,
    Prices,
    doubles,
    measures_for,
    price_of,
    total,
)
from indicators.calculation.judged import Failing, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, RATIOS, STAGES

Aim = Literal["least", "full", "floor"]
AIMS: tuple[Aim, ...] = ("least", "full", "floor")
# Parts of B that schools fall short of in figures.
BEYOND = ("B3", "B4", "B5", "B6", "B9", "B12")
_RATIO = dict(zip(CODES, RATIOS, strict=True))
_PLACES = {
    (ratio.code, stage): (ratio.code, "" if ratio.split else stage)
    for ratio in RATIOS
    for stage in STAGES
}


@dataclass(frozen=True, slots=True)
class Need:
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


@dataclass(frozen=True, slots=True)
class SchoolNeeds:
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
        lacks = {(need.code, need.stages[0]): getattr(need, aim) for need in self.needs}
        return measures_for(lacks)


@dataclass(frozen=True, slots=True)
class Shortfalls:
    """A district: its schools that lack something, or of which something is unknown."""

    schools: tuple[SchoolNeeds, ...]

    @property
    def unknown(self) -> int:
        """How many indicators of units nothing can be said of; no sum counts them as zero."""
        return sum(len(school.unknown) for school in self.schools)

    def indicators(self, aim: Aim) -> dict[str, Decimal]:
        """Indicator → what all schools lack, in the unit of the raw figure; those that lack."""
        needs = chain.from_iterable(school.needs for school in self.schools)
        return total({need.code: getattr(need, aim)} for need in needs)

    def measures(self, aim: Aim) -> dict[str, Decimal]:
        return total(school.measures(aim) for school in self.schools)

    @property
    def beyond(self) -> dict[str, tuple[int, Decimal]]:
        """Indicator outside part A → how many schools miss it, and by how much in all."""
        found: dict[str, tuple[int, Decimal]] = {}
        for code in BEYOND:
            own = [[m.amount for m in s.misses if m.code == code] for s in self.schools]
            if any(own):
                found[code] = sum(map(bool, own)), sum(chain.from_iterable(own), NOTHING)
        return found


Place = tuple[str, str]  # indicator and stage, or no stage where the school makes up as a whole


class _Lack(NamedTuple):
    """One indicator of one unit below its threshold; ``share`` is how far, as a part of it."""

    place: Place
    stage: str
    full: Decimal
    floor: Decimal
    share: Decimal

    @property
    def code(self) -> str:
        return self.place[0]


def find_shortfalls(outcome: Outcome, rules: Rules, prices: Prices | None = None) -> Shortfalls:
    """What the schools of a district lack; ``prices`` by kind decide what is cheapest left.

    Without a price for all it lacks, a unit leaves what saves most as a share of the threshold,
    the first in the standard's order where several do.
    """
    units: dict[str, list[UnitOutcome]] = {}
    for unit in outcome.units:
        units.setdefault(unit.school_code, []).append(unit)
    misses, spare = _misses(outcome), len(CODES) - rules.required_met
    found = (
        _school(own, tuple(misses.get(code, ())), spare, prices or {})
        for code, own in units.items()
    )
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
    units: list[UnitOutcome], misses: tuple[Miss, ...], spare: int, prices: Prices
) -> SchoolNeeds | None:
    lacks = [lack for unit in units for lack in _lacks(unit)]
    unknown = tuple(_unknown(units))
    if not (lacks or misses or unknown):
        return None
    chosen = _leave(lacks, spare, prices)
    left = {stage: tuple(each.code for each in chosen if each.stage == stage) for stage in STAGES}
    return SchoolNeeds(
        units[0].school_code,
        units[0].school_name,
        tuple(_needs(lacks, chosen, sum(unit.counted for unit in units) > 1)),
        misses,
        {stage: codes for stage, codes in left.items() if codes},
        unknown,
    )


def _lacks(unit: UnitOutcome) -> Iterator[_Lack]:
    for code in CODES if unit.met_count != len(CODES) else ():
        cell = unit.indicators.get(code)
        if cell and cell["verdict"] in ("floor", "below"):
            needed = Decimal(cell["threshold"])
            share = (needed - Decimal(cell["value"])) / needed
            amounts = Decimal(cell["shortfall"]), Decimal(cell["shortfall_to_floor"])
            yield _Lack(_PLACES[code, unit.stage], unit.stage, *amounts, share)


def _unknown(units: list[UnitOutcome]) -> Iterator[tuple[str, str]]:
    for unit in units:
        for code in CODES if unit.counted and unit.met_count != len(CODES) else ():
            if unit.indicators[code]["verdict"] == "unknown":
                yield unit.stage, code


def _needs(lacks: list[_Lack], left: Collection[_Lack], several: bool) -> Iterator[Need]:
    full, floor, least = (_amounts(lacks, kept) for kept in ((), lacks, left))
    for place in sorted(full):
        code, stage = place
        yield Need(
            code,
            _RATIO[code].field_in(stage),
            tuple(lack.stage for lack in lacks if lack.place == place),
            full[place],
            floor[place],
            least[place],
            several and not stage,
        )


def _amounts(lacks: Iterable[_Lack], left: Collection[_Lack]) -> dict[Place, Decimal]:
    """What is to be made up for; of what is left only to the floor."""
    found: dict[Place, Decimal] = {}
    for lack in lacks:
        amount = lack.floor if lack in left else lack.full
        if amount > found.get(lack.place, -1):
            found[lack.place] = amount
    return found


def _leave(lacks: list[_Lack], spare: int, prices: Prices) -> tuple[_Lack, ...]:
    """What each unit leaves at its floor so that the school needs least."""
    own = [[lack for lack in lacks if lack.stage == stage] for stage in STAGES]
    if all(len(each) <= spare for each in own):
        return tuple(lacks)
    choices = product(*(combinations(each, min(spare, len(each))) for each in own))
    is_priced = all(KIND_OF[lack.code] in prices for lack in lacks)
    rates = _prices(lacks, prices) if is_priced else _parts(lacks)
    return min(
        (tuple(chain.from_iterable(choice)) for choice in choices),
        key=lambda left: _cost(_amounts(lacks, left), rates, is_priced),
    )


def _prices(lacks: list[_Lack], prices: Prices) -> dict[Place, Decimal]:
    return {lack.place: price_of(KIND_OF[lack.code], prices) for lack in lacks}


def _parts(lacks: list[_Lack]) -> dict[Place, Decimal]:
    """Of one more, as a part of what the threshold asks."""
    return {lack.place: lack.share / lack.full for lack in sorted(lacks, key=lambda x: x.full)}


def _cost(amounts: dict[Place, Decimal], rates: dict[Place, Decimal], is_priced: bool) -> Decimal:
    """Who counts twice is paid once; as parts of thresholds both count."""
    whole = sum((amount * rates[place] for place, amount in amounts.items()), NOTHING)
    for stage, number in doubles(amounts).items() if is_priced else ():
        whole -= number * rates["A1", stage]
    return whole
