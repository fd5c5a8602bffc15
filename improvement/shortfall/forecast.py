"""The same district with the pupils of a coming year; everything else stays as it was reported."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from indicators.calculation.scheme import STAGES

Growth = Mapping[str, Decimal]  # stage → part by which its pupils grow: 0.03, −0.05
Pupils = Mapping[str, Mapping[str, int]]  # school → stage → how many there will be
LEAST, MOST = Decimal("-0.5"), Decimal(1)


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
