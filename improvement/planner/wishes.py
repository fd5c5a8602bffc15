"""Reads what only some kinds of plan are told: a budget, and the years to come."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from figures.table import MOST_OF_A_SCHOOL, N_, STAGE_LABELS
from improvement.planner.measures import Year
from improvement.planner.reading import Names, as_object, positive
from indicators.calculation.problems import Problems, Unreadable, escape, read_steps, shown

MOST_YEARS = 5
BUDGET, YEARS = N_("预算"), N_("年数")


def read_budget(payload: Mapping[str, Any], pointer: str, problems: Problems) -> Fraction | None:
    """Yuan; None where nothing is said."""
    budget = payload.get("budget")
    return None if budget is None else positive(budget, f"{pointer}/budget", BUDGET, problems)


def read_years(
    given: object, budget: Fraction | None, schools: Names, problems: Problems
) -> tuple[Year, ...]:
    """``given``: how many years, each with the same pupils and budget; or a list of them, each
    with ``budget``, ``rates`` (stage → pupils by those of today) and ``pupils`` (school → field →
    number)."""
    if given is None:
        return ()
    rows = [{}] * given if type(given) is int and 0 < given <= MOST_YEARS else given
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_YEARS:
        found = str(len(given)) if isinstance(given, list) else shown(given)
        problems.add("/years", "bad_years", found=found, limit=MOST_YEARS)
        return ()
    return tuple(
        _year(row, f"/years/{at}", budget, schools, problems) for at, row in enumerate(rows)
    )


def _year(
    given: object, pointer: str, budget: Fraction | None, schools: Names, problems: Problems
) -> Year:
    row = as_object(given, pointer, problems)
    for name in row.keys() - {"budget", "rates", "pupils"}:
        problems.add(f"{pointer}/{escape(name)}", "unknown_field", name=shown(name))
    rates = {}
    for stage, rate in as_object(row.get("rates"), f"{pointer}/rates", problems).items():
        place = f"{pointer}/rates/{escape(stage)}"
        if stage not in STAGE_LABELS:
            problems.add(place, "unknown_field", name=shown(stage))
        else:
            rates[stage] = positive(rate, place, N_("在校生变化率"), problems)
    pupils = {}
    for code, counts in as_object(row.get("pupils"), f"{pointer}/pupils", problems).items():
        place = f"{pointer}/pupils/{escape(code)}"
        if code not in schools:
            problems.add(place, "unknown_school", found=shown(code))
        else:
            pupils[code] = _pupils(counts, place, problems)
    own = read_budget(row, pointer, problems)
    return Year(budget if own is None else own, rates, pupils)


def _pupils(given: object, pointer: str, problems: Problems) -> dict[str, int]:
    found = {}
    for name, count in as_object(given, pointer, problems).items():
        place = f"{pointer}/{escape(name)}"
        if name not in {f"pupils_{stage}" for stage in STAGE_LABELS}:
            problems.add(place, "unknown_field", name=shown(name))
            continue
        try:
            found[name] = read_steps(count, 0, MOST_OF_A_SCHOOL)
        except Unreadable as refused:
            problems.add(place, refused.code, label=N_("在校生数"), **refused.params)
    return found
