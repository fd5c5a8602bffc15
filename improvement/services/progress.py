"""Takes in how far measures have come, from the bureau and from the departments they are with."""

from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import check, record
from districts.models import User
from districts.roles import DISTRICT_ROLES, Role
from improvement.models import Measure, Progress
from improvement.services.measures import WHOLE
from selfchecks import clock, files
from selfchecks.contents import MB, Sent, TooLarge, kind_of
from selfchecks.services.evidence import looked_at

FOLDER = "improvement/progress"
MOST_BYTES = 1000 * MB  # of all measures of a self-check
MAY_REPORT = (*DISTRICT_ROLES, Role.CLIENT, Role.DEPARTMENT)


def report(
    *,
    measure: Measure,
    by: User,
    done: Decimal | None = None,
    day: date | None = None,
    words: str = "",
    content: bytes = b"",
    name: str = "",
) -> Progress:
    """All that is ``done`` by ``day`` (today when it is not said), an answer in words, a document.

    Raises NotAllowed, Conflict before the plan is approved and for a measure that was dropped,
    Unusable, TooLarge for the document.
    """
    fresh = Measure.objects.select_related("school_plan__self_check__district").get(pk=measure.pk)
    _refuse(fresh, by)
    row = Progress(
        measure=fresh,
        done=done,
        day=day or clock.today(),
        words=words.strip(),
        reported_by=by,
        reported_at=clock.now(),
    )
    _refuse_unfit(row, bool(content))
    with ExitStack() as storing, transaction.atomic():
        if content:
            _attach(row, Sent(files.harmless_name(name), content), storing)
        check(row)
        row.save()
        _record(row, by)
    return row


def may_report(measure: Measure, viewer: User) -> bool:
    """Whether it is the person's to say how far it has come."""
    is_own = viewer.district_id == measure.school_plan.self_check.district_id
    is_with_them = viewer.role != Role.DEPARTMENT or viewer.office == measure.office
    return is_own and viewer.role in MAY_REPORT and is_with_them


def _refuse(measure: Measure, by: User) -> None:
    if not may_report(measure, by):
        raise NotAllowed(_("进展由本区县的教委或这项措施的责任部门报告。"))
    if measure.school_plan.approved_at is None:
        sentence = _("一校一策批准以后才报告进展。")
        raise Conflict(sentence, code="not_approved")
    if measure.dropped_at is not None:
        raise Conflict(_("这项措施已经取消。"), code="dropped")


def _refuse_unfit(row: Progress, has_file: bool) -> None:
    faults: dict[str, Any] = {}
    if row.day > clock.today():
        faults["day"] = _("截至日期不能晚于今天。")
    if row.done is None and not row.words:
        faults["done"] = _("请填累计完成的数量，或者写一句说明。")
    if row.done is not None and row.done < 0:
        faults["done"] = _("数量不能是负数。")
    if row.done is not None and row.measure.unit in WHOLE and row.done != int(row.done):
        faults["done"] = _("人数和间数只能是整数。")
    Unusable.check(faults)


def _attach(row: Progress, sent: Sent, storing: ExitStack) -> None:
    """The document, its kind told by its bytes and found clean."""
    sent, kind, row.sha256 = looked_at(sent, kind_of(sent.content, sent.name))
    row.size = len(sent.content)
    self_check = row.measure.school_plan.self_check
    rows = Progress.objects.filter(measure__school_plan__self_check=self_check)
    used = rows.aggregate(total=Sum("size", default=0))["total"]
    sentence = _(
        "%(year)s 年各项措施的进展材料共 %(used)s MB，加上这个文件会超过上限 %(limit)s MB；"
        "请减小文件后再传，或者只写说明。"
    )
    sizes = {"used": used, "more": row.size, "most": MOST_BYTES}
    TooLarge.check_together(sentence, at="file", year=self_check.year, **sizes)
    row.file = storing.enter_context(files.stored(sent.content, FOLDER, f".{kind}"))
    row.display_name = sent.name


def _record(row: Progress, by: User) -> None:
    record(
        action="measure.progress",
        by=by,
        on=row.measure,
        district_code=row.measure.school_plan.self_check.district.code,
        changes={"done": row.done, "day": row.day, "sha256": row.sha256, "words": row.words},
    )
