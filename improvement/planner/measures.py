"""Kinds of measure: what one more of each changes in the figures, what it costs, how many may be.

Every measure names all raw fields it changes, so that the figures after it could be reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from figures.table import SCHOOL_FIELD
from indicators.calculation.scheme import CODES, RATIOS, STAGES
from indicators.calculation.school_intake import School

# Indicator → raw fields one more raises; {stage} where teachers are counted by stage.
FIELDS: dict[str, tuple[str, ...]] = {
    "A1": ("qualified_teachers_{stage}", "teachers", "teachers_certified"),
    "A2": ("backbone_teachers_{stage}",),
    "A3": ("pe_arts_teachers_{stage}", "teachers", "teachers_certified"),
    "A4": ("teaching_area",),
    "A5": ("sports_ground_area",),
    "A6": ("equipment_value",),
    "A7": ("multimedia_classrooms",),
}
_MONEY = "equipment_value"  # reported in 万元, priced by the yuan


@dataclass(frozen=True)
class Measure:
    """``price`` in yuan per person, room, ㎡ or (equipment) yuan; ``raises`` indicators."""

    code: str
    raises: tuple[str, ...]
    price: Fraction
    fields: tuple[str, ...]

    @property
    def by_stage(self) -> bool:
        return any("{stage}" in name for name in self.fields)

    @property
    def places(self) -> int:
        """Decimal places of its amounts in the raw field's unit."""
        return SCHOOL_FIELD[self.fields[0].format(stage=STAGES[0])].places

    @property
    def unit_steps(self) -> int:
        """How many steps of the raw field one priced unit has."""
        return 1 if self.fields[0] == _MONEY else int(10**self.places)

    @property
    def is_divisible(self) -> bool:
        return self.places > 0

    @property
    def price_of_step(self) -> Fraction:
        return self.price / self.unit_steps

    def fields_in(self, stage: str) -> tuple[str, ...]:
        return tuple(name.format(stage=stage) for name in self.fields)


def measure_of(code: str, raises: tuple[str, ...], price: Fraction) -> Measure:
    """A measure that changes what its indicators are made of, each field once."""
    names = dict.fromkeys(name for each in raises for name in FIELDS[each])
    return Measure(code, raises, price, tuple(names))


@dataclass(frozen=True)
class Terms:
    """Kinds of measure with their prices; ``caps`` by school and measure in priced units."""

    measures: tuple[Measure, ...]
    caps: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def most(self, measure: Measure, school: School) -> int:
        """Steps a school may take of a measure."""
        cap = self.caps.get(school["school_code"], {}).get(measure.code)
        return 1 << 50 if cap is None else int(cap * measure.unit_steps)


def one_per_indicator(prices: Mapping[str, Fraction]) -> tuple[Measure, ...]:
    return tuple(measure_of(code, (code,), prices[code]) for code in CODES if code in prices)


assert set(FIELDS) == {ratio.code for ratio in RATIOS}
