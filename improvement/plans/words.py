"""Measures, amounts and money of plans in the reader's words."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from districts.wording import grouped
from figures.shown import adding_up
from figures.table import SCHOOL_FIELD
from improvement.models import Plan, UnitPrice
from improvement.planner.measures import KINDS, fields_of
from indicators.calculation.scheme import STAGES
from indicators.wording import unit_text

_UNBROKEN = "\N{NO-BREAK SPACE}"
_HUNDREDTH, _HUNDRED = Decimal("0.01"), Decimal("1E2")


class Measure(NamedTuple):
    """A kind of measure by name, the first figure it raises ({stage} where counted by stage)."""

    code: str
    name: str
    field: str

    @property
    def unit(self) -> str:
        return SCHOOL_FIELD[self.field_in(STAGES[0])].unit

    def field_in(self, stage: str) -> str:
        return self.field.format(stage=stage or STAGES[0])

    @property
    def shown_unit(self) -> str:
        return _(self.unit)

    def amount(self, number: Decimal) -> str:
        """12,640 ㎡ with a space that does not break."""
        return f"{grouped(number)}{_UNBROKEN}{unit_text(self.unit, number)}"


def measures_of(plan: Plan) -> dict[str, Measure]:
    """The kinds a plan could choose from; a district's own have the name it gave them."""
    rows = UnitPrice.objects.filter(district=plan.self_check.district_id).order_by("pk")
    own = {kind: name for kind, name in rows.values_list("kind", "name") if name}
    return {row["code"]: _measure(row, own) for row in plan.terms["measures"]}


def _measure(row: Mapping[str, Any], own: Mapping[str, str]) -> Measure:
    code, kind = row["code"], KINDS.get(row["code"])
    first = (kind.fields if kind else fields_of(row["raises"]))[0]
    name = _(kind.label) if kind else own.get(code, code)
    return Measure(code, name, first)


def money(yuan: Decimal, rounding: str = ROUND_HALF_UP) -> str:
    """In the unit districts budget in: 3,487.2 万元, to a hundred yuan. English counts small sums
    in yuan."""
    rounded = yuan.quantize(_HUNDRED, rounding)
    if abs(rounded) < Decimal(pgettext("sums below this many yuan are told in yuan", "0")):
        return f"{grouped(rounded)}{_UNBROKEN}{_('元')}"
    return f"{grouped(rounded / _scale())}{_UNBROKEN}{money_unit()}"


def told(parts: Sequence[Decimal]) -> list[Decimal]:
    """Parts of a sum as ``money`` tells them, such that they add up to the sum it tells."""
    return adding_up(parts, _HUNDRED, ROUND_HALF_UP)


def scaled(yuan: Decimal) -> float:
    """The number of ``money`` for a drawing."""
    return float(yuan / _scale())


def _scale() -> Decimal:
    return Decimal(pgettext("how many yuan one unit of money has", "10000"))


def money_unit() -> str:
    return pgettext("unit of money", "万元")


def bound(yuan: Decimal) -> str:
    """Never above what was proven."""
    return money(yuan, ROUND_FLOOR)


def part(share: Decimal) -> str:
    """A part of a whole that may not be told smaller than it is: 0.4%."""
    return f"{(share * 100).quantize(_HUNDREDTH, ROUND_CEILING).normalize():f}%"
