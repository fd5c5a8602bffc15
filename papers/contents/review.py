"""What was decided on a self-check, and the receipt of what was handed in."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict
from districts.wording import moment_text
from indicators.wording import VERDICTS
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.models.review import Word
from selfchecks.remarks import place_of
from selfchecks.services.undoing import standing
from selfchecks.workflow import DECIDING, SENDING, STEP

from .words import DEMO, day_of, figure, yes

NONE_YET = _("这份自查还没有复核决定，没有复核意见可出。")
CHANGED = _("作出这个决定以后，指标意见又改过，当时的复核意见已不能照原样生成；请看审核记录。")


def opinion(self_check: SelfCheck, day: date) -> dict[str, Any]:
    """The newest decision of the day that stands. Raises Conflict while there is none, or when
    words on indicators are no longer those it was made with."""
    rows = standing(DECIDING, day=day).filter(self_check=self_check, evaluation__isnull=False)
    entry = rows.select_related("evaluation__standard").order_by("number").last()
    if entry is None or entry.evaluation is None:
        raise Conflict(NONE_YET, code="no_decision")
    standard = entry.evaluation.standard
    names = {each.code: each.display_name for each in standard.indicators.all()}
    return {
        "unit": self_check.district.display_name,
        "year": figure(self_check.year),
        "decision": str(STEP[entry.step].label),
        "decided_on": day_of(timezone.localdate(entry.taken_at)),
        "inspector": entry.actor_name,
        "comment": entry.comment,
        "due_on": day_of(entry.due_on, ""),
        "verdict": str(VERDICTS[entry.evaluation.verdict]),
        "standard": standard.code,
        "digest": entry.evaluation.digest,
        "words": list(_words(entry, names)),
        "remarks": list(_remarks(self_check, entry, day)),
        "demo": yes(self_check.is_demo, DEMO),
    }


def _words(entry: ReviewEntry, names: dict[str, str]) -> Any:
    assert entry.evaluation
    reviews = entry.evaluation.indicator_reviews.all()
    if any(review.reviewed_at > entry.taken_at for review in reviews):
        raise Conflict(CHANGED, code="words_changed")
    for review in reviews:
        if review.word != Word.ACCEPTED:
            yield {
                "code": review.indicator,
                "name": names.get(review.indicator, ""),
                "word": str(review.get_word_display()),
                "note": review.note,
            }


def _remarks(self_check: SelfCheck, entry: ReviewEntry, day: date) -> Any:
    """Those that were there when it was decided, and whether they were settled by the day."""
    rows = self_check.comments.filter(parent=None, written_at__lte=entry.taken_at)
    schools = dict(self_check.school_records.values_list("school_code", "school_name"))
    for number, row in enumerate(rows, 1):
        is_settled = row.settled_at and timezone.localdate(row.settled_at) <= day
        yield {
            "number": figure(number),
            "place": place_of(row, schools.get(row.school_code, "")),
            "text": row.text,
            "settled": "已办结" if is_settled else "未办结",
        }


def receipt(entry: ReviewEntry, _day: date) -> dict[str, Any]:
    """What the page of the receipt says."""
    assert entry.evaluation
    sent = entry.self_check.trail.filter(step__in=SENDING, number__lt=entry.number).last()
    upload = entry.upload
    return {
        "number": entry.receipt,
        "unit": entry.self_check.district.display_name,
        "year": figure(entry.self_check.year),
        "taken_at": moment_text(entry.taken_at),
        "days_late": figure(entry.days_late or None, none=""),
        "officer": sent.actor_name if sent else "没有记录",
        "signatory": entry.actor_name,
        "standard": entry.evaluation.standard.code,
        "upload": figure(upload.number) if upload else "",
        "file": upload.display_name if upload else "",
        "sha256": upload.sha256 if upload else "",
        "verdict": str(VERDICTS[entry.evaluation.verdict]),
        "digest": entry.evaluation.digest,
        "demo": yes(entry.self_check.is_demo, DEMO),
    }
