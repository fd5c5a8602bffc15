"""The list of a unit's problems, and the skeleton of its report on mending them."""

from datetime import date
from typing import Any

from districts.models import District
from districts.wording import day_text
from improvement.models.ledger import UNSOLVED, Problem, State


def fill(district: District, day: date) -> dict[str, Any]:
    """Every problem that still counts, what is late first."""
    rows = Problem.objects.filter(district=district).exclude(state=State.VOID)
    in_order = sorted(rows, key=lambda row: (row.state not in UNSOLVED, row.due_on or date.max))
    return {
        "unit": district.display_name,
        "as_of": day_text(day),
        "total": str(len(in_order)),
        "unsolved": str(sum(row.state in UNSOLVED for row in in_order)),
        "closed": str(sum(row.state == State.CLOSED for row in in_order)),
        "late": str(sum(row.is_late(day) for row in in_order)),
        "problems": [_line(number, row, day) for number, row in enumerate(in_order, 1)],
    }


def _line(number: int, row: Problem, day: date) -> dict[str, str]:
    return {
        "number": str(number),
        "source": str(row.get_source_display()),
        "indicator": row.indicator,
        "school": row.school_name or "区县",
        "words": row.told,
        "found": _with_unit(row.found, row.unit),
        "required": _with_unit(row.required, row.unit),
        "gap": _with_unit("" if row.gap is None else format(row.gap.normalize(), "f"), row.unit),
        "owner": row.owner or "—",
        "due_on": day_text(row.due_on) if row.due_on else "—",
        "state": str(row.get_state_display()) + ("（已逾期）" if row.is_late(day) else ""),
        "measures": row.measures or "（请写明整改措施）",
    }


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip() if text else "—"
