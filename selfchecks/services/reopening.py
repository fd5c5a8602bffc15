"""What follows from a granted reopening: past its day the self-check is again what it was."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from audit.refusals import Refused
from selfchecks import files
from selfchecks.models import Evaluation, ReviewEntry, SelfCheck, Upload
from selfchecks.models.self_check import AT_DISTRICT
from selfchecks.services.checking import Preview, preview
from selfchecks.services.reported import from_payload
from selfchecks.services.steps import carry_out
from selfchecks.services.writing import write
from selfchecks.workbook.reading import DATA_SHEETS, Reading
from selfchecks.workflow import ASKING, DECIDING, GRANTING, LAPSING, STEP

_ENDS = (GRANTING, LAPSING, "reopen", *DECIDING)  # a later one of these ends what was granted


def lapse_all(day: date | None = None) -> int:
    """End every reopening whose day has passed; returns how many."""
    day = day or timezone.localdate()
    rows = SelfCheck.objects.filter(
        state__in=AT_DISTRICT, due_on__lt=day, approved_evaluation__isnull=False
    )
    return sum(lapse(self_check=row, day=day) for row in rows.order_by("pk"))


@transaction.atomic
def lapse(*, self_check: SelfCheck, day: date) -> bool:
    """The state, the due date and the figures of before, and the approved result untouched; False
    when the district was faster, or was not given a day on its own request."""
    rows = SelfCheck.objects.select_for_update(of=("self",)).select_related("district")
    locked = rows.get(pk=self_check.pk)
    grant, approved = granted(locked), locked.approved_evaluation
    if not (grant and approved and locked.awaits_district and locked.due_on < day):
        return False
    _let_count_again(approved, locked)
    locked.standard = approved.standard
    carry_out(locked, STEP[LAPSING], None, due_on=grant.was_due_on)
    return True


def pending_requests() -> QuerySet[ReviewEntry]:
    """What districts asked and nobody has answered, the oldest first."""
    later = ReviewEntry.objects.filter(
        self_check=OuterRef("self_check"), number__gt=OuterRef("number")
    )
    asked = ReviewEntry.objects.filter(~Exists(later), step=ASKING)
    return asked.select_related("self_check__district").order_by("taken_at")


def granted(self_check: SelfCheck) -> ReviewEntry | None:
    """The grant under which the district changes an approved self-check now."""
    last = self_check.trail.filter(step__in=_ENDS).last()
    return last if last and last.step == GRANTING else None


def _let_count_again(approved: Evaluation, self_check: SelfCheck) -> None:
    """The version that was approved, with the very figures that were evaluated."""
    upload = Upload.objects.get(pk=approved.upload_id)
    upload.self_check = self_check
    if upload.is_current:
        return
    for other in self_check.uploads.filter(is_current=True):
        other.is_current = False
        other.save(update_fields=["is_current"])
    upload.is_current = True
    upload.save(update_fields=["is_current"])
    write(upload, _as_approved(approved, upload))


def _as_approved(approved: Evaluation, upload: Upload) -> Preview:
    """The file is read again for its cells alone: whatever register and last year say by now, or
    if it is gone, the figures are those of the snapshot."""
    given: dict[str, Any] = {"self_check": upload.self_check, "name": upload.display_name}
    reading, lines = Reading(), {}
    try:
        found = preview(content=files.content_of(upload), **given)
        reading, lines = found.reading, dict(found.reported.lines)
    except Refused:
        pass
    figures = from_payload(approved.inputs)
    # A snapshot leaves out what is blank; a row says that it was asked.
    blank = dict.fromkeys(upload.self_check.district_records.values_list("item", flat=True))
    figures = replace(figures, district={**blank, **figures.district}, lines=lines)
    sheets = {layout.name: layout.name for layout in DATA_SHEETS} | dict(reading.sheets)
    return Preview(
        self_check=upload.self_check,
        display_name=upload.display_name,
        sha256=upload.sha256,
        size=upload.size,
        reading=replace(reading, sheets=sheets),
        reported=figures,
        findings=[],
        inputs=None,
    )
