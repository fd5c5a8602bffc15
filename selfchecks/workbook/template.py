"""Writes the workbook a district fills in: it already knows its schools and last year's figures."""

import io
import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from figures.table import OFFERED_ITEMS, TEXT, VETO_NAMES, Figure
from workbooks.entry import SheetLayout, hint_of
from workbooks.writer.room import MARGIN, lines_of, width_of
from workbooks.writer.safe import put
from workbooks.writer.shared import share_strings

from . import instructions as filling_in
from . import reading as sheets
from .reading import SCHOOLS

NARROWEST, WIDEST, NOTE_WIDTH = 10, 60, 36
RULE_LINES = 3  # rules set in so many lines leave columns of figures narrow
LINE_HEIGHTS = {sheets.HEADER_ROW: 16, sheets.RULE_ROW: 13}  # points, by the size of their type

WRAP = Alignment(wrap_text=True, vertical="center", horizontal="center")
RULE_FONT, RULE_FILL = Font(size=9, color="595959"), PatternFill("solid", fgColor="DDEBF7")
GREY_FONT = Font(color="808080")
LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
UNLOCKED = Protection(locked=False)

LAST_YEAR_COLUMN = Figure("last_year", "上年数值(仅供参考)", TEXT, expected=False)


@dataclass(frozen=True)
class Prefill:
    """What the template already knows. ``schools`` are raw fields, ``last_year`` by school code.

    ``answers``, by line of the other sheets, are left to the clerk; only made-up workbooks have
    them filled in.
    """

    year: int
    unit_code: str
    unit_name: str
    schools: Sequence[Mapping[str, Any]] = ()
    last_year: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    last_year_district: Mapping[str, Any] = field(default_factory=dict)
    indicator_names: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    optional_veto: Sequence[str] = ()


def write_template(prefill: Prefill) -> bytes:
    """The .xlsx of one district and year."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    _write_schools(book, prefill)
    for layout in (sheets.DISTRICT, sheets.QUALITATIVE, sheets.VETO):
        _write_lines(book, layout, prefill)
    _write_last_year(book, prefill)
    filling_in.write_instructions(
        book.create_sheet(sheets.INSTRUCTIONS_SHEET), prefill.year, prefill.unit_name
    )
    _write_identity(book, prefill)
    out = io.BytesIO()
    book.save(out)
    return share_strings(out.getvalue())


def _write_schools(book: Any, prefill: Prefill) -> None:
    sheet = _sheet(book, SCHOOLS, SCHOOLS.columns)
    looks = [_look(sheet, column, figure) for column, figure in enumerate(SCHOOLS.columns, 1)]
    for row, school in enumerate(prefill.schools, sheets.FIRST_DATA_ROW):
        for column, (figure, look) in enumerate(zip(SCHOOLS.columns, looks, strict=True), 1):
            sheet.cell(row, column)._style = copy(look)
            put(sheet, row, column, school.get(figure.code))
    for column, figure in enumerate(SCHOOLS.columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.protection = UNLOCKED
        if figure.code == SCHOOLS.key:
            dimension.number_format = "@"
        filling_in.add_validation(sheet, figure, column)
    filling_in.grey_out_missing_stages(sheet)
    _make_room(sheet)
    sheet.freeze_panes = sheet.cell(sheets.FIRST_DATA_ROW, 3)


def _look(sheet: Any, column: int, figure: Figure) -> Any:
    """The style of a column's cells, worked out once: doing so for each cell is what takes long."""
    cell = sheet.cell(sheets.FIRST_DATA_ROW, column)
    cell.protection, cell.border = UNLOCKED, BORDER
    if figure.code == SCHOOLS.key:
        cell.number_format = "@"
    return cell._style


def _write_lines(book: Any, layout: SheetLayout, prefill: Prefill) -> None:
    """A sheet of fixed lines: code and wording are given, the rest is to be filled in."""
    extra = (LAST_YEAR_COLUMN,) if layout is sheets.DISTRICT else ()
    sheet = _sheet(book, layout, (*layout.columns, *extra))
    answer = layout.position(layout.answer)
    asked_beside = prefill.optional_veto if layout is sheets.VETO else ()
    for row, code in enumerate((*layout.lines, *asked_beside), sheets.FIRST_DATA_ROW):
        given = _given(layout, code, prefill)
        for column in range(1, len(layout.columns) + len(extra) + 1):
            cell = put(sheet, row, column, given.get(column))
            cell.border, cell.alignment = BORDER, filling_in.LEFT
            if answer <= column <= len(layout.columns):
                cell.protection = UNLOCKED
            elif column > answer:
                cell.font = GREY_FONT
        if question := sheets.asked(layout, code):
            filling_in.add_validation(sheet, question, answer, row, row)
    _make_room(sheet)
    for figure in layout.columns[answer:]:
        column = layout.position(figure.code)
        sheet.column_dimensions[get_column_letter(column)].width = NOTE_WIDTH
        filling_in.add_validation(sheet, figure, column)
    if layout is sheets.DISTRICT:  # room below for subjects the template does not offer
        first = sheets.FIRST_DATA_ROW + len(layout.lines)
        for row in range(first, first + len(layout.lines)):
            for column in range(1, len(layout.columns) + 1):
                sheet.cell(row, column).protection = UNLOCKED


