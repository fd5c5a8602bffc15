"""From what is lacking to kinds of measure, and from these to money at the prices given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from indicators.calculation.scheme import CODES, STAGES

Amounts = Mapping[str, Decimal]
Prices = Mapping[str, Decimal]
NOTHING = Decimal()

# What lifts one indicator alone; a teacher of sports or arts with the degree lifts A1 besides A3.
KIND_OF = {
    "A1": "hire",
    "A2": "train_backbone",
    "A3": "hire_pe_arts",
    "A4": "build_rooms",
    "A5": "build_ground",
    "A6": "equipment",
    "A7": "multimedia",
}
KINDS = tuple(KIND_OF.values())
# Of every stage what one teacher of sports or arts may count in.
TWICE = tuple((stage, ("A1", stage), ("A3", stage)) for stage in STAGES)
_IN_YUAN = {"equipment": 10_000}  # reported in 万元, priced by the yuan


@dataclass(frozen=True, slots=True)
class Bill:
    """What measures cost in yuan at these ``prices``; kinds without one are named, not counted."""

    costs: Mapping[str, Decimal]
    prices: Prices
    unpriced: tuple[str, ...]

    @property
    def total(self) -> Decimal | None:
        """None where something is lacking and nothing of it has a price."""
        return None if self.unpriced and not self.costs else sum(self.costs.values(), NOTHING)


def price_of(kind: str, prices: Prices) -> Decimal:
    """Yuan for one more in the unit of the raw figure."""
    return prices[kind] * _IN_YUAN.get(kind, 1)


def bill(measures: Amounts, prices: Prices) -> Bill:
    asked = {kind: amount for kind, amount in measures.items() if amount}
    used = {kind: prices[kind] for kind in asked if kind in prices}
    costs = {kind: asked[kind] * price_of(kind, prices) for kind in used}
    return Bill(costs, used, tuple(kind for kind in asked if kind not in prices))


def measures_for(lacks: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    """Kind → amount for what one school lacks by indicator and stage; nobody is hired twice."""
    found: dict[str, Decimal] = {}
    for (code, _stage), amount in lacks.items():
        kind = KIND_OF[code]
        found[kind] = found.get(kind, NOTHING) + amount
    if twice := doubles(lacks):
        found["hire"] -= sum(twice.values())
    return found


def doubles(lacks: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    """Stage → teachers of sports or arts who make up for A1 too: they are hired with the degree."""
    return {
        stage: min(lacks[degree], lacks[arts])
        for stage, degree, arts in TWICE
        if degree in lacks and arts in lacks
    }


def total(parts: Iterable[Amounts]) -> dict[str, Decimal]:
    """Sums by key, in the order of indicators or kinds; nothing where nothing is lacking."""
    return summed(chain.from_iterable(part.items() for part in parts))


def summed(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The same of single amounts."""
    sums: dict[str, Decimal] = {}
    for key, amount in pairs:
        if amount:
            sums[key] = sums.get(key, NOTHING) + amount
    return {key: sums[key] for key in (*CODES, *KINDS) if key in sums}
