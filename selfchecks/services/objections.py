"""What an inspector left open: remarks not settled, and indicators they did not accept."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from districts.roles import MUNICIPAL_ROLES
from districts.wording import listed
from selfchecks.models import IndicatorReview, SelfCheck
from selfchecks.models.review import Word
from selfchecks.services import evaluations


def objections_of(self_check: SelfCheck) -> str:
    """In words what speaks against approving as it stands; empty when nothing does."""
    found = listed(_found(self_check))
    return _("%s。仍要通过的,请在补充说明里写明理由。") % found if found else ""


def _found(self_check: SelfCheck) -> Iterator[str]:
    evaluation = evaluations.latest(self_check)
    rejected = IndicatorReview.objects.filter(evaluation=evaluation, word=Word.REJECTED)
    codes = list(rejected.order_by("indicator").values_list("indicator", flat=True))
    if codes:
        yield _("不认可的指标:%s") % ", ".join(codes)
    remarks = self_check.comments.filter(parent=None, settled_at=None)
    open_remarks = remarks.filter(written_by__role__in=MUNICIPAL_ROLES).count()
    if open_remarks:  # what the district wrote down itself is no objection
        yield _("还有 %s 条意见没有办结") % open_remarks
