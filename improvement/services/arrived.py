"""What was reported as done against what the figures of a later year show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from improvement.models import Measure
from improvement.planner.measures import FIELDS
from improvement.services.seeding import fields_raised
from selfchecks.models import SchoolRecord, SelfCheck


@dataclass(frozen=True, slots=True)
class Arrived:
    """One raw figure of a school: ``done`` as reported, ``more`` as the figures of the two years
    say; None where a year does not say it.
    """

    school_code: str
    field: str
    done: Decimal
    more: Decimal | None

    @property
    def fits(self) -> bool:
        return self.more is not None and self.more >= self.done


def later_of(self_check: SelfCheck) -> SelfCheck | None:
    """The next year's self-check of the district that has figures."""
    rows = SelfCheck.objects.filter(district=self_check.district_id, year__gt=self_check.year)
    found: SelfCheck | None = rows.exclude(school_records=None).order_by("year").first()
    return found


def arrived(self_check: SelfCheck, later: SelfCheck) -> dict[str, list[Arrived]]:
    """By school, what has been reported as done; nothing of what nobody has begun."""
    rows = Measure.objects.with_done().live().filter(school_plan__self_check=self_check)
    done = _done(rows.filter(done__gt=0).select_related("school_plan"))
    before, after = (_figures(each, done) for each in (self_check, later))
    found: dict[str, list[Arrived]] = {}
    for (school, field), amount in sorted(done.items()):
        then, now = before.get((school, field)), after.get((school, field))
        more = None if then is None or now is None else now - then
        found.setdefault(school, []).append(Arrived(school, field, amount, more))
    return found


def _done(measures: Iterable[Any]) -> dict[tuple[str, str], Decimal]:
    """School and figure → all that was reported; who counts twice is in both figures."""
    found: dict[tuple[str, str], Decimal] = {}
    for measure in measures:
        for field in _told(measure):
            place = measure.school_plan.school_code, field
            found[place] = found.get(place, Decimal()) + measure.done
    return found


def _told(measure: Measure) -> Iterator[str]:
    """The figures of its indicators, not the totals that move along."""
    raised = fields_raised(measure)
    own = {FIELDS[code][0].format(stage=measure.stage) for code in measure.indicators}
    yield from [field for field in raised if field in own] or raised[:1]


def _figures(
    self_check: SelfCheck, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Decimal | None]:
    fields = sorted({field for _school, field in places})
    rows = SchoolRecord.objects.filter(self_check=self_check).values("school_code", *fields)
    return {
        (row["school_code"], field): None if row[field] is None else Decimal(str(row[field]))
        for row in rows
        for field in fields
    }
