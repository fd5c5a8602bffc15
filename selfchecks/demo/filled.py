"""Fills the template in as a clerk would, now and then with a slip; pure code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from figures.table import SCHOOL_FIELD
from selfchecks.workbook.template import Prefill, write_template

# What people get wrong: a field of the n-th school, and what they write there.
ERRORS: tuple[tuple[int, str, Any], ...] = (
    (0, "teachers", "约60"),
    (1, "teaching_area", "3500平方米左右"),
    (2, "teachers_certified", 9_999),
    (4, "sports_ground_area", -5),
)
GAPS: tuple[tuple[int, str, Any], ...] = (
    (0, "art_rooms", None),
    (3, "equipment_value", None),
    (5, "multimedia_classrooms", None),
)
CORRECTED = "training_budget"


@dataclass(frozen=True, slots=True)
class Unit:
    """Which self-check the workbook is for."""

    year: int
    code: str
    name: str
    indicator_names: Mapping[str, str]


def filled(
    unit: Unit, payload: Mapping[str, Any], slips: Sequence[tuple[int, str, Any]] = ()
) -> bytes:
    """The unit's workbook with the figures of the payload, after the slips."""
    rows = [{code: _cell(code, value) for code, value in row.items()} for row in payload["schools"]]
    for place, field, value in slips:
        rows[place % len(rows)][field] = value
    return write_template(
        Prefill(
            year=unit.year,
            unit_code=unit.code,
            unit_name=unit.name,
            schools=rows,
            indicator_names=unit.indicator_names,
            answers={
                **{item: _number(value) for item, value in payload["district"].items()},
                **payload["qualitative"],
                **payload["veto"],
            },
        )
    )


def correction(payload: Mapping[str, Any]) -> tuple[int, str, Any]:
    """What a district puts right after a return: the first school had forgotten some money."""
    return 0, CORRECTED, _number(payload["schools"][0][CORRECTED]) + Decimal("0.5")


def _cell(code: str, value: Any) -> Any:
    return value if SCHOOL_FIELD[code].is_word else _number(value)


def _number(value: Any) -> Any:
    """A number as Excel keeps it; words such as 不适用 stay."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return value
