"""From what is lacking to kinds of measure, and from these to money at the prices given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation.scheme import CODES

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


def bill(measures: Amounts, prices: Prices) -> Bill:
    asked = {kind: amount for kind, amount in measures.items() if amount}
    used = {kind: prices[kind] for kind in asked if kind in prices}
    costs = {kind: asked[kind] * _IN_YUAN.get(kind, 1) * price for kind, price in used.items()}
    return Bill(costs, used, tuple(kind for kind in asked if kind not in prices))


def measures_for(lacks: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    """Kind → amount for what one school lacks by indicator and stage; who counts twice comes once.

    A teacher of sports or arts is hired with the degree, so that A1 asks for the others only.
    """
    found: dict[str, Decimal] = {}
    for (code, stage), lacking in lacks.items():
        also = lacks.get(("A3", stage), NOTHING) if code == "A1" else NOTHING
        kind, amount = KIND_OF[code], max(NOTHING, lacking - also)
        found[kind] = found.get(kind, NOTHING) + amount
    return found


def total(parts: Iterable[Amounts]) -> dict[str, Decimal]:
    """Sums by key, in the order of indicators or kinds; nothing where nothing is lacking."""
    sums: dict[str, Decimal] = {}
    for part in parts:
        for key, amount in part.items():
            if amount:
                sums[key] = sums.get(key, NOTHING) + amount
    return {key: sums[key] for key in (*CODES, *KINDS) if key in sums}
