"""The one path of an upload: is it ours, what does it say, what is wrong; all in one pass."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workbooks import reader
from workbooks.findings import N_, Finding, Kind, Message, Refused
from workbooks.grid import Book, Grid, about_hidden
from workbooks.guard import Scanner
from workbooks.names import same_name
from workbooks.reader.header import Header, find_header
from workbooks.wording import refusals, structure
from workbooks.wording.structure import HEADER_LOST

from .checks import check
from .lines import has_figures, read_lines, read_schools
from .reading import (
    DATA_SHEETS,
    DISTRICT,
    IDENTITY_SHEET,
    IGNORED_SHEETS,
    QUALITATIVE,
    SCHOOLS,
    TEMPLATE_ID,
    Expected,
    Reading,
)

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
        findings += _missing_sheets(headers, findings)
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
        findings += [*found, *about_hidden(header.grid, header.first_data, header.columns)]
    _refuse_empty(reading, findings)
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


def _refuse_empty(reading: Reading, findings: Iterable[Finding]) -> None:
    """A template sent back as it came: one sentence instead of a thousand blanks.

    Where a sheet's header is not ours, what is under it was not looked at, and that is the cause.
    """
    is_filled = (
        any(has_figures(row) for row in reading.schools)
        or any(answer.raw or answer.failed for answer in reading.district.values())
        or any(row.value("conclusion") for row in reading.qualitative.values())
        or any(row.value("answer") for row in reading.veto.values())
    )
    lost = [finding.sheet for finding in findings if finding.kind is HEADER_LOST]
    if lost and not is_filled:
        reason = Message(
            N_("工作表「{sheets}」的前三行不是模板的表头"), {"sheets": "、".join(lost)}
        )
        raise Refused(refusals.NOT_TEMPLATE, reason=reason)
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
            kind = HEADER_LOST if grid.title in DATA_NAMES else structure.SHEET_IGNORED
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


def _missing_sheets(headers: Mapping[str, Header], found: list[Finding]) -> list[Finding]:
    # A sheet that is there without its header has been named; it is not missing.
    there = {*headers, *(finding.sheet for finding in found if finding.kind is HEADER_LOST)}
    missing = [layout.name for layout in DATA_SHEETS if layout.name not in there]
    return [Finding(structure.SHEET_MISSING, {"expected": name}, name) for name in missing]


def _encoding_notice(book: Book) -> Finding:
    params = {"encoding": book.encoding, "separator": Message(book.separator)}
    return Finding(structure.ENCODING, params)


@dataclass(frozen=True)
class Identity:
    """Which template this is, for which year and unit; empty where the file does not say."""

    template: str = ""
    year: str = ""
    unit_code: str = ""
    unit_name: str = ""


def identity_in(book: Book) -> Identity:
    """The hidden sheet first: document properties do not survive every program."""
    pairs = book.properties
    for grid in book.grids:
        if grid.title == IDENTITY_SHEET:
            pairs = {line.text(1): line.text(2) for line in grid.lines}
    names = ("template", "year", "unit_code", "unit_name")
    return Identity(*(pairs.get(name, "") for name in names))


def check_identity(book: Book, expected: Expected, *, is_text: bool) -> list[Finding]:
    """``Refused`` for another year, district or version; a warning when the file does not say."""
    identity = identity_in(book)
    if not identity.template:
        return [] if is_text or expected == Expected() else [_unsigned(expected)]
    if identity.template != TEMPLATE_ID:
        reason = N_("文件的模板版本是 {found}，这里用的是 {expected}")
        params = {"found": identity.template, "expected": TEMPLATE_ID}
        raise Refused(refusals.NOT_TEMPLATE, reason=Message(reason, params))
    _check_year(identity, expected)
    _check_unit(identity, expected)
    return []


def _check_year(identity: Identity, expected: Expected) -> None:
    year = re.sub(r"\.0$", "", identity.year)
    if expected.year and year and year != str(expected.year):
        raise Refused(refusals.WRONG_YEAR, found=year, expected=expected.year)


def _check_unit(identity: Identity, expected: Expected) -> None:
    if identity.unit_code and expected.unit_code:
        is_same = identity.unit_code == expected.unit_code
    else:
        names = (identity.unit_name, expected.unit_name)
        is_same = not all(names) or same_name(*names)
    if not is_same:
        found = identity.unit_name or identity.unit_code
        wanted = expected.unit_name or expected.unit_code
        raise Refused(refusals.WRONG_DISTRICT, found=found, expected=wanted)


def _unsigned(expected: Expected) -> Finding:
    what = f"{expected.unit_name or expected.unit_code}{expected.year or ''}"
    return Finding(structure.NO_IDENTITY, {"expected": what or N_("本次自查")})


NOTHING_EXPECTED = Expected()


def examine(
    content: bytes,
    filename: str,
    expected: Expected = NOTHING_EXPECTED,
    *,
    scan: Scanner | None = None,
) -> Reading:
    """What the file says and everything wrong with it; ``Refused`` when it cannot be taken."""
    reading = read(open_book(content, filename, scan), expected)
    return reading.with_findings(check(reading, expected)).in_order()
