"""Keeps what the operator says to everybody; a new version stands at once, earlier ones stay."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import User
from districts.roles import Role
from schedule.models import Statement
from schedule.models.statement import LONGEST
from selfchecks import clock

MAY_SAY = (Role.MANAGER,)


@transaction.atomic
def say(*, subject: str, text: str, by: User | None, english: str = "") -> Statement:
    """A new version of a text. Raises NotAllowed; Unusable without words, or for no subject."""
    if by is not None and by.role not in MAY_SAY:
        raise NotAllowed(_("门户说明由市级管理员填写。"))
    empty = None if text.strip() else _("请写下要让大家看到的话。")
    Unusable.check({"text": empty or _fault(subject, text), "english": _fault(subject, english)})
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


@transaction.atomic
def say_what_is_new(*, texts: Mapping[str, tuple[str, str]], by: User | None) -> list[Statement]:
    """Of subject → Chinese and English: a version of each that says otherwise than the one shown.

    Raises what ``say`` raises; then nothing is kept.
    """
    said = []
    for subject, (text, english) in texts.items():
        shown = Statement.objects.newest(subject)
        if shown is None or (shown.text, shown.english) != (text.strip(), english.strip()):
            said.append(say(subject=subject, text=text, english=english, by=by))
    return said


def _fault(subject: str, text: str) -> str | None:
    """What is wrong with the length of a text, or with signs no page can show."""
    facts = {"page": subject, "count": len(text), "most": LONGEST}
    if len(text) > LONGEST:
        return _("「%(page)s」写了 %(count)s 个字，最多 %(most)s 个字。") % facts
    return _("「%(page)s」里有不能显示的字符；请删去。") % facts if "\0" in text else None
