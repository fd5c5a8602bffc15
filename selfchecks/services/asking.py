"""What a step asks to be written, and what speaks against an approval as it stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of
from audit.refusals import Unusable
from districts.roles import MUNICIPAL_ROLES
from districts.wording import day_text, listed
from selfchecks.models import IndicatorReview, SelfCheck
from selfchecks.models.review import Word
from selfchecks.step import Step


def require(
    self_check: SelfCheck, step: Step, comment: str, digest: str | None, due_on: date | None
) -> None:
    """Raises Unusable, naming each of comment, digest and day that is missing or wrong."""
    missing: dict[str, Any] = {"comment": _fault_of_comment(self_check, step, comment)}
    if step.names_evaluation and not digest:
        missing["evaluation_digest"] = _("请指明您复核的是哪一份测算结果（指纹）。")
    if step.needs_due_date and due_on is None:
        missing["due_on"] = _("请填写新的报送截止日。")
    elif due_on is not None:
        missing["due_on"] = _fault_of_day(self_check, due_on)
    Unusable.check(missing, code="required")


def _fault_of_comment(self_check: SelfCheck, step: Step, comment: str) -> Any:
    """Where a comment must be written, it has to say something."""
    is_weighed = step.weighs_objections and (objections := objections_of(self_check))
    if not comment.strip():
        return _("请写明原因或意见。") if step.needs_comment else is_weighed and objections
    return fault_of(comment) if step.needs_comment or is_weighed else None


def _fault_of_day(self_check: SelfCheck, due_on: date) -> Any:
    if due_on < timezone.localdate():
        return _("新的截止日 %s已经过去；请填写今天或以后的日期。") % day_text(due_on)
    if due_on < self_check.fill_from:
        return _("新的截止日 %(due_on)s早于开始填报日 %(fill_from)s。") % {
            "due_on": day_text(due_on),
            "fill_from": day_text(self_check.fill_from),
        }
    return ""


def objections_of(self_check: SelfCheck) -> str:
    """In words what speaks against approving as it stands; empty when nothing does."""
    found = listed(_objections(self_check))
    return gettext("%s。仍要通过的，请在补充说明里写明理由。") % found if found else ""


def _objections(self_check: SelfCheck) -> Iterator[str]:
    newest = self_check.evaluations.order_by("-number").values("pk")[:1]
    rejected = IndicatorReview.objects.filter(evaluation=Subquery(newest), word=Word.REJECTED)
    codes = list(rejected.order_by("indicator").values_list("indicator", flat=True))
    if codes:
        yield gettext("不认可的指标：%s") % ", ".join(codes)
    remarks = self_check.comments.filter(parent=None, settled_at=None)
    open_remarks = remarks.filter(written_by__role__in=MUNICIPAL_ROLES).count()
    if open_remarks:  # what the district wrote down itself is no objection
        yield gettext("还有 %s 条意见没有办结") % open_remarks
