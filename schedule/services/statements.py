"""Keeps what the operator says to everybody; a new version stands at once, earlier ones stay."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import User
from districts.roles import Role
from schedule.models import Statement
from selfchecks import clock

MAY_SAY = (Role.MANAGER,)


@transaction.atomic
def say(*, subject: str, text: str, by: User, english: str = "") -> Statement:
    """A new version of a text. Raises NotAllowed; Unusable without words, or for no subject."""
    if by.role not in MAY_SAY:
        raise NotAllowed(_("门户说明由市级管理员填写。"))
    Unusable.check({"text": None if text.strip() else _("请写下要让大家看到的话。")})
    rows = Statement.objects.select_for_update().filter(subject=subject)
    last = max((row.number for row in rows.only("number")), default=0)
    row = Statement(
        subject=subject,
        number=last + 1,
        text=text.strip(),
        english=english.strip(),
        written_by=by,
        written_at=clock.now(),
    )
    check(row)
    row.save()
    changes = snapshot(row, "subject", "number", "text", "english")
    record(action="statement.say", by=by, on=row, changes=changes)
    return row
