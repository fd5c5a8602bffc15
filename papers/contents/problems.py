"""The list of a unit's problems, and the skeleton of its report on mending them."""

import re
from datetime import date
from typing import Any

from districts.models import District
from improvement.models.ledger import UNSOLVED, Problem, State

from .words import NONE, count, day_of, figure, yes

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def fill(district: District, day: date) -> dict[str, Any]:
    """Every problem that still counts, what is late first."""
    rows = Problem.objects.filter(district=district).exclude(state=State.VOID)
    in_order = sorted(rows, key=lambda row: (row.state not in UNSOLVED, row.due_on or date.max))
    return {
        "unit": district.display_name,
        "as_of": day_of(day),
        "total": count(in_order),
        "unsolved": figure(sum(row.state in UNSOLVED for row in in_order)),
        "closed": figure(sum(row.state == State.CLOSED for row in in_order)),
        "late": figure(sum(row.is_late(day) for row in in_order)),
        "problems": [_line(number, row, day) for number, row in enumerate(in_order, 1)],
    }


def _line(number: int, row: Problem, day: date) -> dict[str, str]:
    return {
        "number": figure(number),
        "source": str(row.get_source_display()),
        "indicator": row.indicator,
        "school": row.school_name or "区县",
        "words": row.told,
        "found": _with_unit(row.found, row.unit),
        "required": _with_unit(row.required, row.unit),
        "gap": figure(row.gap, unit=row.unit),
        "owner": row.owner or NONE,
        "due_on": day_of(row.due_on),
        "state": str(row.get_state_display()) + yes(row.is_late(day), "（已逾期）"),
        "measures": row.measures or "（请写明整改措施）",
    }


def _with_unit(text: str, unit: str) -> str:
    """What was typed may be no number."""
    if _NUMBER.fullmatch(text):
        return figure(text, text, unit)
    return f"{text} {unit}".strip() if text else NONE
