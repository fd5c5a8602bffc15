"""Writes 填写说明: how to fill in each column, with one right and one wrong example."""

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

from figures.table import CHOICE, CODE, COUNT, DECIMAL, LEVEL, OFFERED_ITEMS, RATIO, Figure
from workbooks.entry import SheetLayout, rule_of
from workbooks.writer.room import lines_of
from workbooks.writer.safe import put

from .layout import DATA_SHEETS, DISTRICT, asked

LEFT = Alignment(wrap_text=True, vertical="top")
HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
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
# What to do and what not to do: by code, else by unit, else by kind.
EXAMPLES: dict[str, tuple[str, str]] = {
    "school_name": ("重庆市沙坪坝区某某小学", "见备注"),
    "note": ("规划已于2025年3月印发", "见附件"),
    "evidence": ("渝教发〔2025〕3号文件", "有材料"),
    "veto_note": ("2025年9月查实1起,已整改", "见附件"),
    "个": ("12", "12个左右"),
    "间": ("12", "12间左右"),
    CHOICE: ("", "其他"),
    COUNT: ("1234", "约1200{unit}"),
    DECIMAL: ("1234.5", "1234.5{unit}左右"),
    CODE: ("2150000001", "2.15E+09"),
    LEVEL: ("Ⅲ", "良好"),
    RATIO: ("0.12", "12"),
}


def write_instructions(sheet: Any, year: int, unit_name: str) -> None:
    put(sheet, 1, 1, f"{unit_name} {year} 年度自查工作簿填写说明")
    for row, sentence in enumerate(ADVICE, 2):
        put(sheet, row, 1, sentence)
    first = len(ADVICE) + 3
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True), 1):
        cell = put(sheet, first, column, heading)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    for row, line in enumerate(_lines(), first + 1):
        for column, text in enumerate(line, 1):
            put(sheet, row, column, text).alignment = LEFT
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines_of(line, WIDTHS)
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _lines() -> Iterator[tuple[str, ...]]:
    for layout in DATA_SHEETS:
        for figure in _to_fill_in(layout):
            advice = ";".join(_advice(layout, figure))
            yield (layout.name, figure.label, figure.unit, advice, *_examples(figure))


def _advice(layout: SheetLayout, figure: Figure) -> Iterator[str]:
    yield str(rule_of(figure))
    if figure.may_not_apply:
        yield "可填“不适用”"
    for line in layout.lines if figure.code == layout.answer else ():
        question = asked(layout, line)
        if question and question.choices != figure.choices:
            yield f"{line} {rule_of(question)}"


def _to_fill_in(layout: SheetLayout) -> Sequence[Figure]:
    """Codes and wordings of fixed lines are given."""
    if layout is DISTRICT:
        return tuple(OFFERED_ITEMS.values())
    return layout.columns[2:] if layout.lines else layout.columns


def _examples(figure: Figure) -> tuple[str, str]:
    name = next(n for n in (figure.code, figure.unit, figure.kind) if n in EXAMPLES)
    right, wrong = EXAMPLES[name]
    return (figure.choices[0] if figure.choices else right), wrong.format(unit=figure.unit)
