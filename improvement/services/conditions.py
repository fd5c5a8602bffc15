"""What is settled for single schools: at least, at most, not at all; one in force at a time."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Unusable
from audit.services import check, record, snapshot
from districts.models import District, School, User
from figures.table import PEOPLE, ROOMS
from improvement.models import Condition
from improvement.planner.measures import KINDS, MOVE
from improvement.services.prices import refuse_unless_of
from selfchecks import clock

SAID = ("school_code", "kind", "least", "most", "reason")


def in_force(district: District) -> Any:
    """The conditions that hold now."""
    return Condition.objects.filter(district=district, ended_at=None)


def set_condition(
    *,
    district: District,
    school_code: str,
    kind: str,
    by: User,
    least: Decimal | None = None,
    most: Decimal | None = None,
    reason: str = "",
) -> Condition:
    """From now on this holds for the school and kind, and what held before no longer; what says the
    same as the one in force is that one.

    Amounts in the kind's unit; ``most`` 0 forbids it. Raises NotAllowed, Unusable.
    """
    refuse_unless_of(district, by)
    row = Condition(
        district=district,
        school_code=school_code,
        kind=kind,
        least=least or None,
        most=most,
        reason=reason.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )
    Unusable.check(_faults(row))
    with transaction.atomic():
        before = in_force(district).filter(school_code=school_code, kind=kind)
        if (now := before.first()) and all(getattr(now, of) == getattr(row, of) for of in SAID):
            return now
        before.update(ended_by=by, ended_at=clock.now())
        check(row)
        row.save()
        _record("condition.set", row, by)
    return row


def end_condition(*, condition: Condition, by: User) -> None:
    """It no longer holds. Raises NotAllowed, Conflict when it ended before."""
    refuse_unless_of(condition.district, by)
    with transaction.atomic():
        open_one = in_force(condition.district).filter(pk=condition.pk)
        if not open_one.update(ended_by=by, ended_at=clock.now()):
            raise Conflict(_("这个增配条件已经撤销。"))
        condition.refresh_from_db()
        _record("condition.end", condition, by)


def _record(action: str, row: Condition, by: User) -> None:
    changes = snapshot(row, *SAID)
    record(action=action, by=by, on=row, district_code=row.district.code, changes=changes)


def _faults(row: Condition) -> dict[str, Any]:
    least, most = row.least, row.most
    below = least is not None and most is not None and most < least
    return {
        "school_code": None if _is_known(row) else _("本区县的名册里没有这个学校标识码。"),
        "least": _("至少多少和至多多少，请至少填一项。")
        if least is None and most is None
        else _("数量不能是负数。")
        if least is not None and least < 0
        else _("交流轮岗不能锁定，没有写明人从哪所学校来；可以限制或不做。")
        if least and row.kind == MOVE
        else _("人和间只能是整数。")
        if least is not None and _is_counted(row.kind) and least % 1
        else None,
        "most": _("数量不能是负数。")
        if most is not None and most < 0
        else _("至多不能小于至少。")
        if below
        else None,
        "reason": None if row.reason else _("请写明原因。"),
    }


def _is_counted(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].unit in (PEOPLE, ROOMS)


def _is_known(row: Condition) -> bool:
    return School.objects.filter(district=row.district, code=row.school_code).exists()
