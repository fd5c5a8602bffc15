"""Which units are alike (与您相近的区县): in pupils, schools, and where their pupils live.

Of two units: how many times the pupils differ, and the schools, as logarithms to base 2 (twice as
many counts 1), and the differences of the shares of pupils in 城区, 镇区 and 乡村 (where half of
the pupils would have to live elsewhere for the same mix, they come to 1). The smaller the sum, the
more alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

PLACES = ("城区", "镇区", "乡村")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """A unit by its schools and the pupils of each kind of place."""

    code: str
    schools: int
    by_place: Mapping[str, int]

    @property
    def pupils(self) -> int:
        return sum(self.by_place.values())

    def share(self, place: str) -> float:
        return self.by_place.get(place, 0) / self.pupils

    @property
    def is_known(self) -> bool:
        return bool(self.schools and self.pupils)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far another unit is from the one in question, and what of that comes from where."""

    profile: Profile
    pupils: float
    schools: float
    mix: float

    @property
    def distance(self) -> float:
        return self.pupils + self.schools + self.mix


def likeness(one: Profile, other: Profile) -> Likeness:
    return Likeness(
        other,
        abs(log2(other.pupils / one.pupils)),
        abs(log2(other.schools / one.schools)),
        sum(abs(one.share(place) - other.share(place)) for place in PLACES),
    )


def most_alike(one: Profile, others: Iterable[Profile]) -> list[Likeness]:
    """The nearest first; of two as near, the one with the smaller code."""
    found = [likeness(one, each) for each in others if each.code != one.code and each.is_known]
    return sorted(found, key=lambda each: (each.distance, each.profile.code))[:SHOWN]
