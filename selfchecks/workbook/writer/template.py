"""Writes the workbook a district fills in: it already knows its schools and last year's figures."""

import io
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from figures.table import VETO_ITEMS
from workbooks.entry import TEXT
from workbooks.writer.safe import put

from ..layout import (
    CODE_ROW,
    DATA_SHEETS,
    DISTRICT,
    FIRST_DATA_ROW,
    HEADER_ROW,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    LAST_YEAR_SHEET,
    QUALITATIVE,
    RULE_ROW,
    SCHOOLS,
    TEMPLATE_ID,
    VETO,
    Entry,
    SheetLayout,
    district_entries,
)
from . import styles
from .instructions import write_instructions
from .room import make_room
from .validations import add_validation, grey_out_missing_stages, list_name

NOTE_WIDTH = 36
LAST_YEAR_COLUMN = Entry("last_year", "上年数值(仅供参考)", "text", expected=False)


@dataclass(frozen=True)
class Prefill:
    """What the template already knows. ``schools`` are raw fields, ``last_year`` by school code.

    ``district`` (by item) and ``answers`` (by line of the other sheets) are left to the clerk;
    only made-up workbooks have them filled in.
    """

    year: int
    unit_code: str
    unit_name: str
    schools: Sequence[Mapping[str, Any]] = ()
    last_year: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    last_year_district: Mapping[str, Any] = field(default_factory=dict)
    indicator_names: Mapping[str, str] = field(default_factory=dict)
    district: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


def write_template(prefill: Prefill) -> bytes:
    """The .xlsx of one district and year."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    _write_schools(book, prefill)
    _write_district(book, prefill)
    _write_lines(book, QUALITATIVE, prefill.indicator_names, prefill.answers)
    _write_lines(book, VETO, VETO_ITEMS, prefill.answers)
    _write_last_year(book, prefill)
    write_instructions(book.create_sheet(INSTRUCTIONS_SHEET), prefill.year, prefill.unit_name)
    _write_identity(book, prefill)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_schools(book: Any, prefill: Prefill) -> None:
    sheet = _sheet(book, SCHOOLS, SCHOOLS.columns)
    looks = [_look(sheet, column, entry) for column, entry in enumerate(SCHOOLS.columns, 1)]
    for row, school in enumerate(prefill.schools, FIRST_DATA_ROW):
        for column, (entry, look) in enumerate(zip(SCHOOLS.columns, looks, strict=True), 1):
            sheet.cell(row, column)._style = copy(look)
            put(sheet, row, column, school.get(entry.code))
    for column, entry in enumerate(SCHOOLS.columns, 1):
        _unlock_column(sheet, column, is_text=entry.code == SCHOOLS.key)
        add_validation(sheet, entry, column)
    grey_out_missing_stages(sheet)
    make_room(sheet)
    sheet.freeze_panes = sheet.cell(FIRST_DATA_ROW, 3)


def _look(sheet: Any, column: int, entry: Entry) -> Any:
    """The style of a column's cells, worked out once: doing so for each cell is what takes long."""
    cell = sheet.cell(FIRST_DATA_ROW, column)
    cell.protection, cell.border = styles.UNLOCKED, styles.BORDER
    if entry.code == SCHOOLS.key:
        cell.number_format = "@"
    return cell._style


def _write_district(book: Any, prefill: Prefill) -> None:
    sheet = _sheet(book, DISTRICT, (*DISTRICT.columns, LAST_YEAR_COLUMN))
    value_column = DISTRICT.position("value")
    for row, entry in enumerate(district_entries(), FIRST_DATA_ROW):
        last = prefill.last_year_district.get(entry.code)
        value = prefill.district.get(entry.code)
        _write_row(sheet, row, (entry.code, entry.label, entry.unit, value, last))
        sheet.cell(row, value_column).protection = styles.UNLOCKED
        sheet.cell(row, value_column + 1).font = styles.GREY_FONT
        add_validation(sheet, entry, value_column, row, row)
    make_room(sheet)
    _unlock_new_rows(sheet, DISTRICT, 2 * len(DISTRICT.lines))


def _write_lines(
    book: Any, layout: SheetLayout, names: Mapping[str, str], answers: Mapping[str, str]
) -> None:
    """A sheet of fixed lines: code and wording are given, the rest is to be filled in."""
    sheet = _sheet(book, layout, layout.columns)
    last = FIRST_DATA_ROW + len(layout.lines) - 1
    for row, code in enumerate(layout.lines, FIRST_DATA_ROW):
        _write_row(sheet, row, (code, names.get(code, ""), answers.get(code)))
        for column, entry in enumerate(layout.columns[2:], 3):
            cell = sheet.cell(row, column)
            cell.protection, cell.border = styles.UNLOCKED, styles.BORDER
            cell.alignment = styles.LEFT
            if row == FIRST_DATA_ROW:
                add_validation(sheet, entry, column, row, last)
    make_room(sheet)
    for entry in layout.columns[2:]:
        if entry.kind == TEXT:
            letter = get_column_letter(layout.position(entry.code))
            sheet.column_dimensions[letter].width = NOTE_WIDTH


