"""The ledger as an Excel workbook: what goes out comes back in with owners, days and measures."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from improvement.models import Problem
from rest.books import Number, Sheet, write_book


def ledger_book(problems: Iterable[Problem]) -> bytes:
    return write_book([Sheet(_("问题台账"), list(_rows(problems)), 1)])


def _rows(problems: Iterable[Problem]) -> Iterator[list[Any]]:
    yield [
        *(_("编号"), _("区县"), _("学校标识码"), _("学校名称"), _("指标"), _("问题")),
        *(_("实际"), _("要求"), _("相差"), _("单位"), _("来源"), _("状态")),
        *(_("责任人"), _("整改期限"), _("整改措施")),
    ]
    for row in problems:
        yield [
            *(row.pk, str(row.district), row.school_code, row.school_name, row.indicator),
            *(row.words, row.found, row.required, Number.read(_plain(row.gap), 2), row.unit),
            *(row.get_source_display(), row.get_state_display(), row.owner),
            *(row.due_on or "", row.measures),
        ]


def _plain(gap: Decimal | None) -> Decimal | None:
    return None if gap is None else gap.normalize()
