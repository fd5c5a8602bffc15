"""Finds units by name, code or pinyin, however people type them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from districts.models import District

LONGEST = 40


@dataclass(frozen=True, slots=True)
class Search:
    """``text`` as typed; ``found`` best first."""

    text: str
    found: tuple[District, ...] = ()

    @property
    def is_asked(self) -> bool:
        return bool(self.text)

    @property
    def only(self) -> District | None:
        """The unit, when there is no doubt."""
        return self.found[0] if len(self.found) == 1 else None


def search(text: str, districts: Iterable[District]) -> Search:
    typed = text.strip()[:LONGEST]
    wanted = _plain(typed)
    if not wanted:
        return Search(typed)
    ranked = [
        (rank, district.code, district)
        for district in districts
        if (rank := _rank(wanted, district)) is not None
    ]
    best_first = tuple(district for _rank, _code, district in sorted(ranked, key=lambda r: r[:2]))
    exact = [district for rank, _code, district in ranked if rank == 0]
    return Search(typed, tuple(exact) or best_first)


def _plain(text: str) -> str:
    """Letters and digits alone, in one case and width; the city's own name says nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(character for character in folded if character.isalnum())
    return kept.removeprefix("重庆市").removeprefix("重庆")


def _rank(wanted: str, district: District) -> int | None:
    """0 the very name or code, 1 its beginning, 2 inside it, 3 a longer text naming the unit."""
    names = [_plain(name) for name in (district.name, district.full_name, district.english_name)]
    keys = [name for name in (*names, district.code.casefold()) if name]
    if wanted in keys:
        return 0
    if any(key.startswith(wanted) for key in keys):
        return 1
    if any(wanted in key for key in keys):
        return 2
    return 3 if any(key in wanted for key in keys) else None
