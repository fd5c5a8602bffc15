"""Voids what was recorded wrongly about a unit: it stays to be read, marked, with the reason."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import fingerprint, record
from districts.models import User
from districts.roles import Role
from schedule.models import Consequence, Guidance
from selfchecks.step import Edge

MAY_GUIDE = (Role.INSPECTOR, Role.MANAGER)
VOID = Edge(
    name="void",
    label=_("作废"),
    sources=(),
    target="void",
    roles=MAY_GUIDE,
    needs_comment=True,
    hint=_("只用于录错的记录：它和理由都保留，各处标为「已作废」，不能再恢复。"),
)
MAY_VOID = {Consequence: (Role.MANAGER,), Guidance: MAY_GUIDE}
Row = Consequence | Guidance


def tag_of(row: Row) -> str:
    """Changes with every entry about it, and when it ends or is voided."""
    entries = row.entries.count() if isinstance(row, Guidance) else 0
    return fingerprint(row, "kind", extra=(str(entries), str(row.voided_at)))


def open_steps(row: Row, viewer: User) -> tuple[Edge, ...]:
    return () if row.voided_at or viewer.role not in MAY_VOID[type(row)] else (VOID,)


def take_step(*, step: str, by: User, expected: str | None = None, **said: Any) -> Row:
    """As the pages of a small workflow call it: ``consequence`` or ``guidance``, and ``reason``."""
    row = said.get("consequence") or said["guidance"]
    return void(row=row, by=by, reason=said["reason"], expected=expected)


@transaction.atomic
def void(*, row: Row, by: User, reason: str, expected: str | None = None) -> Row:
    """Mark as wrongly recorded, by who may record it.

    Raises NotAllowed, Stale when ``expected`` is not its tag, Conflict a second time, Unusable.
    """
    model = type(row)
    if by.role not in MAY_VOID[model]:
        raise NotAllowed(_("只有能录入的账号才能作废，您的账号不能做这一步。"))
    row = model.objects.select_for_update(of=("self",)).select_related("district").get(pk=row.pk)
    refuse_stale(row, expected)
    if row.voided_at:
        raise Conflict(_("这条记录已经作废。"))
    Unusable.check({"reason": fault_of_required(reason, _("请写明作废的理由。"))})
    row.voided_by, row.voided_at, row.void_reason = by, timezone.now(), reason.strip()
    row.save()
    action = f"{model._meta.model_name}.void"
    record(action=action, by=by, on=row, district_code=row.district.code, reason=row.void_reason)
    return row


def refuse_stale(row: Row, expected: str | None) -> None:
    if expected not in (None, tag_of(row)):
        raise Stale(_("您打开之后，这条记录有了变化；请看过现在的内容再办理。"))
