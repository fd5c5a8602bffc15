"""What a practice changed, by the unit's own approved self-checks of the two years.

Everybody reads of a unit what its public page says: verdicts and how many evaluation units fail.
Coefficients are within the reach of the unit and the city only. Without both years nothing is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from districts.scope import Viewer
from figures.table import STAGE_LABELS
from improvement.models import Practice
from selfchecks.models import IndicatorResult
from selfchecks.services.readiness import Readiness, readiness_in

Coefficients = dict[tuple[str, str, str], Decimal]  # digest, indicator, stage


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator in both years; ``stage`` with coefficients, empty with verdicts.

    A1 to A7 have one public verdict together, "A".
    """

    indicator: str
    stage: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """Both years as they were approved; None where a year has no approval that stands."""

    before: Readiness | None
    after: Readiness | None
    verdicts: tuple[Change, ...] = ()
    coefficients: tuple[Change, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def is_demo(self) -> bool:
        return any(side.is_demo for side in (self.before, self.after) if side)


def effects_of(practices: Iterable[Practice], viewer: Viewer) -> dict[int, Effect]:
    """Effect by the practice's key, for all of them in three questions to the database."""
    rows = list(practices)
    years = {year for row in rows for year in (row.year_before, row.year_after)}
    found = readiness_in({row.district for row in rows}, years)
    known = _coefficients(found.values(), viewer)
    return {row.pk: _effect(row, found, known) for row in rows}


def effect_of(practice: Practice, viewer: Viewer) -> Effect:
    return effects_of([practice], viewer)[practice.pk]


def _effect(row: Practice, found: dict[tuple[str, int], Readiness], known: Coefficients) -> Effect:
    before, after = (
        found.get((row.district.code, year)) for year in (row.year_before, row.year_after)
    )
    if before is None or after is None:
        return Effect(before, after)
    parts = dict.fromkeys("A" if code.startswith("A") else code for code in row.codes)
    verdicts = (
        # What a version of the standard does not ask is unknown.
        Change(code, "", *(side.verdicts.get(code, "unknown") for side in (before, after)))
        for code in parts
    )
    coefficients = (
        Change(code, stage, old, new)
        for code in row.codes
        for stage in STAGE_LABELS
        if (old := known.get((before.digest, code, stage))) is not None
        and (new := known.get((after.digest, code, stage))) is not None
    )
    return Effect(before, after, tuple(verdicts), tuple(coefficients))


def _coefficients(sides: Iterable[Readiness], viewer: Viewer) -> Coefficients:
    digests = {side.digest for side in sides}
    rows = IndicatorResult.objects.visible_to(viewer).filter(
        ~Q(stage=""), evaluation__digest__in=digests, value__isnull=False
    )
    names = ("evaluation__digest", "indicator", "stage", "value")
    return {(digest, code, stage): value for digest, code, stage, value in rows.values_list(*names)}
