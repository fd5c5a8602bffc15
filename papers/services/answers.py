"""Keeps what the application form asks for; the figures of a self-check are not touched by it."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import record
from districts.models import User
from papers.application.items import ITEMS, LARGEST
from papers.models import FormAnswers
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.services.blockers import MAY_UPLOAD
from workbooks.values.words import narrow

GRADES = re.compile(r"grades\.[0-9]{10}\.(primary|junior)")
MOST_GRADES = 9


def answers_of(self_check: SelfCheck) -> dict[str, str]:
    row = FormAnswers.objects.filter(self_check=self_check).first()
    return dict(row.answers) if row else {}


def keep_answers(
    *, self_check: SelfCheck, answers: Mapping[str, str], by: User, version: int | None = None
) -> FormAnswers:
    """Take the place of those of the same names; an empty one is not answered any more.

    Raises NotAllowed, Stale when somebody else was quicker, Unusable with a sentence per answer.
    """
    if by.role not in MAY_UPLOAD or by.district_id != self_check.district_id:
        raise NotAllowed(_("申报表的补充数据由本区县的填报员填写。"))
    said = {name: narrow(str(text)).strip().replace(",", "") for name, text in answers.items()}
    Unusable.check({name: _fault(name, text) for name, text in said.items()})
    with transaction.atomic():
        SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        row = FormAnswers.objects.filter(self_check=self_check).first()
        row = row or FormAnswers(self_check=self_check)
        if version is not None and version != row.version:
            raise Stale(_("别人刚刚改过这些补充数据；请看过最新的再填。"))
        before = row.answers
        row.answers = {name: text for name, text in {**before, **said}.items() if text}
        row.version, row.changed_by, row.changed_at = row.version + 1, by, clock.now()
        row.save()
        changes = {
            name: [before.get(name, ""), text]
            for name, text in said.items()
            if before.get(name, "") != text
        }
        code = self_check.district.code
        record(action="form.answer", by=by, on=row, district_code=code, changes=changes)
    return row


def _fault(name: str, text: str) -> Any:
    """What is wrong with an answer, if anything."""
    if not text:
        return None
    if GRADES.fullmatch(name):
        fits = text.isdecimal() and 1 <= int(text) <= MOST_GRADES
        return None if fits else _("年级数应是 1 到 %s 的整数。") % MOST_GRADES
    if name not in ITEMS:
        return _("申报表没有这一项。")
    try:
        value, places = Decimal(text), ITEMS[name].places
        fits = 0 <= value <= LARGEST and value == round(value, places)
    except (InvalidOperation, ValueError):
        fits = False
    if fits:
        return None
    return _("%(label)s应是不小于 0 的数，最多 %(places)s 位小数。") % {
        "label": ITEMS[name].label,
        "places": ITEMS[name].places,
    }
