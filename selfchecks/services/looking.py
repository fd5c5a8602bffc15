"""Gathers what attention rests on: of a submission as it is stored, or of the figures as they are.

What is stored is not judged again; only what one figure decides is asked of the engine anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from indicators.calculation.intake import read_payload
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.services.rules import rules_of
from selfchecks.models import Evaluation, SelfCheck, State, Upload
from selfchecks.services import evaluations
from selfchecks.services.attending import attend
from selfchecks.services.attention import Attention, Basis, Key, Kind, Past
from selfchecks.services.checking import last_year_of, uncollected
from selfchecks.services.differences import (
    Comparison,
    Difference,
    compare,
    compare_payloads,
    since_decision,
)
from selfchecks.services.evaluations import Recent
from selfchecks.services.reported import Place, Reported, from_payload, from_records
from selfchecks.workflow import DECIDING, steps_with

RETURNING = steps_with(target=State.RETURNED)


Looked = tuple[Basis, Attention]
# Stored results never change, so what they rest on needs no second look by this process.
_FOUND = Recent[tuple[Any, ...], Looked](size=4)


def look(self_check: SelfCheck, evaluation: Evaluation) -> Looked:
    """What whoever decides on this submission should look at; it may come without its figures."""
    decided = self_check.trail.filter(step__in=DECIDING, evaluation__number__lt=evaluation.number)
    year = SelfCheck.objects.filter(district=self_check.district_id, year=self_check.year - 1)
    question = (
        *(evaluation.pk, evaluation.digest, evaluation.evaluated_at),
        decided.values_list("evaluation_id", flat=True).last(),
        *year.values_list("approved_evaluation_id", "pk", "version"),
    )
    known = _FOUND.find(question)
    if known is None:
        with uncollected():  # some ten thousand objects, all of which stay
            basis = at_submission(self_check, evaluation)
            known = basis, attend(basis)
        _FOUND.keep(question, known)
    return known


def at_submission(self_check: SelfCheck, evaluation: Evaluation) -> Basis:
    """Against the version that was last decided on, else the one before, and the last year."""
    rules = Rules.from_dict(evaluation.rules)
    return Basis(
        inputs=read_payload(evaluation.inputs, rules, is_stored=True),
        rules=rules,
        outcome=evaluation.result,
        pasts=(*_version_before(self_check, evaluation), *_stored_year(self_check, evaluation)),
        **warned(self_check, evaluation.upload),
    )


def before_submission(self_check: SelfCheck, upload: Upload, outcome: Outcome) -> Basis:
    """The same of the figures that would be submitted, judged already."""
    now = from_records(self_check)
    return Basis(
        inputs=evaluations.read_inputs(self_check, now),
        rules=rules_of(self_check.standard),
        outcome=outcome,
        pasts=(*_upload_before(self_check, upload, now), *_year_before(self_check, now)),
        **warned(self_check, upload),
    )


def _version_before(self_check: SelfCheck, newest: Evaluation) -> Iterator[Past]:
    decided = since_decision(self_check, newest)
    seen = decided.seen if decided else None
    if seen is None:
        seen = self_check.evaluations.filter(number__lt=newest.number).order_by("number").last()
    if seen:
        yield Past(Kind.VERSION, compare_payloads(seen.inputs, newest.inputs), seen.result)


def _stored_year(self_check: SelfCheck, newest: Evaluation) -> Iterator[Past]:
    approved = evaluations.approved_before(self_check)
    if approved:
        yield Past(Kind.YEAR, compare_payloads(approved.inputs, newest.inputs), approved.result)
    else:
        yield from _year_before(self_check, from_payload(newest.inputs))


def _upload_before(self_check: SelfCheck, upload: Upload, now: Reported) -> Iterator[Past]:
    """Since the figures were sent back, else since the version before."""
    entry = self_check.trail.filter(step__in=RETURNING).select_related("evaluation").last()
    seen = entry and (entry.evaluation or self_check.approved_evaluation)
    if seen:
        yield Past(Kind.VERSION, compare(from_payload(seen.inputs), now), seen.result)
    elif upload.changes and self_check.uploads.filter(kept_at__isnull=False).count() > 1:
        items = tuple(Difference(**item) for item in upload.changes["items"])
        added, removed = tuple(upload.changes["added"]), tuple(upload.changes["removed"])
        yield Past(Kind.VERSION, Comparison(added, removed, items))


def _year_before(self_check: SelfCheck, now: Reported) -> Iterator[Past]:
    """What was approved a year ago; reported only, when nothing was approved."""
    approved = evaluations.approved_before(self_check)
    before = from_payload(approved.inputs) if approved else last_year_of(self_check)
    if before.schools:
        yield Past(Kind.YEAR, compare(before, now), approved.result if approved else None)


def warned(self_check: SelfCheck, upload: Upload) -> Mapping[str, Any]:
    """Warnings, reasons, and which school stands on which row."""
    findings = [finding for finding in upload.findings if finding["level"] == "warning"]
    found: dict[tuple[str, int], str] = {}
    if findings:
        rows = self_check.school_records.values_list("sheet", "cells__school_code", "school_code")
        found = {(sheet, _row(cell)): code for sheet, cell, code in rows if cell}
    return {"findings": findings, "reasons": upload.reasons, "rows": found}


def _row(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def place_of(self_check: SelfCheck, key: Key) -> Place:
    """The sheet and cell of the workbook an item's figure came from."""
    if key.school:
        rows = self_check.school_records.filter(school_code=key.school)
        for sheet, cells in rows.values_list("sheet", "cells"):
            return Place(sheet, cells.get(key.field or "school_code", ""))
    rows = self_check.district_records.filter(item=key.field)
    for sheet, cell in rows.values_list("sheet", "cell"):
        return Place(sheet, cell)
    return Place()
