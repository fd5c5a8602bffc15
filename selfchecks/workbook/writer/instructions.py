"""Writes 填写说明: how to fill in each column, with one right and one wrong example."""

from collections.abc import Iterator, Sequence
from typing import Any

from workbooks.writer.room import lines_of
from workbooks.writer.safe import put

from ..layout import DATA_SHEETS, DISTRICT, Entry, SheetLayout, district_entries
from . import styles

HEADINGS = ("工作表", "栏目", "单位", "怎么填", "正确示例", "错误示例")
WIDTHS = (14, 36, 10, 52, 22, 22)
LINE_HEIGHT = 15  # points
ADVICE = (
    "只填白色单元格;不要删除或改动前三行(第 1 行是隐藏的代码)。",
    "没有数据就留空,数量为零填 0;标明可以的栏目才能填“不适用”。",
    "只填数字,不写单位、约数或范围;学校没有的学段(灰色)留空。",
    "每所学校一行;九年一贯制等学校的小学、初中数据填在同一行的不同列。",
    "学校标识码是文本,粘贴时请选“粘贴为数值”,以免变成科学计数法。",
    "上传后如有问题,会把您的文件加上批注和问题清单还给您,改好后可以直接再传。",
)


def write_instructions(sheet: Any, year: int, unit_name: str) -> None:
    put(sheet, 1, 1, f"{unit_name} {year} 年度自查工作簿填写说明")
    for row, sentence in enumerate(ADVICE, 2):
        put(sheet, row, 1, sentence)
    first = len(ADVICE) + 3
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True), 1):
        cell = put(sheet, first, column, heading)
        cell.font, cell.fill = styles.HEADER_FONT, styles.HEADER_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    for row, line in enumerate(_lines(), first + 1):
        for column, text in enumerate(line, 1):
            put(sheet, row, column, text).alignment = styles.LEFT
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines_of(line, WIDTHS)
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _lines() -> Iterator[tuple[str, ...]]:
    for layout in DATA_SHEETS:
        for entry in _to_fill_in(layout):
            yield (layout.name, entry.label, entry.unit, _advice(entry), *entry.examples)


def _to_fill_in(layout: SheetLayout) -> Sequence[Entry]:
    """Codes and wordings of fixed lines are given."""
    if layout is DISTRICT:
        return district_entries()
    return layout.columns[2:] if layout.lines else layout.columns


def _advice(entry: Entry) -> str:
    applies = ";可填“不适用”" if entry.may_not_apply else ""
    return f"{entry.rule}{applies}"
