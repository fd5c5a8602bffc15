"""Writes text so that no program ever takes it for a formula; numbers stay numbers."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ..values import is_risky

# What XML 1.0 cannot hold beyond the control characters openpyxl knows of.
NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Without the characters XML cannot hold."""
    return NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))


def put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Writes one cell. openpyxl would make a formula of any text beginning with ``=``."""
    cell = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return cell
    text = clean(value)
    cell.value = text
    cell.data_type = "s"
    if is_risky(text):
        cell.quotePrefix = True
    return cell


def csv_cell(value: Any) -> str:
    """Text that might run as a formula gets an apostrophe, which the reader takes off again."""
    if value is None:
        return ""
    if isinstance(value, str) and is_risky(value):
        return "'" + value
    return str(value)


def write_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel shows Chinese."""
    out = io.StringIO()
    csv.writer(out).writerows([csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
