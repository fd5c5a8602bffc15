"""What is out of order in a made-up district, and from which year on it is mended.

The reasons are those real districts fail for: 骨干教师 gathered in a few schools, playgrounds of
old schools in the centre, rooms that did not grow with enrolment, now and then a district figure.
"""

from dataclasses import dataclass
from random import Random

BASE_YEAR = 2022
NEVER = 9999
SOUND = 0.4  # share of districts without a standing problem

# Which district figure falls short, where one does.
WEAK_ITEMS = ("B11", "B14", "C1", "C9", "D1")
CENTRE, MOUNTAINS = "主城都市区", ("渝东北三峡库区城镇群", "渝东南武陵山区城镇群")


@dataclass(frozen=True, slots=True)
class Traits:
    """Problems of a district; each ``…_until`` is the first year without it (0: never had it).

    ``crowded`` and ``cramped`` are the shares of schools whose rooms, or whose playgrounds, lag.
    """

    backbone_until: int
    crowded: float
    cramped: float
    weak_item: str
    weak_until: int

    def has_backbone_gap(self, year: int) -> bool:
        return year < self.backbone_until

    def is_weak(self, item: str, year: int) -> bool:
        return self.weak_item == item and year < self.weak_until


def traits_of(seed: int, district_code: str, region: str) -> Traits:
    """The standing problems of one district, the same for every year."""
    draw = Random(f"{seed}/{district_code}/traits")
    if draw.random() < SOUND:
        return Traits(0, 0.0, 0.0, "", 0)
    in_centre = region == CENTRE
    return Traits(
        backbone_until=draw.randint(2024, 2030) if draw.random() < 0.6 else 0,
        crowded=draw.uniform(0.02, 0.08) if in_centre or draw.random() < 0.3 else 0.0,
        cramped=draw.uniform(0.02, 0.07) if in_centre else 0.0,
        weak_item=draw.choice(WEAK_ITEMS) if draw.random() < 0.5 else "",
        weak_until=draw.randint(2024, 2029),
    )


def yearly_growth(draw: Random, location: str, region: str) -> float:
    """Enrolment grows in towns of the centre and shrinks in villages, most in the mountains."""
    low, high = {"城区": (0.0, 0.03), "镇区": (-0.015, 0.01), "乡村": (-0.05, -0.01)}[location]
    if region in MOUNTAINS:
        low, high = low - 0.02, high - 0.015
    return draw.uniform(low, high)
