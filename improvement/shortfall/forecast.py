"""The same district with the pupils of a coming year; everything else stays as it was reported."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from indicators.calculation.scheme import STAGES

Growth = Mapping[str, Decimal]  # stage → part by which its pupils grow: 0.03, −0.05
Pupils = Mapping[str, Mapping[str, int]]  # school → stage → how many there will be
LEAST, MOST = Decimal("-0.5"), Decimal(1)
MOST_SCHOOLS = 100  # what an address can carry
_STAYS, _COUNT = ("", "-"), re.compile("[1-9][0-9]{0,4}")
_LINES, _CELLS = re.compile(r"[\n;；]"), re.compile(r"\t|:|：|[ ,，]+")


class Unreadable(ValueError):
    """A line of expected pupils that says no school with one or two numbers."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(line)
        self.number, self.line = number, line


def read_pupils(text: str) -> dict[str, dict[str, int]]:
    """A school on a line: its code, then primary and junior pupils; blank or - stays at the rate.

    Cells lie between tabs, as they are copied from a sheet, colons, blanks or commas; lines may
    be ended by semicolons. Raises Unreadable, also beyond ``MOST_SCHOOLS`` lines.
    """
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_LINES.split(text), 1):
        if not line.strip():
            continue
        code, *cells = _CELLS.split(line.strip())
        if code in found or len(found) == MOST_SCHOOLS or not _are_counts(cells):
            raise Unreadable(number, line.strip())
        told = zip(STAGES, cells, strict=False)
        found[code] = {stage: int(cell) for stage, cell in told if cell not in _STAYS}
    return found


def _are_counts(cells: Sequence[str]) -> bool:
    """For each stage a whole number above zero or nothing, for one of them a number."""
    numbers = [cell for cell in cells if cell not in _STAYS]
    return 0 < len(numbers) <= len(cells) <= len(STAGES) and all(map(_COUNT.fullmatch, numbers))


def with_pupils(
    payload: Mapping[str, Any], growth: Growth, expected: Pupils | None = None
) -> dict[str, Any]:
    """A payload for the ordinary calculation; ``expected`` of a school goes before the rate.

    Counts are rounded half up and no stage dies out; what nobody reported stays unknown. Rates
    lie between ``LEAST`` and ``MOST``.
    """
    rows = (
        _grown(row, growth, (expected or {}).get(row["school_code"], {}))
        for row in payload["schools"]
    )
    return {**payload, "schools": list(rows)}


def _grown(row: dict[str, Any], growth: Growth, expected: Mapping[str, int]) -> dict[str, Any]:
    grown = dict(row)
    for stage in STAGES:
        now = row.get(f"pupils_{stage}")
        if now:
            grown[f"pupils_{stage}"] = expected.get(stage) or _times(int(now), growth.get(stage))
    return grown


def _times(pupils: int, rate: Decimal | None) -> int:
    grown = pupils * (1 + (rate or 0))
    return max(1, int(Decimal(grown).quantize(Decimal(1), ROUND_HALF_UP)))
