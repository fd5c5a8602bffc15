"""How figures fit together: parts within their whole, and the usual range of their quotients."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from figures.table import N_, RESPONDENT_GROUPS


class Relation(NamedTuple):
    """The parts together are no more than the wholes together; all have the same places."""

    parts: tuple[str, ...]
    wholes: tuple[str, ...]


def _within(parts: str, wholes: str) -> Relation:
    return Relation(tuple(parts.split()), tuple(wholes.split()))


SCHOOL_RELATIONS: tuple[Relation, ...] = (
    _within("teachers_certified", "teachers"),
    _within("teachers_trained", "teachers"),
    _within("qualified_teachers_primary qualified_teachers_junior", "teachers"),
    _within("backbone_teachers_primary backbone_teachers_junior", "teachers"),
    _within("pe_arts_teachers_primary pe_arts_teachers_junior", "teachers"),
    _within("indoor_sports_area", "teaching_area"),
    _within("nearby_intake_primary", "intake_primary"),
    _within("nearby_intake_junior", "intake_junior"),
    _within("intake_primary", "pupils_primary"),
    _within("intake_junior", "pupils_junior"),
)
DISTRICT_RELATIONS: tuple[Relation, ...] = (
    _within("B11.exchanged", "B11.eligible"),
    _within("B11.exchanged_backbone", "B11.exchanged"),
    _within("B14.allocated", "B14.places"),
    _within("B15.enrolled", "B15.eligible"),
    _within("C1.graduates", "C1.entrants C1.transferred_in"),
    _within("C1.deceased", "C1.entrants"),
    _within("C2.enrolled", "C2.eligible"),
    _within("D1.satisfied", "D1.sample"),
    *(_within(f"D1.{group}.satisfied", f"D1.{group}.sample") for group in RESPONDENT_GROUPS),
    *(_within(f"D1.{group}.sample", "D1.sample") for group in RESPONDENT_GROUPS),
)


class Excess(NamedTuple):
    """A relation that does not hold: its known parts, their sum, and the whole they exceed."""

    parts: dict[str, Any]
    total: Any
    wholes: tuple[str, ...]
    whole: Any

    @property
    def alone(self) -> list[str]:
        """The parts that exceed the whole by themselves; none when only their sum does."""
        return [code for code, amount in self.parts.items() if amount > self.whole]


def excesses(amounts: Mapping[str, Any], relations: Iterable[Relation]) -> Iterator[Excess]:
    """Relations that numbers contradict. A missing part counts nothing, a missing whole no limit.

    Words such as 不适用 may stand among the amounts: they count as missing.
    """
    for parts, wholes in relations:
        known = {code: amounts[code] for code in parts if _is_number(amounts.get(code))}
        limits = [amounts[code] for code in wholes if _is_number(amounts.get(code))]
        if known and len(limits) == len(wholes) and sum(known.values()) > sum(limits):
            yield Excess(known, sum(known.values()), wholes, sum(limits))


def _is_number(value: object) -> bool:
    return value is not None and type(value) is not str


PUPILS = ("pupils_primary", "pupils_junior", "pupils_senior")


@dataclass(frozen=True, slots=True)
class UsualRange:
    """A quotient with its usual range; ``factor`` turns 万元 into 元 before dividing."""

    name: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    low: Decimal
    high: Decimal
    factor: int = 1


def _usual(
    name: str, over: tuple[str, ...], under: tuple[str, ...], low: str, high: str, factor: int = 1
) -> UsualRange:
    return UsualRange(name, over, under, Decimal(low), Decimal(high), factor)


USUAL_RANGES: tuple[UsualRange, ...] = (
    _usual(N_("生师比"), PUPILS, ("teachers",), "2", "45"),
    _usual(N_("生均教学及辅助用房面积(㎡)"), ("teaching_area",), PUPILS, "0.5", "80"),
    _usual(N_("生均运动场地面积(㎡)"), ("sports_ground_area",), PUPILS, "0.2", "150"),
    _usual(N_("生均教学仪器设备值(元)"), ("equipment_value",), PUPILS, "50", "60000", 10_000),
    _usual(N_("生均公用经费(元)"), ("operating_budget",), PUPILS, "50", "40000", 10_000),
    _usual(N_("培训经费占公用经费的比例"), ("training_budget",), ("operating_budget",), "0", "0.5"),
    _usual(N_("小学平均班额(人)"), ("pupils_primary",), ("classes_primary",), "3", "75"),
    _usual(N_("初中平均班额(人)"), ("pupils_junior",), ("classes_junior",), "3", "75"),
)
