"""Puts other values into single cells of a workbook and leaves every other byte as it was."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from openpyxl.utils import column_index_from_string

from ..package import Package
from .from_text import workbook_from_text
from .ooxml import prefix_of, text

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class NoSuchCell(Exception):
    """The workbook has no such sheet or row, or the cell feeds formulas of other cells."""


def replace_cells(content: bytes, values: Mapping[tuple[str, str], Decimal | str]) -> bytes:
    """The same workbook with values by (sheet, address). Raises NoSuchCell for the first missing.

    Each row is looked for once, so a table of 400 schools takes seconds at most.
    """
    if not content.startswith(b"PK"):
        content = workbook_from_text(content, title=next((sheet for sheet, _ in values), ""))
    package = Package(content)
    parts = {found.title: found.part for found in package.sheets()}
    for (sheet, row), cells in _by_row(values).items():
        if sheet not in parts or not row:
            raise NoSuchCell(f"{sheet}!{cells[0][0]}")
        package.parts[parts[sheet]] = _with(package.xml(parts[sheet]), row, cells)
    return package.to_bytes()


_Cells = list[tuple[str, Decimal | str]]


def _by_row(values: Mapping[tuple[str, str], Decimal | str]) -> dict[tuple[str, str], _Cells]:
    """(sheet, row) → columns with their values; no row where the address is none."""
    rows: dict[tuple[str, str], _Cells] = {}
    for (sheet, cell), value in values.items():
        match = _ADDRESS.fullmatch(cell)
        place, column = (match[2], match[1]) if match else ("", cell)
        rows.setdefault((sheet, place), []).append((column, value))
    return rows


def _with(xml: bytes, row: str, values: Iterable[tuple[str, Decimal | str]]) -> bytes:
    p = prefix_of(xml)
    pattern = rf'<{p}row\b(?=[^<>]*\sr="{row}")[^<>]*?(?:/>|>(?P<cells>.*?)</{p}row>)'
    line = re.search(pattern.encode(), xml, re.DOTALL)
    if line is None or line["cells"] is None:
        raise NoSuchCell(f"row {row}")
    cells = line["cells"]
    for column, value in values:
        cells = _replaced(cells, p, column, row, value)
    return xml[: line.start("cells")] + cells + xml[line.end("cells") :]


def _replaced(cells: bytes, p: str, column: str, row: str, value: Decimal | str) -> bytes:
    """The row's cells with the new one in place of the old, or in the order of the columns."""
    wanted = column_index_from_string(column)
    place = len(cells)
    for found in re.finditer(rf"<{p}c\b([^<>]*?)(?:/>|>(.*?)</{p}c>)".encode(), cells, re.DOTALL):
        address = re.search(rb'\sr="([A-Z]+)[0-9]+"', found[1])
        if address is None:
            raise NoSuchCell(f"{column}{row}")
        here = column_index_from_string(address[1].decode())
        if here == wanted:
            if b"shared" in (found[2] or b"") or b"array" in (found[2] or b""):
                raise NoSuchCell(f"{column}{row}")
            new = _cell(p, column + row, value, found[1])
            return cells[: found.start()] + new + cells[found.end() :]
        if here > wanted:
            place = found.start()
            break
    return cells[:place] + _cell(p, column + row, value, b"") + cells[place:]


def _cell(p: str, address: str, value: Decimal | str, attributes: bytes) -> bytes:
    """A number as a number, anything else as text that no program takes for a formula."""
    style = re.search(rb'\ss="[0-9]+"', attributes)
    look = style[0].decode() if style else ""
    if isinstance(value, Decimal):
        return f'<{p}c r="{address}"{look}><{p}v>{value:f}</{p}v></{p}c>'.encode()
    inside = f'<{p}is><{p}t xml:space="preserve">{text(value)}</{p}t></{p}is>' if value else ""
    kind = ' t="inlineStr"' if value else ""
    return f'<{p}c r="{address}"{look}{kind}>{inside}</{p}c>'.encode()
