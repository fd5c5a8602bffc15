"""Names what a remark speaks of in an address or a button, and reads it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.refusals import Unusable
from indicators import wording
from selfchecks.models import ReviewComment, SchoolRecord, SelfCheck
from selfchecks.services.reviews import Target


@dataclass(frozen=True, slots=True)
class Named:
    """A target with the words a person reads."""

    target: Target
    words: str


def named(self_check: SelfCheck, text: str) -> Named:
    """``A2|2150006001|backbone_teachers_primary`` with its cell as the record knows it.

    Raises Unusable for anything else than three parts.
    """
    parts = text.split("|")
    if len(parts) != 3 or not any(parts):
        raise Unusable(_("请指明意见针对哪个指标、哪所学校或哪个单元格。"))
    indicator, school_code, field = parts
    record = None
    if school_code:
        rows = SchoolRecord.objects.filter(self_check=self_check, school_code=school_code[:10])
        record = rows.first()
    cell = record.cells.get(field, "") if record else ""
    sheet = record.sheet if record and cell else ""
    target = Target(indicator[:8], school_code[:12], field[:40], sheet, cell)
    return Named(target, _words(target, record.school_name if record else school_code))


def with_places(
    self_check: SelfCheck, threads: Sequence[ReviewComment]
) -> list[tuple[ReviewComment, str]]:
    """Remarks, each with what it speaks of in words; a school by its name."""
    codes = {row.school_code for row in threads if row.school_code}
    named = self_check.school_records.filter(school_code__in=codes)
    names = dict(named.values_list("school_code", "school_name"))
    return [(row, of_comment(row, names)) for row in threads]


def of_comment(comment: ReviewComment, names: Mapping[str, str]) -> str:
    """What a remark speaks of, in words."""
    target = Target(
        comment.indicator, comment.school_code, comment.field, comment.sheet, comment.cell
    )
    return _words(target, names.get(comment.school_code, comment.school_code))


def _words(target: Target, school: str) -> str:
    place = f"{target.sheet} {target.cell}".strip()
    label = wording.label_of(target.field) if target.field else ""
    return " · ".join(part for part in (target.indicator, school, label, place) if part)
