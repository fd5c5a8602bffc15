"""How text is tidied before it is understood: only what cannot change a meaning."""

import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c"))
SPACES = dict.fromkeys(map(ord, "\u00a0\u3000\u2002\u2003\u2009\u202f\t\r\n\v\f"), " ")
# Radicals and compatibility ideographs that look like the character people mean: ⼩ for 小.
LOOK_ALIKES = {
    code: form
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    if (form := unicodedata.normalize("NFKC", chr(code))) != chr(code)
}
UNTIDY = re.compile(f"[{re.escape(''.join(map(chr, (*INVISIBLE, *SPACES, *LOOK_ALIKES))))}]")
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
    if UNTIDY.search(text):  # far from every text needs it, and looking is quicker
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