def _write_row(sheet: Any, row: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values, 1):
        cell = put(sheet, row, column, value)
        cell.border, cell.alignment = styles.BORDER, styles.LEFT


def _write_last_year(book: Any, prefill: Prefill) -> None:
    """Same rows and columns as this year's sheet, in grey, locked, and without codes to read by."""
    if not prefill.last_year:
        return
    sheet = book.create_sheet(LAST_YEAR_SHEET)
    put(sheet, 1, 1, f"{prefill.year - 1} 年数据,仅供对照,不会被读取;行列与“{SCHOOLS.name}”相同。")
    for column, entry in enumerate(SCHOOLS.columns, 1):
        put(sheet, HEADER_ROW, column, entry.label).font = styles.GREY_FONT
    for row, school in enumerate(prefill.schools, FIRST_DATA_ROW):
        figures = {**school, **prefill.last_year.get(str(school.get(SCHOOLS.key)), {})}
        for column, entry in enumerate(SCHOOLS.columns, 1):
            put(sheet, row, column, figures.get(entry.code)).font = styles.GREY_FONT
    make_room(sheet)
    sheet.freeze_panes = sheet.cell(FIRST_DATA_ROW, 3)
    _protect(sheet)


def _sheet(book: Any, layout: SheetLayout, columns: Sequence[Entry]) -> Any:
    """An empty sheet with its three header rows: hidden codes, labels, units and rules."""
    sheet = book.create_sheet(layout.name)
    for column, entry in enumerate(columns, 1):
        put(sheet, CODE_ROW, column, entry.code)
        _style(put(sheet, HEADER_ROW, column, entry.label), styles.HEADER_FONT, styles.HEADER_FILL)
        _style(put(sheet, RULE_ROW, column, entry.hint), styles.RULE_FONT, styles.RULE_FILL)
    sheet.row_dimensions[CODE_ROW].hidden = True
    sheet.freeze_panes = sheet.cell(FIRST_DATA_ROW, 2)
    _protect(sheet)
    return sheet


def _style(cell: Any, font: Any, fill: Any) -> None:
    cell.font, cell.fill = font, fill
    cell.alignment, cell.border = styles.WRAP, styles.BORDER


def _protect(sheet: Any) -> None:
    """Headers are locked; widths, heights, filters and new rows are the clerk's own business."""
    protection = sheet.protection
    protection.sheet = True
    for allowed in (
        "formatColumns",
        "formatRows",
        "formatCells",
        "insertRows",
        "autoFilter",
        "sort",
    ):
        setattr(protection, allowed, False)  # False: not forbidden


def _unlock_column(sheet: Any, column: int, *, is_text: bool) -> None:
    dimension = sheet.column_dimensions[get_column_letter(column)]
    dimension.protection = styles.UNLOCKED
    if is_text:
        dimension.number_format = "@"


def _unlock_new_rows(sheet: Any, layout: SheetLayout, last: int) -> None:
    """Room below the given lines, for subjects the template does not offer."""
    for row in range(FIRST_DATA_ROW + len(layout.lines), FIRST_DATA_ROW + last):
        for column in range(1, len(layout.columns) + 1):
            sheet.cell(row, column).protection = styles.UNLOCKED


def _write_identity(book: Any, prefill: Prefill) -> None:
    """Twice, because some programs drop document properties and some copy sheets without them."""
    sheet = book.create_sheet(IDENTITY_SHEET)
    marks = {
        "template": TEMPLATE_ID,
        "year": str(prefill.year),
        "unit_code": prefill.unit_code,
        "unit_name": prefill.unit_name,
    }
    for row, (name, value) in enumerate(marks.items(), 1):
        put(sheet, row, 1, name)
        put(sheet, row, 2, value)
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    _write_choices(book, sheet)
    sheet.sheet_state = "veryHidden"
    _protect(sheet)


def _write_choices(book: Any, sheet: Any) -> None:
    entries = [e for layout in DATA_SHEETS for e in layout.columns if e.choices]
    for column, entry in enumerate(entries, 4):
        for row, choice in enumerate(entry.choices, 1):
            put(sheet, row, column, choice)
        letter = get_column_letter(column)
        area = f"'{IDENTITY_SHEET}'!${letter}$1:${letter}${len(entry.choices)}"
        name = list_name(entry)
        book.defined_names[name] = DefinedName(name, attr_text=area, hidden=True)
