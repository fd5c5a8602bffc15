"""How people write months, years and school years."""

import re
from datetime import date, datetime, timedelta

from ..entry import MONTH, SCHOOL_YEAR, Entry
from ..wording import values as say
from .cell import NOTHING, Cell, Parsed, failure, remarked
from .text import narrow

CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")
MONTH_TEXT = re.compile(
    r"([0-9]{4})(?:[-/.]|年 ?)([0-9]{1,2})"
    r"(?:月|[-/.]|月 ?[0-9]{1,2}日?|[-/.][0-9]{1,2}(?: 0+:00:00)?)?"
)
SHORT_MONTH = re.compile(r"([0-9]{2})[-/.年]([0-9]{1,2})月?")
CHINESE_MONTH = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月份?")
YEAR_TEXT = re.compile(r"([0-9]{4}) ?年?度?")
SCHOOL_YEAR_TEXT = re.compile(r"([0-9]{4}) ?[-—~至/]+ ?([0-9]{4}|[0-9]{2}) ?学?年?度?")
FIRST_SERIAL, LAST_SERIAL = 32874, 73050  # 1990 to 2099 in Excel's count of days
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
EPOCH_DIFFERENCE = 1462


def read_date(entry: Entry, cell: Cell) -> Parsed:
    """A month as 2024-09, a school year as 2023-2024, a year as 2024."""
    if isinstance(cell.value, bool):
        return failure(say.TRUE_FALSE)
    readers = {MONTH: _read_month, SCHOOL_YEAR: _read_school_year}
    return readers.get(entry.kind, _read_year)(cell)


def _read_month(cell: Cell) -> Parsed:
    value = cell.value
    if isinstance(value, date):
        return Parsed(f"{value:%Y-%m}")
    if isinstance(value, int) and not isinstance(value, bool):
        return _from_serial(value, cell)
    if isinstance(value, float):
        return _from_decimal(value, cell)
    text = narrow(cell.text)
    return _month_from_text(text) if text else NOTHING


def _from_serial(serial: int, cell: Cell) -> Parsed:
    shift = EPOCH_DIFFERENCE if cell.epoch_1904 else 0
    if not FIRST_SERIAL <= serial + shift <= LAST_SERIAL:
        return failure(say.NOT_A_DATE)
    epoch = EPOCH_1904 if cell.epoch_1904 else EPOCH_1900
    return remarked(f"{epoch + timedelta(days=serial):%Y-%m}", say.READ_AS)


def _from_decimal(value: float, cell: Cell) -> Parsed:
    """2024.9 typed as a number; 2024.1 may have been 2024.10 before the zero was dropped."""
    if value.is_integer():
        return _from_serial(int(value), cell)
    return _month_from_text(repr(value))


def _month_from_text(text: str) -> Parsed:
    if re.fullmatch(r"[0-9]{4}\.1", text):
        return failure(say.MONTH_AMBIGUOUS, year=text[:4])
    if match := MONTH_TEXT.fullmatch(text):
        return _month(int(match[1]), int(match[2]), is_exact=text == f"{match[1]}-{match[2]:0>2}")
    if match := CHINESE_MONTH.fullmatch(text):
        return _month(int(match[1].translate(CHINESE)), _chinese_month(match[2]))
    if match := SHORT_MONTH.fullmatch(text):
        return _two_digit_year(match)
    return failure(say.NOT_A_DATE)


def _month(year: int, month: int, *, is_exact: bool = False) -> Parsed:
    if not (1990 <= year <= 2099 and 1 <= month <= 12):
        return failure(say.NOT_A_DATE)
    value = f"{year}-{month:02}"
    return Parsed(value) if is_exact else remarked(value, say.READ_AS)


def _two_digit_year(match: re.Match[str]) -> Parsed:
    month = int(match[2])
    if match[2] == "1" and match[0][2] == ".":
        return failure(say.MONTH_AMBIGUOUS, year=f"20{match[1]}")
    if not 1 <= month <= 12:
        return failure(say.NOT_A_DATE)
    return remarked(f"20{match[1]}-{month:02}", say.TWO_DIGIT_YEAR)


def _chinese_month(text: str) -> int:
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return int(text.translate(CHINESE)) if len(text) == 1 else 0
    return 10 + int(ones.translate(CHINESE) or 0) if not tens and len(ones) < 2 else 0


def _read_school_year(cell: Cell) -> Parsed:
    text = narrow(cell.text)
    if not text:
        return NOTHING
    match = SCHOOL_YEAR_TEXT.fullmatch(text)
    if match is None or int(match[2]) % 100 != (int(match[1]) + 1) % 100:
        return failure(say.NOT_A_DATE)
    value = f"{match[1]}-{int(match[1]) + 1}"
    return Parsed(value) if value == cell.value else remarked(value, say.READ_AS)


def _read_year(cell: Cell) -> Parsed:
    if isinstance(cell.value, datetime | date):
        return remarked(f"{cell.value:%Y}", say.READ_AS)
    text = narrow(cell.text)
    if not text:
        return NOTHING
    match = YEAR_TEXT.fullmatch(text)
    if match is None:
        return failure(say.NOT_A_DATE)
    return Parsed(match[1]) if text == match[1] else remarked(match[1], say.READ_AS)
