"""Were figures copied instead of counted: whole rows alike, or one value all the way down?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from workbooks.findings import Finding

from ..layout import SCHOOLS, Entry
from ..reading import Row
from ..wording import checks as say
from .places import at_school
from .thresholds import Thresholds
from .unusual import NUMBERS


def check_copies(rows: Sequence[Row], limits: Thresholds) -> Iterator[Finding]:
    yield from _same_rows(rows, limits)
    for entry in SCHOOLS.columns:
        if entry.is_number:
            yield from _same_columns(entry, rows, limits)


def _same_rows(rows: Sequence[Row], limits: Thresholds) -> Iterator[Finding]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        figures = tuple(map(row.amounts.get, NUMBERS))
        if sum(map(bool, figures)) >= limits.same_figures:
            groups.setdefault(figures, []).append(row)
    for same in groups.values():
        if len(same) > 1:
            place = same[1].answer(SCHOOLS.key).cell
            params = {"rows": "、".join(str(row.number) for row in same[:20])}
            yield Finding(say.SAME_ROWS, params, same[1].sheet, place, same[1].number)


def _same_columns(entry: Entry, rows: Sequence[Row], limits: Thresholds) -> Iterator[Finding]:
    """A run of equal values below one another, among the schools that are asked."""
    asked = [row for row in rows if entry.code in row.amounts]
    shortest = min(limits.same_run, max(5, len(asked)))
    end = 0
    for amount, run in groupby(row.amounts[entry.code] for row in asked):
        start, end = end, end + len(list(run))
        if end - start < shortest or amount <= limits.same_above:
            continue
        same = asked[start:end]
        cells = [row.answer(entry.code).cell for row in same]
        params = {"first": cells[0], "last": cells[-1], "count": len(same)}
        told = at_school(say.SAME_COLUMN, same[0], entry.code, **params)
        yield replace(told, about=f"{same[0].name} … {same[-1].name}")
