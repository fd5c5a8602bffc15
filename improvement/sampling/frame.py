"""A school as the draw sees it: its stratum of stage and location, its risk parts, its weight."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from .draw import Unit
from .risk import weight_of

PRIMARY, JUNIOR, BOTH = "primary", "junior", "both"
STAGES = (PRIMARY, JUNIOR, BOTH)
LOCATIONS = ("城区", "镇区", "乡村")
METHOD = "systematic-1"  # how it is drawn; another procedure gets another name


@dataclass(frozen=True, slots=True)
class Candidate:
    """``found`` says how often each risk part was found; ``weight`` is what it was drawn with."""

    code: str
    name: str
    stage: str
    location: str
    found: Mapping[str, int]
    weight: int

    @classmethod
    def weigh(
        cls, code: str, name: str, stage: str, location: str, found: Mapping[str, int]
    ) -> Self:
        """With the weight its parts have now."""
        return cls(code, name, stage, location, dict(found), weight_of(found))

    @property
    def stratum(self) -> tuple[int, int]:
        return STAGES.index(self.stage), LOCATIONS.index(self.location)

    @property
    def unit(self) -> Unit:
        return Unit(self.code, self.stratum, self.weight)

    def as_dict(self) -> dict[str, Any]:
        """As a draw keeps it."""
        return asdict(self)


def stage_of(stages: tuple[str, ...]) -> str:
    """The part of the strata that a school belongs to by the stages it teaches."""
    taught = tuple(stage for stage in (PRIMARY, JUNIOR) if stage in stages)
    return taught[0] if len(taught) == 1 else BOTH
