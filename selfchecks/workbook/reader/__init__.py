"""Reads a guarded file into values with their cells; every problem is found in one pass."""

from collections.abc import Mapping
from dataclasses import replace

from workbooks import reader
from workbooks.findings import N_, Finding, Kind, Message, Refused
from workbooks.guard import Scanner
from workbooks.reader.grid import Book, Grid
from workbooks.reader.header import Header, find_header
from workbooks.reader.lines import about_hidden
from workbooks.wording import refusals, structure

from ..layout import DATA_SHEETS, DISTRICT, IDENTITY_SHEET, IGNORED_SHEETS, QUALITATIVE, SCHOOLS
from ..reading import Expected, Reading
from .identity import check_identity
from .lists import read_lines
from .schools import has_figures, read_schools

DATA_NAMES = {layout.name for layout in DATA_SHEETS}


def read(book: Book, expected: Expected) -> Reading:
    """The whole content of a file, or ``Refused`` when it is not for this self-check."""
    is_text = bool(book.encoding)
    headers, findings = _recognise(book)
    if not headers:
        raise Refused(refusals.NOT_TEMPLATE, reason=Message(N_("没有找到模板里的任何一张工作表")))
    findings += [*book.notices, *check_identity(book, expected, is_text=is_text)]
    if is_text:
        findings.append(_encoding_notice(book))
    else:
        findings += _missing_sheets(headers)
    return _read_sheets(headers, expected, findings)


def open_book(content: bytes, filename: str, scan: Scanner | None = None) -> Book:
    """Every sheet of a workbook that may hold data or say what it is."""
    not_read = IGNORED_SHEETS - {IDENTITY_SHEET}
    return reader.open_book(content, filename, not_read=not_read, scan=scan)


def _read_sheets(
    headers: Mapping[str, Header], expected: Expected, findings: list[Finding]
) -> Reading:
    reading = Reading(sheets={name: header.grid.title for name, header in headers.items()})
    for name, header in headers.items():
        reading, found = _read_sheet(reading, name, header, expected)
        findings += [*found, *about_hidden(header)]
    _refuse_empty(reading)
    return reading.with_findings(tuple(findings))


def _read_sheet(
    reading: Reading, name: str, header: Header, expected: Expected
) -> tuple[Reading, list[Finding]]:
    if name == SCHOOLS.name:
        schools, found = read_schools(header, expected.register)
        return replace(reading, schools=schools), found
    lines, found = read_lines(header)
    if name == DISTRICT.name:
        district = {code: row.answer(DISTRICT.answer) for code, row in lines.items()}
        return replace(reading, district=district), found
    if name == QUALITATIVE.name:
        return replace(reading, qualitative=lines), found
    return replace(reading, veto=lines), found


def _refuse_empty(reading: Reading) -> None:
    """A template sent back as it came: one sentence instead of a thousand blanks."""
    is_filled = (
        any(has_figures(row) for row in reading.schools)
        or any(answer.raw or answer.failed for answer in reading.district.values())
        or any(row.value("conclusion") for row in reading.qualitative.values())
        or any(row.value("answer") for row in reading.veto.values())
    )
    if not is_filled:
        raise Refused(refusals.EMPTY, reason=Message(N_("模板里还没有填写任何数据")))


def _recognise(book: Book) -> tuple[dict[str, Header], list[Finding]]:
    """Which sheet holds what, told by codes and headers and not by its title."""
    headers: dict[str, Header] = {}
    findings: list[Finding] = []
    for grid in book.grids:
        if grid.title in IGNORED_SHEETS or not grid.lines:
            continue
        header = _find_titled(grid)
        if header is None or grid.title in DATA_NAMES - {header.layout.name}:
            kind = structure.HEADER_LOST if grid.title in DATA_NAMES else structure.SHEET_IGNORED
            findings.append(_about_sheet(kind, grid, ""))
            continue
        _claim(headers, header, findings)
    for name, header in headers.items():
        if header.grid.title != name:
            findings.append(_about_sheet(structure.SHEET_RENAMED, header.grid, name))
    return headers, findings


def _find_titled(grid: Grid) -> Header | None:
    """A text file has no sheet title; it gets that of the sheet it turns out to be."""
    header = find_header(grid, DATA_SHEETS)
    if header and not grid.title:
        return find_header(replace(grid, title=header.layout.name), DATA_SHEETS)
    return header


def _claim(headers: dict[str, Header], header: Header, findings: list[Finding]) -> None:
    """Two sheets of one kind: the one with data, or nobody can tell."""
    name = header.layout.name
    other = headers.get(name)
    if other is None or not _has_data(other):
        headers[name] = header
        return
    if not _has_data(header) or other.grid.lines == header.grid.lines:
        findings.append(_about_sheet(structure.SHEET_IGNORED, header.grid, name))
        return
    params = {"title": other.grid.title, "other": header.grid.title, "expected": name}
    findings.append(Finding(structure.SHEET_TWICE, params, header.grid.title))


def _has_data(header: Header) -> bool:
    return len(header.grid.lines) > header.first_data


def _about_sheet(kind: Kind, grid: Grid, expected: str) -> Finding:
    return Finding(kind, {"title": grid.title, "expected": expected}, grid.title)


def _missing_sheets(headers: Mapping[str, Header]) -> list[Finding]:
    missing = [layout.name for layout in DATA_SHEETS if layout.name not in headers]
    return [Finding(structure.SHEET_MISSING, {"expected": name}, name) for name in missing]


def _encoding_notice(book: Book) -> Finding:
    params = {"encoding": book.encoding, "separator": Message(book.separator)}
    return Finding(structure.ENCODING, params)
