"""How names are read aloud: the order of a Chinese dictionary, and what people type to find one.

A reading is written syllable by syllable with its tone, ``chang2shou4qu1``: digits stand before
letters in every collation, so that databases sort it as a dictionary does.
"""

import re
import unicodedata
from collections.abc import Iterable

READING = "^([a-z]+[1-5])*$"
CITY = "chong2qing4"
# What is read wrongly: the name of a place in the middle of a name, and names of schools.
_OVERRIDES = {"重庆": CITY, "长寿": "chang2shou4", "丰都": "feng1du1", "朝阳": "chao2yang2"}
_NAMED = "|".join(_OVERRIDES)
# A new word begins behind 市, 县 …: 市长 is a person, 市|长寿 a place.
_PARTS = re.compile(f"{_NAMED}|[市县区镇乡]|(?:(?!{_NAMED})[^市县区镇乡])+")


def reading(name: str) -> str:
    """The reading of a name; signs that are not Chinese are left out."""
    from pypinyin import Style, lazy_pinyin  # a fifth of a second and 50 MB, for who writes only

    def read(part: str) -> str:
        syllables = lazy_pinyin(
            part, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore"
        )
        return _OVERRIDES.get(part) or "".join(syllables)

    return "".join(map(read, _PARTS.findall(name)))


def folded(text: str) -> str:
    """Letters and digits alone, in one case and width."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def plain(text: str) -> str:
    """Folded; the city's own name says nothing."""
    return folded(text).removeprefix("重庆市").removeprefix("重庆")


def typed(text: str) -> list[str]:
    """How a reading is typed: without tones, and by its initials; also without the city's name."""
    found = []
    for each in (text, text.removeprefix(CITY)):
        syllables = re.findall("[a-z]+", each)
        found += ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    return found


def keys(names: Iterable[str], readings: Iterable[str]) -> str:
    """All that finds a thing, as one text of words."""
    words = [fold(name) for name in names for fold in (plain, folded)]
    words += [word for text in readings for word in typed(text)]
    return " ".join(word for word in dict.fromkeys(words) if word)


def hyphenated(word: str, reading: str) -> str:
    """A Latin name with soft hyphens between its syllables; as it is where they are others."""
    parts = []
    for syllable in re.findall(r"[a-zü]+(?=\d)", reading):
        if not word.lower().startswith(syllable):
            break
        parts.append(word[: len(syllable)])
        word = word[len(syllable) :]
    return "\u00ad".join([*parts, *[word] * bool(word)])
