"""How figures fit together: parts within their whole, and the usual range of their quotients."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from figures.table import N_, PRIVATE, RESPONDENT_GROUPS


class Relation(NamedTuple):
    """The parts together are no more than the wholes together; all have the same places."""

    parts: tuple[str, ...]
    wholes: tuple[str, ...]


def _relations(*rows: tuple[str, str]) -> tuple[Relation, ...]:
    return tuple(Relation(tuple(parts.split()), tuple(wholes.split())) for parts, wholes in rows)


SCHOOL_RELATIONS = _relations(
    ("teachers_certified", "teachers"),
    ("teachers_trained", "teachers"),
    ("qualified_teachers_primary qualified_teachers_junior", "teachers"),
    ("backbone_teachers_primary backbone_teachers_junior", "teachers"),
    ("pe_arts_teachers_primary pe_arts_teachers_junior", "teachers"),
    ("indoor_sports_area", "teaching_area"),
    ("nearby_intake_primary", "intake_primary"),
    ("nearby_intake_junior", "intake_junior"),
    ("intake_primary", "pupils_primary"),
    ("intake_junior", "pupils_junior"),
)
DISTRICT_RELATIONS = _relations(
    ("B11.exchanged", "B11.eligible"),
    ("B11.exchanged_backbone", "B11.exchanged"),
    ("B14.allocated", "B14.places"),
    ("B15.enrolled", "B15.eligible"),
    ("C1.graduates", "C1.entrants C1.transferred_in"),
    ("C1.deceased", "C1.entrants"),
    ("C2.enrolled", "C2.eligible"),
    ("D1.satisfied", "D1.sample"),
    *((f"D1.{group}.satisfied", f"D1.{group}.sample") for group in RESPONDENT_GROUPS),
    *((f"D1.{group}.sample", "D1.sample") for group in RESPONDENT_GROUPS),
    ("D1.sample", "D1.issued"),
    ("D1.visited_satisfied", "D1.visited"),
    ("D1.家长.sample", "D1.家长.issued"),
    ("D1.家长.visited_satisfied", "D1.家长.visited"),
    *((f"D1.家长.{name}", f"D1.{name}") for name in ("issued", "visited", "visited_satisfied")),
)


def contradicts(organiser: object, ownership: object) -> bool:
    """Whether 举办者类型 and 举办者性质 are both there and only one of them says 民办."""
    return bool(organiser and ownership) and (organiser == PRIVATE) != (ownership == PRIVATE)


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
    # Plain loops: asked of each of 5,000 schools, sums over generators took half the reading time.
    get = amounts.get
    for parts, wholes in relations:
        total = whole = 0
        for code in wholes:
            amount = get(code)
            if amount is None or type(amount) is str:
                break
            whole += amount
        else:
            for code in parts:
                amount = get(code)
                if amount is not None and type(amount) is not str:
                    total += amount
            if total > whole:
                known = {code: get(code) for code in parts if isinstance(get(code), int | Decimal)}
                yield Excess(known, total, wholes, whole)


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
    _usual(N_("生均教学及辅助用房面积（㎡）"), ("teaching_area",), PUPILS, "0.5", "80"),
    _usual(N_("生均运动场地面积（㎡）"), ("sports_ground_area",), PUPILS, "0.2", "150"),
    _usual(N_("生均教学仪器设备值（元）"), ("equipment_value",), PUPILS, "50", "60000", 10_000),
    _usual(N_("生均公用经费（元）"), ("operating_budget",), PUPILS, "50", "40000", 10_000),
    _usual(N_("培训经费占公用经费的比例"), ("training_budget",), ("operating_budget",), "0", "0.5"),
    _usual(N_("小学平均班额（人）"), ("pupils_primary",), ("classes_primary",), "3", "75"),
    _usual(N_("初中平均班额（人）"), ("pupils_junior",), ("classes_junior",), "3", "75"),
)
