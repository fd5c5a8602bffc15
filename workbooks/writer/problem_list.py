"""Writes 问题清单, the first sheet of a marked workbook: every problem with a link to its cell."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from ..findings import Finding, Severity, count_by_severity
from ..package import RELATIONSHIPS, SHEET_TYPE, Package
from .ooxml import MAIN, append_item, attribute, prefix_of, text
from .room import lines_of
from .styles import styles_of

# The words of the page, so that nobody wonders whether these are the same problems.
PROBLEM_SHEET = "问题清单"
LEVELS = {Severity.ERROR: "必须修改", Severity.WARNING: "需要确认", Severity.NOTICE: "提示"}
COLUMNS = {
    "序号": 6,
    "级别": 10,
    "单元格": 18,
    "学校或事项": 30,
    "项目": 26,
    "您填的": 22,
    "问题": 46,
    "应当是": 36,
    "怎么改": 46,
}
FIRST_LINE = 4
LINE_HEIGHT = 15  # points; not every program makes rows higher by itself
MAX_LINES = 1_000  # beyond that the same few mistakes repeat
LINK_COLUMN = 3

FONTS = (
    '<font><b/><sz val="11"/></font>',
    '<font><u/><sz val="11"/><color rgb="FF0563C1"/></font>',
)
FORMAT = '<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" quotePrefix="1"'
FORMAT += ' applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="{wraps}"/></xf>'


def write_problem_list(package: Package, findings: Sequence[Finding]) -> None:
    """Puts the list first, or in the place of the list of the round before."""
    content = _sheet_xml(findings, _formats(package)).encode("utf-8")
    old = next((sheet for sheet in package.sheets() if sheet.title == PROBLEM_SHEET), None)
    if old:
        package.parts[old.part] = content
    else:
        _insert_sheet(package, content)
    _show_first(package)


class _Formats(NamedTuple):
    """Numbers of cell formats; all of them keep text from becoming formulas."""

    body: int
    bold: int
    link: int
    title: int  # runs on over the columns beside it


def _formats(package: Package) -> _Formats:
    part = styles_of(package)
    xml = package.xml(part)
    numbers = [0]
    for font in FONTS:
        xml, number = append_item(xml, "fonts", "font", font)
        numbers.append(number)
    formats = []
    for font_number, wraps in (*((number, 1) for number in numbers), (numbers[1], 0)):
        look = FORMAT.format(font=font_number, wraps=wraps)
        xml, index = append_item(xml, "cellXfs", "xf", look)
        formats.append(index)
    package.parts[part] = xml
    return _Formats(*formats)


def _sheet_xml(findings: Sequence[Finding], formats: _Formats) -> str:
    shown = findings[:MAX_LINES]
    rows = [
        _row(1, [_summary(findings)], [formats.title]),
        _row(FIRST_LINE - 1, list(COLUMNS), [formats.bold] * len(COLUMNS)),
    ]
    styles = [formats.body] * len(COLUMNS)
    styles[LINK_COLUMN - 1] = formats.link
    for number, finding in enumerate(shown, 1):
        rows.append(_row(number + FIRST_LINE - 1, _line(number, finding), styles))
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(COLUMNS.values(), 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}">'
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="{FIRST_LINE - 1}"'
        f' topLeftCell="A{FIRST_LINE}" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        f"{_links(shown)}</worksheet>"
    )


def _summary(findings: Sequence[Finding]) -> str:
    counts = count_by_severity(findings)
    if not findings:
        return "没有发现问题。"
    told = (
        f"{counts[Severity.ERROR]} 个必须修改，{counts[Severity.WARNING]} 个需要确认(数据无误的，"
        f"请写明原因)，{counts[Severity.NOTICE]} 个提示供了解。改好后直接上传本文件即可。"
    )
    more = len(findings) - MAX_LINES
    return told + (f"下面列出前 {MAX_LINES} 个，其余 {more} 个改后再列。" if more > 0 else "")


def _line(number: int, finding: Finding) -> list[str]:
    return [
        str(number),
        LEVELS[finding.severity],
        finding.place,
        finding.about,
        finding.field,
        finding.found[:200],
        str(finding.what),
        str(finding.expected),
        str(finding.fix),
    ]


def _row(number: int, values: Sequence[str], styles: Sequence[int]) -> str:
    cells = "".join(
        f'<c r="{get_column_letter(column)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{text(value)}</t></is></c>'
        for column, (value, style) in enumerate(zip(values, styles, strict=True), 1)
        if value
    )
    is_title = len(values) == 1
    lines = 1 if is_title else lines_of(values, list(COLUMNS.values()))
    return f'<row r="{number}" ht="{LINE_HEIGHT * lines}" customHeight="1">{cells}</row>'


def _links(findings: Sequence[Finding]) -> str:
    letter = get_column_letter(LINK_COLUMN)
    links = []
    for row, finding in enumerate(findings, FIRST_LINE):
        if finding.cell and finding.sheet:
            title = finding.sheet.replace("'", "''")
            place = attribute(f"'{title}'!{finding.cell}")
            shown = attribute(finding.place)
            links.append(f'<hyperlink ref="{letter}{row}" location={place} display={shown}/>')
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _insert_sheet(package: Package, content: bytes) -> None:
    part = package.free_name("xl/worksheets/sheetCheck{}.xml")
    package.add(part, content, SHEET_TYPE)
    relation = package.relate(package.workbook, "worksheet", part)
    xml = package.xml(package.workbook).decode("utf-8")
    p = prefix_of(xml.encode())
    new_id = max(map(int, re.findall(r'\bsheetId="(\d+)"', xml)), default=0) + 1
    sheet = (
        f'<{p}sheet xmlns:r="{RELATIONSHIPS}" name="{PROBLEM_SHEET}" sheetId="{new_id}"'
        f' r:id="{relation}"/>'
    )
    xml = xml.replace(f"<{p}sheets>", f"<{p}sheets>{sheet}", 1)
    # Names that belong to one sheet count sheets from 0, and all have moved by one.
    xml = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) + 1}"', xml)
    package.parts[package.workbook] = xml.encode("utf-8")


def _show_first(package: Package) -> None:
    """Opens on the list, and only on it: two selected sheets would be edited together."""
    sheets = package.sheets()
    index = [sheet.title for sheet in sheets].index(PROBLEM_SHEET)
    xml = package.xml(package.workbook).decode("utf-8")
    xml = re.sub(r'\s(?:activeTab|firstSheet)="\d+"', "", xml)
    p = prefix_of(xml.encode())
    xml = xml.replace(f"<{p}workbookView ", f'<{p}workbookView activeTab="{index}" ', 1)
    package.parts[package.workbook] = xml.encode("utf-8")
    for sheet in sheets:
        if sheet.title != PROBLEM_SHEET:
            content = package.xml(sheet.part)
            package.parts[sheet.part] = content.replace(b' tabSelected="1"', b"", 1)
