"""What was reported on a measure, and what it was before it was changed, in the reader's words."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import day_text, grouped
from improvement.models import Measure, Progress
from improvement.plans.words import money
from improvement.school_plans.measure import amount_of


def history_of(measure: Measure) -> dict[str, Any]:
    """Reports and revisions, the newest first."""
    reports = [*measure.progress.select_related("reported_by").order_by("-pk")]
    revisions = [*measure.revisions.select_related("made_by").order_by("-number")]
    for report in reports:
        report.done_words = _done(measure, report)
    for revision in revisions:
        revision.told = [*words_of(revision.changes)]
    return {"reports": reports, "revisions": revisions}


def _done(measure: Measure, report: Progress) -> str:
    return "" if report.done is None else amount_of(measure, report.done)


def words_of(changes: Mapping[str, Any]) -> Iterator[str]:
    """完成期限：2027年8月31日 → 2028年6月30日."""
    for name, (before, after) in changes.items():
        label = Measure._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        found = {"name": label, "before": _text(name, before), "after": _text(name, after)}
        yield _("%(name)s：%(before)s → %(after)s") % found


def _text(name: str, value: Any) -> str:
    """A value as the audit keeps it."""
    if value in (None, ""):
        return _("空")
    if name == "cost":
        return money(Decimal(value))
    if name == "amount":
        return grouped(Decimal(value))
    if name in ("start", "due"):
        return day_text(date.fromisoformat(value))
    choices = dict(getattr(Measure._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))