def _given(layout: SheetLayout, code: str, prefill: Prefill) -> dict[int, Any]:
    """What a line already says, by column."""
    answer = prefill.answers.get(code)
    if layout is sheets.DISTRICT:
        item, last = OFFERED_ITEMS[code], prefill.last_year_district.get(code)
        return dict(enumerate((code, item.label, item.unit, answer, last), 1))
    names = VETO_NAMES if layout is sheets.VETO else prefill.indicator_names
    return dict(enumerate((code, names.get(code, ""), answer), 1))


def _write_last_year(book: Any, prefill: Prefill) -> None:
    """Same rows and columns as this year's sheet, in grey, locked, and without codes to read by."""
    if not prefill.last_year:
        return
    sheet = book.create_sheet(sheets.LAST_YEAR_SHEET)
    put(
        sheet,
        1,
        1,
        f"{prefill.year - 1} 年数据,仅供对照,不会被读取;行列与“{SCHOOLS.name}”相同。",
    )
    rows = [
        {**school, **prefill.last_year.get(str(school.get(SCHOOLS.key)), {})}
        for school in prefill.schools
    ]
    for column, figure in enumerate(SCHOOLS.columns, 1):
        put(sheet, sheets.HEADER_ROW, column, figure.label).font = GREY_FONT
        for row, figures in enumerate(rows, sheets.FIRST_DATA_ROW):
            put(sheet, row, column, figures.get(figure.code)).font = GREY_FONT
    _make_room(sheet)
    sheet.freeze_panes = sheet.cell(sheets.FIRST_DATA_ROW, 3)
    _protect(sheet)


def _sheet(book: Any, layout: SheetLayout, columns: Sequence[Figure]) -> Any:
    """An empty sheet with its three header rows: hidden codes, labels, units and rules."""
    sheet = book.create_sheet(layout.name)
    for column, figure in enumerate(columns, 1):
        put(sheet, sheets.CODE_ROW, column, figure.code)
        label, hint = put(sheet, sheets.HEADER_ROW, column, figure.label), hint_of(figure)
        label.font, label.fill = filling_in.HEADER_FONT, filling_in.HEADER_FILL
        rule = put(sheet, sheets.RULE_ROW, column, hint)
        rule.font, rule.fill = RULE_FONT, RULE_FILL
        for cell in (label, rule):
            cell.alignment, cell.border = WRAP, BORDER
    sheet.row_dimensions[sheets.CODE_ROW].hidden = True
    sheet.freeze_panes = sheet.cell(sheets.FIRST_DATA_ROW, 2)
    _protect(sheet)
    return sheet


def _protect(sheet: Any) -> None:
    """Headers are locked; widths, heights, filters and new rows are the clerk's own business."""
    sheet.protection.sheet = True
    for allowed in (
        *("formatColumns", "formatRows", "formatCells", "insertRows"),
        *("autoFilter", "sort"),
    ):
        setattr(sheet.protection, allowed, False)  # False: not forbidden


def _make_room(sheet: Any) -> None:
    """Columns as wide as their widest text, header rows as high as their longest."""
    columns = enumerate(sheet.iter_cols(min_row=sheets.HEADER_ROW, values_only=True), 1)
    texts = {get_column_letter(number): column for number, column in columns}
    widths = {letter: _width_for(column) for letter, column in texts.items()}
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    for row, height in LINE_HEIGHTS.items():
        line = [column[row - sheets.HEADER_ROW] for column in texts.values()]
        sheet.row_dimensions[row].height = height * lines_of(line, list(widths.values())) + 4


def _width_for(column: Sequence[Any]) -> int:
    heading, rule, *data = map(width_of, column)
    widest = max(heading, math.ceil(rule / RULE_LINES), *data, 0)
    return min(max(widest + MARGIN, NARROWEST), WIDEST)


def _write_identity(book: Any, prefill: Prefill) -> None:
    """Twice, because some programs drop document properties and some copy sheets without them."""
    sheet = book.create_sheet(sheets.IDENTITY_SHEET)
    marks = {
        "template": sheets.TEMPLATE_ID,
        "year": str(prefill.year),
        "unit_code": prefill.unit_code,
        "unit_name": prefill.unit_name,
    }
    for row, (name, value) in enumerate(marks.items(), 1):
        put(sheet, row, 1, name)
        put(sheet, row, 2, value)
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    for column, (choices, name) in enumerate(filling_in.LISTS.items(), 4):
        for row, choice in enumerate(choices, 1):
            put(sheet, row, column, choice)
        letter = get_column_letter(column)
        area = f"'{sheets.IDENTITY_SHEET}'!${letter}$1:${letter}${len(choices)}"
        book.defined_names[name] = DefinedName(name, attr_text=area, hidden=True)
    sheet.sheet_state = "veryHidden"
    _protect(sheet)
