"""Keeps the days the city works or rests otherwise than the yearly notice says."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record, revise, snapshot
from districts.models import CalendarDay, User
from districts.roles import Role
from districts.working_days import WorkingDays

DAY_FIELDS = ("day", "is_working", "document_number", "source", "source_note")


def working_days() -> WorkingDays:
    """By the yearly notices and what the city has set."""
    return WorkingDays(dict(CalendarDay.objects.values_list("day", "is_working")))


def tag_of_day(row: CalendarDay) -> str:
    """Changes whenever the row says something else."""
    return fingerprint(row, *DAY_FIELDS)


@transaction.atomic
def set_day(*, by: User | None, **fields: Any) -> CalendarDay:
    """Set a day apart from the yearly notice. Raises NotAllowed, Unusable."""
    _may_set(by)
    row = CalendarDay(**fields)
    _check(row)
    row.save()
    record(action="calendar.set", by=by, on=row, changes=snapshot(row, *DAY_FIELDS))
    return row


@transaction.atomic
def correct_day(
    *, row: CalendarDay, by: User | None, expected: str | None = None, **fields: Any
) -> CalendarDay:
    """Say otherwise of a day that was set; the day itself stays. Raises Stale as well."""
    _may_set(by)
    locked = CalendarDay.objects.select_for_update().get(pk=row.pk)
    if expected is not None and expected != tag_of_day(locked):
        raise Stale(_("这一天刚被别人更改；请核对最新内容再保存。"))
    changes = revise(locked, fields, names=DAY_FIELDS[1:], check=_check)
    if changes:
        locked.save()
        record(action="calendar.correct", by=by, on=locked, changes=changes)
    return locked


def _may_set(by: User | None) -> None:
    if by is not None and by.role != Role.MANAGER:
        raise NotAllowed(_("工作日安排由市级管理员登记，您的账号不能做这一步。"))


def _check(row: CalendarDay) -> None:
    check(row, unique=_("这一天已经登记过；请打开那一行更改。"))
    if not (row.source or row.document_number):
        raise Unusable.at("source", _("请写明来源网址或文号。"))
