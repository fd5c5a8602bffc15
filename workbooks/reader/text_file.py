"""Opens a .csv: finds its encoding and separator, and hands on one plain grid."""

import csv
import io

from ..findings import N_, Message, Refused
from ..grid import Book, Grid, Line
from ..guard import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from ..values import FORMULA_TEXT, Cell, is_risky
from ..wording import refusals

SEPARATORS = {",": N_("逗号"), "\t": N_("制表符"), ";": N_("分号"), "\uff0c": N_("全角逗号")}
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


def read_text_file(content: bytes) -> Book:
    text, encoding = decode(content)
    separator = _separator(text)
    grid = Grid(title="", lines=tuple(_lines(text, separator)))
    return Book((grid,), encoding=encoding, separator=SEPARATORS[separator])


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 if it is valid, else GB18030, else refused."""
    for mark, codec, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode(content, codec), name
    if b"\0" in content[:4096]:
        return _decode(content, _utf16_order(content)), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decode(content, "gb18030"), "GB18030"


def _decode(content: bytes, codec: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        reason = Message(N_("看不出文字编码，请另存为 .xlsx"))
        raise Refused(refusals.UNREADABLE, reason=reason) from error
    return text


def _utf16_order(content: bytes) -> str:
    head = content[:4096]
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _separator(text: str) -> str:
    """The candidate that splits the longest of the first lines most often."""
    head = text[:20_000].splitlines()[:20]
    return max(SEPARATORS, key=lambda s: max((line.count(s) for line in head), default=0))


def _lines(text: str, separator: str) -> list[Line]:
    lines, cells = [], 0
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
        ):
            filled = {column: _cell(value) for column, value in enumerate(row, 1) if value.strip()}
            cells += len(filled)
            _check_limits(number, filled, cells)
            if filled:
                lines.append(Line(number, filled))
    except csv.Error as error:
        raise Refused(refusals.UNREADABLE, reason=Message(N_("引号或分隔符不成对"))) from error
    return lines


def _cell(value: str) -> Cell:
    wrapped = FORMULA_TEXT.fullmatch(value.strip())
    if wrapped and not any(c.isdigit() for c in wrapped[1]):
        return Cell(wrapped[1], from_text=True)
    is_escaped = value.startswith("'") and is_risky(value[1:])
    return Cell(value[1:] if is_escaped else value, from_text=True)


def _check_limits(number: int, filled: dict[int, Cell], cells: int) -> None:
    if number > MAX_ROWS * 4 or cells > MAX_CELLS or max(filled, default=0) > MAX_COLUMNS:
        reason = N_("第 {row} 行超出了 {rows} 行、{columns} 列的范围")
        params = {"row": number, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
        raise Refused(refusals.OUT_OF_BOUNDS, reason=Message(reason, params))
