"""The figures of a district once measures are done: what a school is to gain is added to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from figures.table import COUNT, SCHOOL_FIELD
from indicators.calculation.problems import write_decimal


@dataclass(frozen=True, slots=True)
class Gain:
    """``amount`` more of each of the raw ``fields``, in their unit; less for who gives it away."""

    school: str
    fields: tuple[str, ...]
    amount: Decimal


def with_gains(payload: Mapping[str, Any], gains: Iterable[Gain]) -> dict[str, Any]:
    """A payload for the ordinary calculation; what nobody reported stays unknown."""
    sums: dict[tuple[str, str], Decimal] = {}
    for gain in gains:
        for field in gain.fields:
            place = gain.school, field
            sums[place] = sums.get(place, Decimal()) + gain.amount
    return {**payload, "schools": [_gained(row, sums) for row in payload["schools"]]}


def _gained(row: Mapping[str, Any], sums: Mapping[tuple[str, str], Decimal]) -> dict[str, Any]:
    found = dict(row)
    for name in row:
        more = sums.get((row["school_code"], name))
        if more and isinstance(row[name], int | str | Decimal):
            whole = max(Decimal(), Decimal(row[name]) + more)
            is_count = SCHOOL_FIELD[name].kind == COUNT
            found[name] = int(whole) if is_count else write_decimal(whole)
    return found
