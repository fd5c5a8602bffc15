"""What a change to the plan does to each unit, year and milestone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from districts.models import District
from schedule.models import FIRST_YEAR, LAST_YEAR, Phase, PlanVersion
from schedule.services.reading import today


@dataclass(frozen=True, slots=True)
class YearImpact:
    """Units planned up to a year, before and after; ``target`` where the year is a milestone."""

    year: int
    planned_before: int
    planned_after: int
    cumulative_before: int
    cumulative_after: int
    target: int | None

    @property
    def is_changed(self) -> bool:
        return self.cumulative_before != self.cumulative_after

    @property
    def falls_short(self) -> bool:
        """Whether the change takes the plan below a milestone it reached before."""
        return self.is_missed and self.cumulative_before >= (self.target or 0)

    @property
    def is_missed(self) -> bool:
        """Whether the plan is below the milestone after the change."""
        return self.target is not None and self.cumulative_after < self.target


@dataclass(frozen=True, slots=True)
class Move:
    """One unit's year before (None: not in the plan yet) and after.

    ``certified_on`` is the day of a certification that stands: its year then changes nothing.
    """

    district: District
    before: int | None
    after: int
    certified_on: date | None = None

    @property
    def is_late_at_once(self) -> bool:
        """Whether the new year has passed already without the unit being certified."""
        return self.certified_on is None and self.after < today().year


@dataclass(frozen=True, slots=True)
class Impact:
    """What changes to ``version`` do to each year and milestone when they are published."""

    version: PlanVersion
    moves: tuple[Move, ...]
    years: tuple[YearImpact, ...]

    @property
    def broken_milestones(self) -> tuple[YearImpact, ...]:
        return tuple(year for year in self.years if year.falls_short)


def compare(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[YearImpact, ...]:
    """Each year of the plan before and after; both are unit code → year."""
    targets = {phase.end_year: phase.cumulative_target for phase in Phase.objects.all()}

    def planned(plan: Mapping[str, int], first: int, last: int) -> int:
        return sum(first <= year <= last for year in plan.values())

    return tuple(
        YearImpact(
            year=year,
            planned_before=planned(before, year, year),
            planned_after=planned(after, year, year),
            cumulative_before=planned(before, FIRST_YEAR, year),
            cumulative_after=planned(after, FIRST_YEAR, year),
            target=targets.get(year),
        )
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    )
