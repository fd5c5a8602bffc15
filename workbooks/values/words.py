"""How people write names, codes, choices and grades."""

import re
from datetime import date, time

from figures.table import CHOICE, CODE, LEVEL, SCHOOL_CODE

from ..entry import Entry
from ..guard.limits import MAX_CELL_CHARS
from ..wording import values as say
from .cell import NOTHING, Cell, Parsed, Remark, failure, remarked
from .text import UNTIDY, matching_form, narrow, strip

WHOLE_CODE = re.compile(r"(?!.*0000\.)[0-9]{10}\.00")
# A character some program could not save: a mark of its own, or a question mark in a word.
LOST = re.compile("\ufffd|[?\uff1f](?=[\u3400-\u9fff])")
LOST_IN_NAME = re.compile("(?<=[\u3400-\u9fff])[?\uff1f]")
LEVELS = {
    **{form: 1 for form in ("1", "i", "ⅰ", "一", "1级", "i级", "ⅰ级", "一级")},
    **{form: 2 for form in ("2", "ii", "ⅱ", "二", "2级", "ii级", "ⅱ级", "二级")},
    **{form: 3 for form in ("3", "iii", "ⅲ", "三", "3级", "iii级", "ⅲ级", "三级")},
    **{form: 4 for form in ("4", "iv", "ⅳ", "四", "4级", "iv级", "ⅳ级", "四级")},
}
CHOICE_FORMS = {
    "小学校": "小学",
    "普通小学": "小学",
    "完小": "小学",
    "初级中学": "初中",
    "普通初中": "初中",
    "完中": "完全中学",
    "特教学校": "特殊教育学校",
    "特校": "特殊教育学校",
    "城市": "城区",
    "镇": "镇区",
    "农村": "乡村",
    "公立": "公办",
    "私立": "民办",
    "有": "是",
    "没有": "否",
    "无": "否",
}


def read_word(entry: Entry, cell: Cell) -> Parsed:
    """A cell of a column that asks for words."""
    if entry.kind == CODE:
        return _read_code(cell)
    if isinstance(cell.value, bool):
        return failure(say.TRUE_FALSE)
    text = strip(cell.text)
    if not text:
        return NOTHING
    if len(text) > MAX_CELL_CHARS:
        return failure(say.TOO_LONG, length=len(text), limit=MAX_CELL_CHARS)
    if isinstance(cell.value, date | time):
        return failure(say.STORED_AS_DATE)
    readers = {CHOICE: _read_choice, LEVEL: _read_level}
    return readers.get(entry.kind, _read_text)(entry, cell, text)


def _read_text(entry: Entry, cell: Cell, text: str) -> Parsed:
    value = re.sub(r" {2,}", " ", text)
    remarks = []
    if isinstance(cell.value, str) and UNTIDY.search(cell.value.strip(" \u3000\u00a0")):
        remarks.append(Remark(say.READ_AS, {"value": value}))
    if LOST.search(value) or (entry.code.endswith("name") and LOST_IN_NAME.search(value)):
        remarks.append(Remark(say.LOST_CHARACTER))
    return Parsed(value, tuple(remarks))


def _read_code(cell: Cell) -> Parsed:
    """Ten digits. Scientific notation may have lost some, which shows in zeros at the end."""
    value = cell.value
    if value is None:
        return NOTHING
    if isinstance(value, bool | date | time):
        return failure(say.BAD_CODE)
    if isinstance(value, float):
        if not WHOLE_CODE.fullmatch(f"{value:.2f}"):
            return failure(say.BAD_CODE)
        return remarked(f"{value:.0f}", say.READ_AS)
    text = narrow(str(value)).removeprefix("'")
    if not text:
        return NOTHING
    if re.fullmatch("[0-9]{11,}", text):
        return failure(say.CODE_LENGTH, length=len(text))
    if not re.fullmatch(SCHOOL_CODE, text):
        return failure(say.BAD_CODE)
    return Parsed(text) if text == str(value) else remarked(text, say.READ_AS)


def _read_choice(entry: Entry, cell: Cell, text: str) -> Parsed:
    if text in entry.choices:
        return Parsed(text) if text == cell.value else remarked(text, say.READ_AS)
    wanted = matching_form(text)
    for form, choice in {**CHOICE_FORMS, **{c: c for c in entry.choices}}.items():
        if matching_form(form) == wanted and choice in entry.choices:
            return remarked(choice, say.READ_AS)
    return failure(say.UNKNOWN_CHOICE)


def _read_level(entry: Entry, cell: Cell, text: str) -> Parsed:
    level = LEVELS.get(narrow(text).replace(" ", "").lower())
    if level is None:
        return failure(say.UNKNOWN_CHOICE)
    return Parsed(level) if text == str(level) else remarked(level, say.READ_AS)
