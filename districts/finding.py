"""Finds units by name, former name, code, pinyin or initials, however people type them."""

from collections.abc import Iterable

from districts.models import District
from districts.spelling import plain


def find_units(text: str, districts: Iterable[District]) -> list[District]:
    """The units the text means, best first."""
    wanted = plain(text)
    if not wanted:
        return []
    ranks = {unit: _rank(wanted, unit) for unit in districts}
    found = sorted((rank, unit.code, unit) for unit, rank in ranks.items() if rank is not None)
    best = found[0][0] if found else 0
    # The very name leaves no choice, although it may stand in other names too.
    return [unit for rank, _code, unit in found if rank == best or best > 1]


def _rank(wanted: str, district: District) -> int | None:
    """0 the code, 1 the very name, 2 its beginning, 3 inside it, 4 a longer text naming it."""
    keys = district.sought.split()
    ranks = (
        wanted == district.code.casefold(),
        wanted in keys,
        any(key.startswith(wanted) for key in keys),
        any(wanted in key for key in keys) and _says_much(wanted),
        any(key in wanted for key in keys if _says_much(key)),
    )
    return ranks.index(True) if any(ranks) else None


def _says_much(word: str) -> bool:
    """Two or three letters stand in many a longer word."""
    return len(word) > 3 or not word.isascii()
