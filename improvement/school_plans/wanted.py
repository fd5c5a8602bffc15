"""What a plan of additions wants in each school, as measures; which of two plans are the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit.refusals import Unusable
from districts.roles import Office
from districts.wording import listed
from improvement.models import Measure, Plan, Unit
from improvement.models.school_plan import UNIT_OF
from improvement.planner.measures import KINDS, MOVE
from improvement.plans.words import measures_of

# Whose a kind of measure usually is; the bureau says otherwise where it is not so.
OFFICES = {
    "hire": Office.STAFFING,
    "hire_pe_arts": Office.STAFFING,
    "build_rooms": Office.PLANNING,
    "build_ground": Office.PLANNING,
    "build_indoor": Office.PLANNING,
}
Found = tuple[str, dict[str, Any]]


def due_days(plan: Plan, days: Iterable[date] = ()) -> dict[int, date]:
    """By when the additions of each year of a plan are due: its last day, or the one of ``days``.

    Raises Unusable for a day outside the years of the plan, or a second one of a year.
    """
    years = [plan.self_check.year + row["year"] for row in (plan.result or {}).get("years", ())]
    days = [*days]
    said = {day.year: day for day in days}
    if len(said) < len(days) or not said.keys() <= {*years}:
        sentence = _("完成期限每年最多一天，要在方案的年份里：%s。")
        raise Unusable.at("days", sentence % (listed(map(str, years)) or _("这个方案不分年")))
    return {year: said.get(year, date(year, 12, 31)) for year in years}


def wanted(plan: Plan, days: Mapping[int, date]) -> dict[str, list[Measure]]:
    """School → its measures, not stored yet, in the planner's order."""
    found: dict[str, list[Measure]] = defaultdict(list)
    with override(settings.LANGUAGE_CODE):  # a name is kept in one language, whoever takes it over
        for code, fields in (*_additions(plan, days), *_moves(plan)):
            found[code].append(Measure(**fields))
    return found


def _additions(plan: Plan, days: Mapping[int, date]) -> Iterator[Found]:
    names = measures_of(plan)
    raises = {row["code"]: row.get("raises", ()) for row in plan.terms["measures"]}
    for due, row in _dated(plan, days):
        kind = row["measure"]
        own = KINDS[kind].raises if kind in KINDS else raises[kind]
        yield (
            row["school_code"],
            {
                **_said(kind, row),
                "name": names[kind].name,
                "indicators": [*own],
                "unit": UNIT_OF[names[kind].unit],
                "amount": Decimal(row["amount"]),
                "due": due,
            },
        )


def _dated(plan: Plan, days: Mapping[int, date]) -> Iterator[tuple[date | None, Any]]:
    result = plan.result or {}
    for year in result.get("years", ()):
        due = days[plan.self_check.year + year["year"]]
        yield from ((due, row) for row in year["additions"])
    if "years" not in result:
        yield from ((None, row) for row in result.get("additions", ()))


def _moves(plan: Plan) -> Iterator[Found]:
    for row in (plan.result or {}).get("moves", ()):
        yield (
            row["to"],
            {
                **_said(MOVE, row),
                "name": str(KINDS[MOVE].label),
                "indicators": [*row["counts_in"]],
                "unit": Unit.PERSON,
                "amount": Decimal(row["people"]),
                "from_school": row["from"],
            },
        )


def _said(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    office, cost = OFFICES.get(kind, Office.BUREAU), Decimal(row["cost"])
    return {"kind": kind, "stage": row["stage"], "cost": cost, "office": office}


Pairs = tuple[list[tuple[Measure, Measure]], list[Measure], list[Measure]]


def pairs(left: Iterable[Measure], right: Iterable[Measure]) -> Pairs:
    """Which are the same thing to be done, first of one year, then in order; then what is left of
    both sides."""
    found, left, right = [], [*left], [*right]
    for key in (_in_year, _thing):
        for one in [*left]:
            other = next((each for each in right if key(each) == key(one)), None)
            if other is not None:
                found.append((one, other))
                left.remove(one)
                right.remove(other)
    return found, left, right


def _thing(measure: Measure) -> tuple[Any, ...]:
    return measure.kind, measure.stage, measure.from_school


def _in_year(measure: Measure) -> tuple[Any, ...]:
    return (*_thing(measure), measure.due and measure.due.year)
