"""Gathers what attention rests on: of a submission as it is stored, or of the figures as they are;
and keeps who has looked at what.

What is stored is not judged again; only what one figure decides is asked of the engine anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from districts.models import User
from indicators.calculation.intake import read_payload
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.services.rules import rules_of
from selfchecks.models import Evaluation, Looked, SelfCheck, State, Upload
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


Look = tuple[Basis, Attention]
# Stored results never change, so what they rest on needs no second look by this process.
_FOUND = Recent[tuple[Any, ...], Look](size=4)


def look(self_check: SelfCheck, evaluation: Evaluation) -> Look:
    """What whoever decides on this submission should look at; it may come without its figures."""
    question = (
        *(evaluation.pk, evaluation.digest, evaluation.evaluated_at, self_check.standard_id),
        *_rests_on(self_check, evaluation),
    )
    known = _FOUND.find(question)
    if known is None:
        with uncollected():  # some ten thousand objects, all of which stay
            basis = at_submission(self_check, evaluation)
            known = basis, attend(basis)
        _FOUND.keep(question, known)
    return known


def newest(self_check: SelfCheck, viewer: User) -> Any:
    """The newest result without what only a first look needs; ``looked`` at by the viewer, and
    what the look ``rests_on``."""
    heavy = ("inputs", "rules", "outcome", "upload__findings")
    own = Looked.objects.visible_to(viewer).filter(evaluation=OuterRef("pk"))
    rows = self_check.evaluations.select_related("upload", "evaluated_by").defer(*heavy)
    facts = {f"rests_on_{name}": asked for name, asked in _earlier(self_check).items()}
    return rows.annotate(looked=own.values("items")[:1], **facts).order_by("-number").first()


def _rests_on(self_check: SelfCheck, evaluation: Any) -> tuple[Any, ...]:
    names = [f"rests_on_{name}" for name in _earlier(self_check)]
    if not hasattr(evaluation, names[0]):
        rows = Evaluation.objects.filter(pk=evaluation.pk).annotate(
            **dict(zip(names, _earlier(self_check).values(), strict=True))
        )
        return tuple(rows.values_list(*names))
    return (tuple(getattr(evaluation, name) for name in names),)


def _earlier(self_check: SelfCheck) -> dict[str, Any]:
    """What was decided on before an evaluation, and the year before as it is now."""
    decided = self_check.trail.filter(
        step__in=DECIDING, evaluation__number__lt=OuterRef("number")
    ).order_by("-number")
    year = SelfCheck.objects.filter(district=self_check.district_id, year=self_check.year - 1)
    found = {"decided": Subquery(decided.values("evaluation_id")[:1])}
    of_year = ("approved_evaluation_id", "pk", "version")
    return found | {name: Subquery(year.values(name)[:1]) for name in of_year}


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


@transaction.atomic
def mark_looked(*, evaluation: Evaluation, item: str, by: User) -> None:
    """Like reading a letter it changes nothing of the review, and leaves no entry."""
    rows = Looked.objects.select_for_update()
    own, _is_new = rows.get_or_create(person=by, evaluation=evaluation)
    if item not in own.items:
        own.items.append(item)
        own.save(update_fields=["items"])
