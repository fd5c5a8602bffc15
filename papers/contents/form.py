"""The application form of a self-check, for the document and for the workbook."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict
from indicators.wording import VERDICTS
from papers.application.figures import Ground, Value
from papers.application.tables import Table, tables
from papers.services.answers import answers_of
from rest.books import Number, Sheet
from selfchecks.models import SelfCheck
from selfchecks.results import ResultPage
from selfchecks.services.evaluations import outcome_of, present_inputs

from .words import DEMO, day_of, figure, yes


def fill(self_check: SelfCheck, day: date) -> dict[str, Any]:
    """Rows of the tables as members c1, c2 … of each table's name. Raises Conflict without
    figures."""
    page, found = read(self_check)
    return {
        "unit": self_check.district.display_name,
        "year": figure(self_check.year),
        "made_on": day_of(day),
        "state": str(self_check.get_state_display()),
        "standard": self_check.standard.code,
        "verdict": str(VERDICTS[page.verdict]),
        "digest": page.short_digest,
        "demo": yes(self_check.is_demo, DEMO),
        **{
            table.key: [
                {f"c{at}": str(cell) for at, cell in enumerate(row, 1)} for row in table.rows
            ]
            for table in found
        },
    }


def read(self_check: SelfCheck) -> tuple[ResultPage, list[Table]]:
    payload = present_inputs(self_check)
    evaluation, outcome = outcome_of(self_check)
    if payload is None or outcome is None:
        raise Conflict(_("这份自查还没有数据，申报表没有可填的。"), code="no_figures")
    page = ResultPage(self_check, evaluation, outcome)
    return page, tables(Ground(payload, outcome, answers_of(self_check)), page)


def sheets(self_check: SelfCheck) -> Iterator[Sheet]:
    """The same tables with the heads of the form."""
    _page, found = read(self_check)
    for table in found:
        yield Sheet(table.title, [table.head, *map(_cells, table.rows)], table.frozen)


def _cells(row: Iterable[str | Value]) -> list[Any]:
    return [
        Number.read(cell.exact, cell.places) if isinstance(cell, Value) else cell for cell in row
    ]
