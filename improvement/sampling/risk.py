"""How much there is to look at in a school: its risk parts, and the weight they add up to."""

from collections.abc import Mapping
from typing import NamedTuple

BASE = 1  # every school can be drawn, whatever its figures say


class Part(NamedTuple):
    """``points`` for each time it is found, counted ``most`` times at the utmost."""

    points: int
    most: int


PARTS: dict[str, Part] = {
    "failing": Part(3, 1),  # misses the standard in a stage
    "below": Part(1, 3),  # indicators below 85 % of the threshold
    "unknown": Part(2, 1),  # something cannot be judged
    "borderline": Part(1, 2),  # indicators whose verdict rounding would flip
    "jump": Part(2, 1),  # a figure far from last year's
    "explained": Part(1, 2),  # other warnings that were explained away
    "unvisited": Part(2, 1),  # nobody has been there yet
}


def weight_of(found: Mapping[str, int]) -> int:
    """The weight of a school in the draw, 1 to 17, from how often each part was found."""
    return BASE + sum(points_of(name, count) for name, count in found.items())


def points_of(name: str, count: int) -> int:
    """What one part adds to the weight."""
    part = PARTS[name]
    return part.points * min(count, part.most)
