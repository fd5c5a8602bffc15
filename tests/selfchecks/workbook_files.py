"""Real .xlsx files as a district sends them: the portal's own template, filled in."""

import io
from collections.abc import Mapping
from typing import Any

import openpyxl

from figures.table import STAGES_OF_TYPE
from selfchecks.models import SelfCheck
from selfchecks.services.workbooks import prefill_of
from selfchecks.workbook.reading import DISTRICT, FIRST_DATA_ROW, QUALITATIVE, SCHOOLS, VETO
from selfchecks.workbook.template import Prefill, write_template

STAGED = (
    "pupils",
    "classes",
    "largest_class",
    "qualified_teachers",
    "backbone_teachers",
    "pe_arts_teachers",
    "nearby_intake",
    "intake",
)
PRIMARY = (400, 10, 42, 24, 6, 5, 66, 66)
JUNIOR = (300, 7, 46, 21, 5, 4, 100, 100)
WHOLE = {
    "teaching_area": "2600.50",
    "indoor_sports_area": "200.00",
    "sports_ground_area": "3600.00",
    "equipment_value": "95.5000",
    "multimedia_classrooms": 14,
    "music_rooms": 1,
    "art_rooms": 1,
    "teachers": 32,
    "teachers_certified": 32,
    "teachers_trained": 32,
    "funded_pupils": 400,
    "operating_budget": "60.0000",
    "training_budget": "3.6000",
    "boarding": "否",
}
TWO_STAGES = {
    "equipment_value": "180.0000",
    "multimedia_classrooms": 24,
    "teachers": 60,
    "teachers_certified": 60,
    "teachers_trained": 60,
    "music_rooms": 2,
    "art_rooms": 2,
    "funded_pupils": 700,
}
DISTRICT_VALUES: dict[str, Any] = {
    "B2.quota_primary": 720,
    "B2.quota_junior": 940,
    "B7.special_budget_per_pupil": 7000,
    "B8.teacher_pay": "121000.50",
    "B8.civil_servant_pay": 120000,
    "B11.eligible": 200,
    "B11.exchanged": 30,
    "B11.exchanged_backbone": 8,
    "B14.places": 1000,
    "B14.allocated": 600,
    "B15.eligible": 500,
    "B15.enrolled": 480,
    "C1.graduates": 960,
    "C1.transferred_in": 20,
    "C1.transferred_out": 30,
    "C1.entrants": 990,
    "C1.deceased": 0,
    "C2.eligible": 40,
    "C2.enrolled": 39,
    "C9.数学.level": 3,
    "C9.数学.difference": "0.12",
    "D1.sample": 2000,
    "D1.satisfied": 1800,
}


def figures_of(school_type: str, place: int) -> dict[str, Any]:
    """Plausible figures of the place-th school; each school differs a little from the others."""
    figures: dict[str, Any] = {**WHOLE, "teaching_area": f"{2600 + place}.50"}
    figures["sports_ground_area"] = f"{3600 + 3 * place}.00"
    stages = STAGES_OF_TYPE[school_type]
    if "primary" in stages:
        figures |= _staged("primary", PRIMARY, place)
    if "junior" in stages:
        figures |= _staged("junior", JUNIOR, place)
    if "senior" in stages:
        figures["pupils_senior"] = 250 + place % 7
    if len(stages) > 1:
        figures |= TWO_STAGES
        figures |= {
            "teaching_area": f"{4800 + place}.00",
            "sports_ground_area": f"{7000 + place}.00",
        }
    return figures


def _staged(stage: str, values: tuple[int, ...], place: int) -> dict[str, int]:
    named = {f"{name}_{stage}": value for name, value in zip(STAGED, values, strict=True)}
    named[f"pupils_{stage}"] += place % 7
    return named


def workbook(
    self_check: SelfCheck,
    changes: Mapping[tuple[str, str], Any] | None = None,
    district: Mapping[str, Any] | None = None,
    *,
    drop: tuple[str, ...] = (),
    sheets: tuple[str, ...] = (),
) -> bytes:
    """The template of the self-check filled in.

    ``changes`` overrides (school code, field), ``district`` overrides items, ``drop`` leaves
    schools out, ``sheets`` keeps only the named data sheets. The same wish for the same template
    is written once in a process.
    """
    prefill = prefill_of(self_check)
    wish = repr((prefill, changes, district, drop, sheets))
    if wish not in _written:
        _written[wish] = _write(prefill, changes or {}, district or {}, drop, sheets)
    return _written[wish]


_written: dict[str, bytes] = {}


def _write(
    prefill: Prefill,
    changes: Mapping[tuple[str, str], Any],
    district: Mapping[str, Any],
    drop: tuple[str, ...],
    sheets: tuple[str, ...],
) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_template(prefill)))
    _fill_schools(book[SCHOOLS.name], changes, drop)
    _fill_lines(book[DISTRICT.name], DISTRICT, "value", {**DISTRICT_VALUES, **district})
    _fill_lines(book[QUALITATIVE.name], QUALITATIVE, "conclusion", {}, "达标")
    _fill_lines(book[VETO.name], VETO, "answer", {}, "否")
    if sheets:
        for layout in (SCHOOLS, DISTRICT, QUALITATIVE, VETO):
            if layout.name not in sheets:
                del book[layout.name]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_schools(
    sheet: Any, changes: Mapping[tuple[str, str], Any], drop: tuple[str, ...]
) -> None:
    row = FIRST_DATA_ROW
    while code := sheet.cell(row, SCHOOLS.position("school_code")).value:
        if code in drop:
            sheet.delete_rows(row)
            continue
        kind = sheet.cell(row, SCHOOLS.position("school_type")).value
        figures = figures_of(kind, row)
        figures |= {field: value for (school, field), value in changes.items() if school == code}
        for field, value in figures.items():
            cell = sheet.cell(row, SCHOOLS.position(field))
            cell.value = float(value) if _is_decimal(value) else value
        row += 1


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def _fill_lines(
    sheet: Any, layout: Any, column: str, values: Mapping[str, Any], default: Any = None
) -> None:
    for row in range(FIRST_DATA_ROW, sheet.max_row + 1):
        key = sheet.cell(row, layout.position(layout.key)).value
        value = values.get(key, default)
        if key and value is not None:
            cell = sheet.cell(row, layout.position(column))
            cell.value = float(value) if _is_decimal(value) else value
