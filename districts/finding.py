"""Finds units by name, code or pinyin, however people type them."""

import unicodedata
from collections.abc import Iterable

from districts.models import District


def find_units(text: str, districts: Iterable[District]) -> list[District]:
    """The units the text means, best first."""
    wanted = _plain(text)
    if not wanted:
        return []
    ranks = {unit: _rank(wanted, unit) for unit in districts}
    found = sorted((rank, unit.code, unit) for unit, rank in ranks.items() if rank is not None)
    # The very name leaves no choice, although it may stand in other names too.
    exact = [unit for rank, _code, unit in found if rank == 0]
    return exact or [unit for _rank, _code, unit in found]


def _plain(text: str) -> str:
    """Letters and digits alone, in one case and width; the city's own name says nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(character for character in folded if character.isalnum())
    return plain.removeprefix("重庆市").removeprefix("重庆")


def _rank(wanted: str, district: District) -> int | None:
    """0 the very name or code, 1 its beginning, 2 inside it, 3 a longer text naming the unit."""
    names = [_plain(name) for name in (district.name, district.full_name, district.english_name)]
    keys = [name for name in (*names, district.code.casefold()) if name]
    ranks = (
        wanted in keys,
        any(key.startswith(wanted) for key in keys),
        any(wanted in key for key in keys),
        any(key in wanted for key in keys),
    )
    return ranks.index(True) if any(ranks) else None
