"""Kinds of measure: what one more of each changes in the figures, what it costs, how many may be.

Every measure names all raw fields it changes, so that the figures after it could be reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from figures.table import AREA, N_, PEOPLE, ROOMS, SCHOOL_FIELD, YUAN
from indicators.calculation.scheme import CODES, RATIOS, STAGES
from indicators.calculation.school_intake import School

MOVE = "move"
NO_CAP = 1 << 50
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


def fields_of(raises: Iterable[str]) -> tuple[str, ...]:
    """What indicators are made of, each field once."""
    return tuple(dict.fromkeys(name for each in raises for name in FIELDS[each]))


@dataclass(frozen=True)
class Kind:
    """What a district can do: priced by ``unit``, every one more changes all ``fields`` by one."""

    code: str
    label: str
    unit: str
    raises: tuple[str, ...]
    fields: tuple[str, ...]


def _kind(code: str, label: str, unit: str, *raises: str) -> Kind:
    return Kind(code, label, unit, raises, fields_of(raises))


# 室内体育用房 is part of 教学及辅助用房 and taken off A4: only A5 sees it.
# Whoever moves takes along all that she counts in; the totals of the district stay.
KINDS = {
    kind.code: kind
    for kind in (
        _kind("hire", N_("招聘学历教师"), PEOPLE, "A1"),
        _kind("hire_pe_arts", N_("招聘体育艺术教师"), PEOPLE, "A1", "A3"),
        _kind("train_backbone", N_("培养骨干教师"), PEOPLE, "A2"),
        _kind("build_rooms", N_("新建、改建教学用房"), AREA, "A4"),
        _kind("build_ground", N_("建运动场地"), AREA, "A5"),
        Kind(
            *("build_indoor", N_("建室内体育用房"), AREA, ("A5",)),
            fields=("indoor_sports_area", "teaching_area"),
        ),
        _kind("equipment", N_("教学仪器设备"), YUAN, "A6"),
        _kind("multimedia", N_("多媒体教室"), ROOMS, "A7"),
        Kind(MOVE, N_("交流轮岗"), PEOPLE, (), fields_of(("A1", "A2", "A3"))),
    )
}


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
    """A measure that changes what its indicators are made of."""
    return Measure(code, raises, price, fields_of(raises))


def of_kind(code: str, price: Fraction) -> Measure:
    """One of the known kinds at a price."""
    kind = KINDS[code]
    return Measure(code, kind.raises, price, kind.fields)


Amounts = Mapping[str, Mapping[str, Fraction]]
"""School → code of a measure → how much, in priced units."""


@dataclass(frozen=True)
class Year:
    """``budget`` in yuan (None: no limit); pupils then: by school, else by rates of a stage."""

    budget: Fraction | None = None
    rates: Mapping[str, Fraction] = field(default_factory=dict)
    pupils: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def pupils_of(self, code: str, stage: str, now: int) -> int:
        """Whole pupils, halves up; where nothing is said as now."""
        told = self.pupils.get(code, {}).get(f"pupils_{stage}")
        if told is not None:
            return told
        return int(now * self.rates.get(stage, Fraction(1)) + Fraction(1, 2))


@dataclass(frozen=True)
class Terms:
    """Kinds of measure with their prices, and what a district wants of some schools.

    ``caps``: the most that may be added, in each stage where teachers are counted by stage; a
    choice that is ``forbidden`` is a cap of zero. ``locked``: what is bought in any case.
    ``budget`` in yuan, for one plan or (``years``) for each year that names none.
    """

    measures: tuple[Measure, ...]
    caps: Amounts = field(default_factory=dict)
    locked: Amounts = field(default_factory=dict)
    budget: Fraction | None = None
    years: tuple[Year, ...] = ()

    def most(self, measure: Measure, school: School) -> int:
        """Steps a school may take of a measure."""
        cap = self.caps.get(school["school_code"], {}).get(measure.code)
        return NO_CAP if cap is None else int(cap * measure.unit_steps)

    def least(self, measure: Measure, school: School) -> int:
        """Steps a school takes in any case."""
        amount = self.locked.get(school["school_code"], {}).get(measure.code, Fraction())
        return int(amount * measure.unit_steps)


def one_per_indicator(prices: Mapping[str, Fraction]) -> tuple[Measure, ...]:
    return tuple(measure_of(code, (code,), prices[code]) for code in CODES if code in prices)


assert set(FIELDS) == {ratio.code for ratio in RATIOS}
