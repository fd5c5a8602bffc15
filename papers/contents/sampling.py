"""The protocol of a draw: who could be drawn, with which chances, who was, and how to check it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from audit.words import SEPARATOR
from districts.wording import moment_text
from figures.shown import shown
from figures.table import STAGE_LABELS
from improvement.models import Visit
from improvement.sampling.frame import BOTH, Candidate
from improvement.services.visits import Design, comes_out_again, design_of

from .words import DEMO, count, figure, yes

PLACES = 2  # of chances


def fill(visit: Visit, _day: date) -> dict[str, Any]:
    """Of the draw that counts; earlier ones leave their trace."""
    row = visit.sample
    design = design_of(row)
    return {
        "unit": visit.district.display_name,
        "year": figure(visit.year),
        "reference": visit.reference,
        "frame_size": count(design.frame),
        "count": count(design.drawn),
        "seed": row.seed,
        "method": row.method,
        "digest": row.digest,
        "drawn_by": row.drawn_by.display_name,
        "drawn_at": moment_text(row.drawn_at),
        "again": "一致" if comes_out_again(row) else "不一致",
        "demo": yes(visit.is_demo, DEMO),
        "strata": list(_strata(design)),
        "schools": list(_schools(design)),
        "redraws": [
            {
                "number": figure(draw.number),
                "drawn_at": moment_text(draw.drawn_at),
                "seed": draw.seed,
                "reason": draw.reason or "首次抽样",
            }
            for draw in visit.draws.order_by("number")
        ],
    }


def _stratum(stratum: tuple[int, ...], frame: tuple[Candidate, ...]) -> str:
    one = next(each for each in frame if each.stratum == stratum)
    stage = "多学段" if one.stage == BOTH else STAGE_LABELS[one.stage]
    return f"{stage}{SEPARATOR}{one.location}"


def _strata(design: Design) -> Iterator[dict[str, str]]:
    for line in design.strata:
        yield {
            "name": _stratum(line.stratum, design.frame),
            "size": figure(line.size),
            "expected": _figure(line.expected),
            "drawn": figure(line.drawn),
        }


def _schools(design: Design) -> Iterator[dict[str, str]]:
    """Those that were drawn first."""
    drawn = set(design.drawn)
    in_order = sorted(design.frame, key=lambda one: (one.code not in drawn, one.stratum, one.code))
    for number, one in enumerate(in_order, 1):
        yield {
            "number": figure(number),
            "code": one.code,
            "name": one.name,
            "stratum": _stratum(one.stratum, design.frame),
            "weight": figure(one.weight),
            "chance": _figure(design.chances[one.code] * 100, "%"),
            "drawn": "抽中" if one.code in drawn else "—",
        }


def _figure(exact: Fraction, unit: str = "") -> str:
    value = Decimal(str(float(exact)))
    return figure(value, shown(value, PLACES), unit)
