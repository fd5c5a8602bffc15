"""The ledger as an Excel workbook, with the columns it comes back in with."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from improvement.models import Problem
from improvement.resources import COLUMNS
from rest.books import Number, Sheet, write_book

GAP_PLACES = 2


def ledger_book(problems: Iterable[Problem]) -> bytes:
    return write_book([Sheet(_("问题台账"), list(_rows(problems)), 1)])


def _rows(problems: Iterable[Problem]) -> Iterator[list[Any]]:
    """Heads are the Chinese ones in both languages: by them the table is read again."""
    yield [column.column_name for column in COLUMNS.values()]
    for row in problems:
        told = {
            "district": str(row.district),
            "words": row.told,
            "gap": Number.read(row.gap, GAP_PLACES),
            "source": row.get_source_display(),
            "state": row.get_state_display(),
            "due_on": row.due_on or "",
        }
        yield [told.get(name, getattr(row, name)) for name in COLUMNS]
