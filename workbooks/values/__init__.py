"""How people write numbers, dates and words, and what each way of writing is taken to mean."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from figures.table import COUNT, RATIO

from ..entry import AMOUNT, DAY, YEAR, Entry
from ..findings import Kind
from ..grid import (
    BLANK,
    NOT_APPLICABLE,
    NOTHING,
    Cell,
    Parsed,
    Remark,
    Value,
    failure,
    plain,
    remarked,
    show,
)
from ..guard import MAX_CELL_CHARS
from ..wording import values as say
from .dates import read_date
from .units import factor, is_multiple
from .words import is_risky, matching_form, narrow, read_word, says_not_applicable, strip

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


# [0-9], never \d: Python's float() and \d also take １, ٣ and 1_000.
NUMBER = re.compile(r"([+-]? ?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?|([+-]?)(\.[0-9]+)")
WITH_SUFFIX = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+) ?([^0-9,.:\s+-].*)")
APPROXIMATE = re.compile(
    r"^(约|大约|近|超|超过|不足|不到|至少|至多|[≥≤><≈~≧≦]=? ?[0-9约])"
    r"|(左右|上下|以上|以下|多|余|几)\S{0,3}$|[0-9] ?[-~至到~—] ?[0-9]"
)
PROGRAMMERS = re.compile(
    r"[+-]?[0-9._]+e[+-]?[0-9]+|[+-]?(nan|inf|infinity)|[0-9]+(_[0-9]+)+", re.I
)
COMMENT = re.compile(r"备注|说明|批注|附件|附表|待定|待补|同上|详见|见")
WITH_NOTE = re.compile(r"[0-9].*?([(（]|含|其中|另有|包括)")
SLASH = re.compile(r"[0-9.]+ ?/ ?[0-9.]+")
LETTERS = re.compile(r"(?=[OoIl]*[0-9])[0-9OoIl]+")  # typed for 0 and 1
UNIT = re.compile(r"([^\W\d_]|㎡)\S{0,7}")
CHINESE_DIGITS = re.compile(r"[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]+")
NOISE = Decimal("0.000001")  # what binary arithmetic leaves behind
SHAPES = (
    (PROGRAMMERS, say.NOT_PLAIN),
    (CHINESE_DIGITS, say.CHINESE_DIGITS),
    (LETTERS, say.LETTERS),
    (SLASH, say.SLASH),
)
FORMULA_STARTS = ("=", "@")
SCALED = frozenset({RATIO, AMOUNT})  # kinds of which 85% is 0.85
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(7))


def read_number(entry: Entry, cell: Cell) -> Parsed:
    """A cell as the exact number its field asks for."""
    value = cell.value
    if type(value) is int and not cell.is_percent and not cell.shows_percent:
        return _fit(entry, Decimal(value))
    if isinstance(value, bool):
        return failure(say.TRUE_FALSE)
    if isinstance(value, int | float):
        return _read_stored(entry, cell, float(value))
    if isinstance(value, time | timedelta):
        return failure(say.STORED_AS_TIME)
    if isinstance(value, date | datetime):
        return failure(say.STORED_AS_DATE)
    return _read_text(entry, cell, str(value))


def _read_stored(entry: Entry, cell: Cell, value: float) -> Parsed:
    """A true number. ``repr`` gives the shortest decimal that is this float: 12.1, not 12.0999…"""
    if not math.isfinite(value):
        return failure(say.NOT_PLAIN)
    number = Decimal(repr(value))
    if not cell.is_percent:
        return _fit(entry, number, say.PERCENT_SHOWN if cell.shows_percent else None)
    return _fit(entry, number) if entry.kind in SCALED else failure(say.NO_PERCENT)


def _read_text(entry: Entry, cell: Cell, raw: str) -> Parsed:
    text = narrow(raw)
    if not text:
        return NOTHING
    if says_not_applicable(strip(raw)) or says_not_applicable(text):
        return _absent(entry, raw)
    number = to_decimal(text)
    if number is not None:
        return _fit(entry, number, _kind_for_plain_text(cell, text))
    if text.endswith("%"):
        return _read_percent(entry, cell, text)
    return _read_with_suffix(entry, cell, text)


def _kind_for_plain_text(cell: Cell, text: str) -> Kind | None:
    return None if cell.from_text and cell.value == text and "," not in text else say.READ_AS


def to_decimal(text: str) -> Decimal | None:
    """The number a tidied text spells out in plain digits, or None."""
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    return Decimal(text.replace(",", "").replace(" ", ""))


def _absent(entry: Entry, raw: str) -> Parsed:
    if not entry.may_not_apply:
        return failure(say.MAY_NOT_BE_ABSENT)
    if raw == NOT_APPLICABLE:
        return Parsed(NOT_APPLICABLE)
    return remarked(NOT_APPLICABLE, say.READ_AS)


def _read_percent(entry: Entry, cell: Cell, text: str) -> Parsed:
    number = to_decimal(text[:-1].rstrip())
    if number is None:
        return failure(_why_not(text[:-1]))
    if entry.kind in SCALED:
        return _fit(entry, number / 100, say.READ_AS)
    return failure(say.NO_PERCENT)


def _read_with_suffix(entry: Entry, cell: Cell, text: str) -> Parsed:
    """12人 in a column of 人 is 12; in any other it is an error, for the meaning would change."""
    match = WITH_SUFFIX.fullmatch(text)
    number = to_decimal(match[1]) if match else None
    if match is None or number is None or _why_not(text) is not say.NOT_A_NUMBER:
        return failure(_why_not(text))
    by = factor(match[2], entry.unit)
    if by is None and UNIT.fullmatch(match[2]):
        return failure(say.OTHER_UNIT, unit=entry.unit or "无")
    if by is None:
        return failure(say.NOT_A_NUMBER)
    is_expanded = by != 1 or is_multiple(match[2])
    kind = say.EXPANDED if is_expanded else say.UNIT_STRIPPED
    return _fit(entry, number * by, kind)


def _why_not(text: str) -> Kind:
    """The sentence that fits a text which is no number."""
    if text.startswith(FORMULA_STARTS):
        return say.FORMULA_TEXT
    if APPROXIMATE.search(text):
        return say.APPROXIMATE
    for pattern, kind in SHAPES:
        if pattern.fullmatch(text):
            return kind
    if _has_odd_digits(text):
        return say.ODD_DIGITS
    if WITH_NOTE.match(text):
        return say.WITH_NOTE
    if COMMENT.search(text):
        return say.SEE_NOTE
    return say.BAD_SEPARATORS if re.fullmatch(r"[+-]?[0-9,. ]+", text) else say.NOT_A_NUMBER


def _has_odd_digits(text: str) -> bool:
    """Digits other than 0–9: ①, ½, ٣ have a numeric value in Unicode, which proves nothing."""
    foreign = (c for c in text if not c.isascii() and c != "²")
    return any(unicodedata.category(c) in {"Nd", "No", "Nl"} for c in foreign)


def _fit(entry: Entry, number: Decimal, kind: Kind | None = None) -> Parsed:
    """The number in the field's precision and range, with what there is to say about it."""
    rounded = _round(entry, number)
    if rounded is None:
        return failure(say.NOT_WHOLE)
    if rounded != number and kind is None:
        kind = say.READ_AS
    if number < 0:
        return failure(say.NEGATIVE)
    if number > entry.limit:
        return failure(say.TOO_LARGE, maximum=str(entry.limit))
    value = int(rounded) if entry.kind == COUNT else rounded
    if kind is None:
        return Parsed(value)
    return Parsed(value, (Remark(kind, {"value": show(value), "unit": entry.unit or "无"}),))


def _round(entry: Entry, number: Decimal) -> Decimal | None:
    """To the field's places; a count with a true fraction is not rounded but refused."""
    if abs(number) > entry.limit * 10:
        return number
    rounded = number.quantize(_QUANTA[entry.places], ROUND_HALF_UP)
    if entry.kind == COUNT and abs(rounded - number) > NOISE:
        return None
    return rounded if rounded else abs(rounded)  # no minus zero
