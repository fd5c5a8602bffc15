"""Reads a table someone sent, Excel or CSV: guarded before parsing, every cell as exact text.

Nothing here knows what the table is about. A cell that cannot be read keeps its reason, so that
whoever asks for it can say so with row and column.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from rest.renderers import harmless

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 6_000
MOST_COLUMNS = 100
MOST_BLANK_ROWS = 1_000
MOST_TEXT = 2_000
_MOST_UNPACKED = 50 * 1024 * 1024
_MOST_PARTS = 200
_MOST_RATIO = 100
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x202A, 0x202E])


class Broken(str):
    """A cell that cannot be taken; the text is what was found, ``why`` the sentence."""

    why: Any = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its number as Excel shows it."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def read(data: bytes, name: str) -> list[Line]:
    """The rows of the first sheet or of the CSV text. Raises Unusable with the reason."""
    if not data:
        raise Unusable(_("文件是空的;请选择有内容的 .xlsx 或 .csv 文件。"), code="empty")
    if len(data) > MOST_BYTES:
        raise Unusable(_("文件超过 5 MB;请删去无关的工作表和图片后再传。"), code="too_big")
    if data.startswith(_OLE):
        raise Unusable(
            _("这是旧版 Excel(.xls)或加了密码的文件;请去掉密码,另存为 .xlsx 后再传。"), code="old"
        )
    if data.startswith(_ZIP):
        return list(_limited(_sheet_rows(data)))
    if not name.lower().endswith((".csv", ".txt")):
        raise Unusable(_("只能读 .xlsx 和 .csv 文件;请另存为其中一种。"), code="type")
    return list(_limited(_csv_rows(_decoded(data))))


def _limited(rows: Iterable[tuple[str, ...]]) -> Iterator[Line]:
    """Numbers the rows, drops trailing blanks, stops after a long blank stretch."""
    blanks = 0
    for number, cells in enumerate(rows, 1):
        if not any(cells):
            blanks += 1
            if blanks > MOST_BLANK_ROWS:
                return
            continue
        blanks = 0
        if number > MOST_ROWS:
            raise Unusable(_("超过 %s 行;请分成几个文件。") % MOST_ROWS, code="rows")
        yield Line(number, cells)


def _sheet_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    formulas = _inspect(data)
    try:
        yield from _paired(data) if formulas else _plain(data)
    except Unusable:
        raise
    except Exception as error:  # the parser has many ways to fail on a damaged workbook
        raise Unusable(
            _("这个 Excel 文件已损坏,读不出来;请用 Excel 或 WPS 打开后另存再传。"), code="broken"
        ) from error


def _inspect(data: bytes) -> bool:
    """Refuse hostile archives before any parser sees them; tells whether formulas occur."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _refuse_bombs(parts)
            names = {part.filename.lower() for part in parts}
            if "xl/workbook.xml" not in names:
                raise Unusable(_("这不是 Excel 工作簿(.xlsx);请另存为 .xlsx。"), code="type")
            if any(name.endswith("vbaproject.bin") for name in names):
                raise Unusable(_("文件含有宏;请另存为不含宏的 .xlsx。"), code="macros")
            texts = [archive.read(part) for part in parts if part.filename.endswith(".xml")]
    except Unusable:
        raise
    except Exception as error:
        raise Unusable(
            _("这个 Excel 文件已损坏,读不出来;请用 Excel 或 WPS 打开后另存再传。"), code="broken"
        ) from error
    if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text for text in texts):
        raise Unusable(_("文件里有不允许的内容(DTD);请另存为新的 .xlsx。"), code="dtd")
    return any(b"<f>" in text or b"<f " in text for text in texts)


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        raise Unusable(_("文件解压后过大,没有读取;请删去无关内容后另存再传。"), code="bomb")
    if unpacked > 1024 * 1024 and unpacked / packed > _MOST_RATIO:
        raise Unusable(_("文件解压后过大,没有读取;请删去无关内容后另存再传。"), code="bomb")


def _open(data: bytes, *, values: bool) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    return book.worksheets[0].iter_rows()


def _plain(data: bytes) -> Iterator[tuple[str, ...]]:
    for row in _open(data, values=True):
        yield tuple(_text(cell.value, cell.data_type) for cell in _narrow(row))


def _paired(data: bytes) -> Iterator[tuple[str, ...]]:
    """Values beside formulas: a formula that was never computed must not look like a blank."""
    for values, formulas in zip(_open(data, values=True), _open(data, values=False), strict=False):
        cells = zip(_narrow(values), _narrow(formulas), strict=False)
        yield tuple(
            _broken("=", _("公式还没有算出结果;请用 Excel 或 WPS 打开、保存后再传。"))
            if formula.data_type == "f" and value.value is None
            else _text(value.value, value.data_type)
            for value, formula in cells
        )


def _narrow(row: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(cell.value is not None for cell in row[MOST_COLUMNS:]):
        raise Unusable(_("超过 %s 列;请删去无关的列。") % MOST_COLUMNS, code="columns")
    return row[:MOST_COLUMNS]


def _text(value: Any, kind: str = "s") -> str:
    """The cell as a person would type it: 3.0 is 3, a date is 2026-11-23."""
    if value is None:
        return ""
    if kind == "e":
        return _broken(str(value), _("公式出错;请改正公式或直接填写数值。"))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def clean(text: str) -> str:
    """Without invisible signs, outer blanks and the apostrophe that guards our own exports."""
    text = text.translate(_INVISIBLE).strip()
    if text.startswith("'") and harmless(text[1:]) == text:
        text = text[1:]
    if len(text) > MOST_TEXT:
        return _broken(text[:40] + "…", _("内容超过 %s 个字。") % MOST_TEXT)
    return text


def _broken(text: str, why: Any) -> Broken:
    cell = Broken(text)
    cell.why = why
    return cell


def _decoded(data: bytes) -> str:
    """UTF-8 first, then what Chinese Excel writes; UTF-16 is known by its mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unusable(_("文件里的文字读不懂;请用 Excel 另存为「CSV UTF-8」再传。"), code="encoding")


def _csv_rows(text: str) -> Iterator[tuple[str, ...]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > MOST_COLUMNS:
                raise Unusable(_("超过 %s 列;请删去无关的列。") % MOST_COLUMNS, code="columns")
            yield tuple(clean(cell) for cell in row)
    except csv.Error as error:
        raise Unusable(
            _("CSV 文件的引号不成对或格式不对;请用 Excel 另存再传。"), code="broken"
        ) from error
