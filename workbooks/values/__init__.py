"""How people write numbers, dates and words, and what each way of writing is taken to mean."""

import re

from ..entry import DAY, YEAR, Entry
from ..guard.limits import MAX_CELL_CHARS
from ..wording import values as say
from .cell import BLANK, NOT_APPLICABLE, NOTHING, Cell, Parsed, Remark, Value, failure, plain, show
from .dates import read_date
from .numbers import read_number
from .text import is_risky, matching_form, strip
from .words import read_word

__all__ = [
    "BLANK",
    "FORMULA_TEXT",
    "NOT_APPLICABLE",
    "NOTHING",
    "Cell",
    "Parsed",
    "Remark",
    "Value",
    "is_risky",
    "matching_form",
    "plain",
    "read_value",
    "show",
    "strip",
]

# Excel's way to keep leading zeros in a .csv.
FORMULA_TEXT = re.compile(r'="([^"]*)"')
DATES = frozenset({DAY, YEAR})
ERROR_MEANINGS = {
    "#DIV/0!": "除以了零",
    "#REF!": "引用的单元格已删除",
    "#N/A": "没有查到对应的值",
    "#NAME?": "公式里有不认识的名称",
    "#VALUE!": "公式里的数据类型不对",
    "#NUM!": "计算超出了范围",
    "#NULL!": "引用的区域没有交集",
    "#SPILL!": "结果放不下",
    "#CALC!": "无法计算",
}


def read_value(entry: Entry, cell: Cell) -> Parsed:
    """What a cell says in answer to what an entry asks; blank is nothing, never zero."""
    if isinstance(cell.value, str) and (inside := FORMULA_TEXT.fullmatch(strip(cell.value))):
        parsed = read_value(entry, cell._replace(value=inside[1]))
        told = (Remark(say.READ_AS, {"value": show(parsed.value)}),)
        return parsed if parsed.remarks or parsed.value is None else Parsed(parsed.value, told)
    if cell.is_uncached:
        return failure(say.UNCACHED)
    if cell.value is None:
        return NOTHING
    if cell.is_error or cell.value in ERROR_MEANINGS:
        return failure(say.FORMULA_ERROR, meaning=ERROR_MEANINGS.get(str(cell.value), "公式出错"))
    if isinstance(cell.value, str) and len(cell.value) > MAX_CELL_CHARS:
        return failure(say.TOO_LONG, length=len(cell.value), limit=MAX_CELL_CHARS)
    if entry.is_number:
        return read_number(entry, cell)
    return read_date(entry, cell) if entry.kind in DATES else read_word(entry, cell)
