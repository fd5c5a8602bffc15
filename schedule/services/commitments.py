"""Special cases granted on a promise: which day was promised, and the case when it passes unmet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from districts.models import District, School
from districts.special_cases import CASES, COMMITMENT, OVERDUE, PENDING, UNDATED
from schedule.models import CaseState, LookBack, Origin
from schedule.regression import FAILING, Regression
from schedule.services.look_backs import certified_on, keep
from schedule.services.reading import today
from schedule.terms import years_after

RECOGNISED = ("B3.", "B4.")  # of these the ordinary standard is asked three years after recognition
YEARS = 3


@dataclass(frozen=True, slots=True)
class Promise:
    """One special case of one school; ``due`` is None while nobody can say by when."""

    school: School
    case: str
    due: date | None
    standing: str  # one of OVERDUE, PENDING, UNDATED

    @property
    def key(self) -> tuple[str, str, date | None]:
        """By which its case is known."""
        return self.school.code, self.case, self.due

    @property
    def label(self) -> Any:
        return CASES[self.case].label

    @property
    def indicator(self) -> str:
        return self.case.partition(".")[0]


def promises(viewer: Any = None, day: date | None = None) -> list[Promise]:
    """Every special case in the register on the day, what is due first standing first.

    ``viewer`` narrows to what a person may see; None reads all, for the portal's own work.
    """
    day = day or today()
    rows = School.objects.all() if viewer is None else School.objects.visible_to(viewer)
    rows = rows.exclude(special_cases={}).select_related("district")
    known: dict[int, date | None] = {}
    found = [
        promise
        for school in rows.order_by("code")
        if school.district.exists_on(day) and (school.valid_to is None or day <= school.valid_to)
        for promise in _promises_of(school, day, known)
    ]
    return sorted(found, key=lambda each: (each.due is None, each.due or day))


def _promises_of(school: School, day: date, known: dict[int, date | None]) -> Iterator[Promise]:
    for case, told in school.special_cases.items():
        text = str(told.get(COMMITMENT, ""))
        due = date.fromisoformat(text) if text else _by_rule(case, school.district, day, known)
        standing = UNDATED if due is None else OVERDUE if due < day else PENDING
        yield Promise(school, case, due, standing)


def _by_rule(
    case: str, district: District, day: date, known: dict[int, date | None]
) -> date | None:
    """Three years after recognition, for the cases the rule speaks of."""
    if not case.startswith(RECOGNISED):
        return None
    if district.pk not in known:
        known[district.pk] = certified_on(district, day)
    since = known[district.pk]
    return years_after(since, YEARS) if since else None


def cases_of(rows: Any) -> dict[tuple[str, str, date | None], int]:
    """What a promise is known by → the number of the case that its passing opened."""
    found = rows.filter(origin=Origin.COMMITMENT)
    keys = found.values_list("school_code", "special_case", "promised_on", "pk")
    return {(school, case, due): pk for school, case, due, pk in keys}


@transaction.atomic
def open_overdue(*, by: None) -> int:
    """Open a case for every promise whose day has passed and which still stands in the register.

    Returns how many are new; running again adds nothing.
    """
    day = today()
    there = cases_of(LookBack.objects.all())
    late = [each for each in promises(day=day) if each.standing == OVERDUE]
    new = [each for each in late if each.key not in there]
    for promise in new:
        _open(promise, day)
    return len(new)


def _open(promise: Promise, day: date) -> LookBack:
    school, due = promise.school, promise.due
    assert due
    case = LookBack(
        district=school.district,
        origin=Origin.COMMITMENT,
        year=due.year,
        certified_on=certified_on(school.district, day),
        school_code=school.code,
        school_name=school.name,
        special_case=promise.case,
        promised_on=due,
        opened_on=day,
        state=CaseState.HELD,
        is_demo=school.is_demo,
    )
    found = [Regression(FAILING, promise.indicator, "", school.code, school.name)]
    return keep(case=case, found=found, by=None)
