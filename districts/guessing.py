"""How easily a password is guessed by somebody who knows this place: its units, its people, the
years, and the ways fingers walk over the keys."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENOUGH = 9.5  # powers of ten: guesses that take a stolen hash some years
FEWEST = 5  # letters and digits beside what is known here
LONGEST = 72  # signs that are looked at; what follows can only make it harder
PLACE, PERSON, YEAR, KEYS = _("地名"), _("人名或账号"), _("年份或日期"), _("键盘上连着的键")
COMMON, SEQUENCE, REPEAT = _("常用的词或密码"), _("连续的字符"), _("重复的字符")
WORDS = """
    chongqing cq cqedu jiaoyu jiaowei jywyh junheng youzhi dudao yiwujiaoyu xuexiao pinggu mima
    admin password woaini guanliyuan officer signatory inspector manager auditor keeper welcome
"""
SYLLABLES = """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang
    xie song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu ye jiang du su wei
    cheng lu ding ren shen yao fang min jing qiang lei jun yong yan jie juan tao ming chao xiu ying
    hua ping gang hui hong bo bin xin mei lan fei long
"""
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
SHIFTED = dict(zip("1234567890", "!@#$%^&*()", strict=True))
PATTERNS: dict[str, Any] = {
    "spatial": KEYS,
    "sequence": SEQUENCE,
    "repeat": REPEAT,
    "date": YEAR,
    "regex": YEAR,
    "dictionary": COMMON,
}


def guessable(password: str, places: Iterable[str], people: Iterable[str]) -> list[str | Promise]:
    """What an attacker would try first in it, by kind; empty when it is hard to guess.

    Raises nothing for any text; ``places`` and ``people`` are words known here beside the usual.
    """
    from zxcvbn import zxcvbn  # its lists weigh as much as a room: loaded when first needed

    known = _known(places, people)
    judged = zxcvbn(password[:LONGEST], user_inputs=list(known))
    kinds = [_kind(part, known) for part in judged["sequence"]]
    words = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
    for text in (password.lower(), "".join(filter(str.isalnum, password.lower()))):
        if sum(map(str.isalnum, words.sub("", text))) < FEWEST:
            return _once([*kinds, *(known[word] for word in words.findall(text))])
    return [] if judged["guesses_log10"] >= ENOUGH else _once(kinds)


def _once(kinds: list[Any]) -> list[Any]:
    return list(dict.fromkeys(filter(None, kinds))) or [_("太少的字符")]


def _known(places: Iterable[str], people: Iterable[str]) -> dict[str, Any]:
    """Word → kind; what is tried first stands first."""
    found: dict[str, Any] = {str(year): YEAR for year in range(2030, 1949, -1)}
    found |= dict.fromkeys(WORDS.split(), COMMON) | dict.fromkeys(_walks(), KEYS)
    found |= dict.fromkeys(_plain(places), PLACE) | dict.fromkeys(SYLLABLES.split(), PERSON)
    return found | {word: PERSON for word in _plain(people) if word not in found}


def _plain(words: Iterable[str]) -> list[str]:
    """Small letters, the whole and its parts, without blanks and marks."""
    parts = [part for word in words for part in (word, *word.replace("_", " ").split())]
    plain = ("".join(filter(str.isalnum, part)).lower() for part in parts)
    return [word for word in plain if len(word) > 1]


def _walks() -> list[str]:
    """Down the keyboard's columns and along its rows, plain and with shift."""
    columns = ["".join(row[n] for row in ROWS if n < len(row)) for n in range(10)]
    rows = [row[n : n + 4] for row in ROWS for n in range(len(row) - 3)]
    walks = [walk for line in (*columns, *rows) for walk in (line, line[::-1])]
    return walks + ["".join(SHIFTED.get(sign, sign) for sign in walk) for walk in walks]


def _kind(part: dict[str, Any], known: dict[str, Any]) -> Any:
    kind = PATTERNS.get(part["pattern"])
    if kind is COMMON and part["dictionary_name"] == "user_inputs":
        return known.get(part["matched_word"], COMMON)
    return kind
