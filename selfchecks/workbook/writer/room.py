"""Gives columns and header rows of the template the room their texts need."""

import math
from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from workbooks.writer.room import MARGIN, lines_of, width_of

from ..layout import HEADER_ROW, RULE_ROW

NARROWEST, WIDEST = 10, 60
RULE_LINES = 3  # rules set in so many lines leave columns of figures narrow
LINE_HEIGHTS = {HEADER_ROW: 16, RULE_ROW: 13}  # points, by the size of their type


def make_room(sheet: Any) -> None:
    """Columns as wide as their widest text, header rows as high as their longest."""
    columns = enumerate(sheet.iter_cols(min_row=HEADER_ROW, values_only=True), 1)
    texts = {get_column_letter(number): column for number, column in columns}
    widths = {letter: _width_for(column) for letter, column in texts.items()}
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    for row, height in LINE_HEIGHTS.items():
        line = [column[row - HEADER_ROW] for column in texts.values()]
        sheet.row_dimensions[row].height = height * lines_of(line, list(widths.values())) + 4


def _width_for(column: Sequence[Any]) -> int:
    heading, rule, *data = map(width_of, column)
    widest = max(heading, math.ceil(rule / RULE_LINES), *data, 0)
    return min(max(widest + MARGIN, NARROWEST), WIDEST)
