"""How people write names, codes, choices and grades, and how text is tidied before."""

import re
import unicodedata
from datetime import date, time

from figures.table import CHOICE, CODE, LEVEL, SCHOOL_CODE

from ..entry import Entry
from ..grid import NOTHING, Cell, Parsed, Remark, failure, remarked
from ..guard import MAX_CELL_CHARS
from ..wording import values as say

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c"))
SPACES = dict.fromkeys(map(ord, "\u00a0\u3000\u2002\u2003\u2009\u202f\t\r\n\v\f"), " ")
# Radicals and compatibility ideographs that look like the character people mean: ⼩ for 小.
LOOK_ALIKES = {
    code: form
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    if (form := unicodedata.normalize("NFKC", chr(code))) != chr(code)
}
# A set, because a pattern of so many characters takes thirty times as long to look.
UNTIDY = frozenset(map(chr, (*INVISIBLE, *SPACES, *LOOK_ALIKES)))
# Written out instead of NFKC, which also turns ① into 1 and ½ into 1⁄2.
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％＋－−–：／", "0123456789.,%+---:/")

ABSENT = frozenset(
    {"/", "\\", "-", "--", "—", "——", "―", "－", "无", "不适用", "n/a", "na", "无此项"}
)
VARIANTS = str.maketrans("𬭎慶縣區鄉鎮學國小義務", "綦庆县区乡镇学国小义务")
BRACKETS = str.maketrans(
    '\uff08\uff09\u3010\u3011[]\u3014\u3015\u2022\uff0e\u201c\u201d"', "()()()()\u00b7\u00b7   "
)


# What starts a formula somewhere: Excel, WPS, LibreOffice, and the full-width and small forms that
# some of them fold. rest/renderers.py guards the same: what it writes is read back here.
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")


def is_risky(text: str) -> bool:
    """Might a program that opens a file take this text for a formula?"""
    return text.startswith(FORMULA_STARTS) or strip(text).startswith(FORMULA_STARTS)


def strip(text: str) -> str:
    """Without invisible characters, look-alikes and spaces around; inner spaces become plain."""
    if not UNTIDY.isdisjoint(text):  # far from every text needs it, and looking is quicker
        text = text.translate(INVISIBLE).translate(SPACES).translate(LOOK_ALIKES)
    return text.strip()


def narrow(text: str) -> str:
    """Stripped, with full-width digits and the punctuation of numbers made narrow."""
    return strip(text).translate(FULL_WIDTH)


def says_not_applicable(text: str) -> bool:
    return text.lower() in ABSENT


def matching_form(text: str) -> str:
    """The form in which two names are compared: no spaces, one kind of bracket, one script."""
    tidy = narrow(text).translate(BRACKETS).translate(VARIANTS).casefold()
    return re.sub(r"[\s'·]+", "", tidy)


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
    if isinstance(cell.value, str) and not UNTIDY.isdisjoint(cell.value.strip(" \u3000\u00a0")):
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
    # Programs that hold a code as a number write it into CSV with a decimal zero.
    text = re.sub(r"(?<=[0-9]{10})\.0+$", "", narrow(str(value)).removeprefix("'"))
    if not text:
        return NOTHING
    if re.fullmatch("[0-9]{11,}", text):
        return failure(say.CODE_LENGTH, length=len(text))
    if not re.fullmatch(SCHOOL_CODE, text):
        return failure(say.BAD_CODE)
    return Parsed(text) if text == str(value) else remarked(text, say.READ_AS)


def _read_choice(entry: Entry, cell: Cell, text: str) -> Parsed:
    choice = entry.choice_of(narrow(text))
    if choice:
        return Parsed(choice) if choice == cell.value else remarked(choice, say.READ_AS)
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
