"""How people write days and years."""

import re
from datetime import date, timedelta

from ..entry import DAY, Entry
from ..grid import NOTHING, Cell, Parsed, failure, remarked
from ..wording import values as say
from .words import narrow

DAY_TEXT = re.compile(
    r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?"
)
YEAR_TEXT = re.compile(r"([0-9]{4}) ?年?度?")
FIRST_SERIAL, LAST_SERIAL = 32874, 73050  # 1990 to 2099 in Excel's count of days
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def read_date(entry: Entry, cell: Cell) -> Parsed:
    """A day as 2026-09-01, a year as 2026."""
    if isinstance(cell.value, bool):
        return failure(say.TRUE_FALSE)
    return _read_day(cell) if entry.kind == DAY else _read_year(cell)


def _read_day(cell: Cell) -> Parsed:
    value = cell.value
    if isinstance(value, date):
        return Parsed(f"{value:%Y-%m-%d}")
    if isinstance(value, int | float):
        return _from_serial(float(value), cell)
    text = narrow(cell.text)
    if not text:
        return NOTHING
    match = DAY_TEXT.fullmatch(text)
    try:
        day = date(*map(int, match.groups())).isoformat() if match else ""
    except ValueError:
        day = ""
    if not day:
        return failure(say.NOT_A_DATE)
    return Parsed(day) if text == day else remarked(day, say.READ_AS)


def _from_serial(serial: float, cell: Cell) -> Parsed:
    shift = (EPOCH_1904 - EPOCH_1900).days if cell.epoch_1904 else 0
    if not FIRST_SERIAL <= serial + shift < LAST_SERIAL or not serial.is_integer():
        return failure(say.NOT_A_DATE)
    day = EPOCH_1900 + timedelta(days=serial + shift)
    return remarked(day.isoformat(), say.READ_AS)


def _read_year(cell: Cell) -> Parsed:
    if isinstance(cell.value, date):
        return remarked(f"{cell.value:%Y}", say.READ_AS)
    text = narrow(cell.text)
    if not text:
        return NOTHING
    match = YEAR_TEXT.fullmatch(text)
    if match is None:
        return failure(say.NOT_A_DATE)
    return Parsed(match[1]) if text == match[1] else remarked(match[1], say.READ_AS)
