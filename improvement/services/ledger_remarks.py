"""What a returned self-check was returned for, as problems of the ledger."""

from collections.abc import Iterator
from typing import Any

from districts.models import User
from districts.roles import MUNICIPAL_ROLES
from improvement.ledger_steps import STEP
from improvement.models import Problem
from improvement.models.ledger import Kind, Source
from improvement.services.ledger_round import keep, moved_by, new_problem
from selfchecks.models import Evaluation, SelfCheck
from selfchecks.models.review import Word


def raise_remarks(*, evaluation: Evaluation, by: User | None) -> None:
    """Every word that was not accepted and every remark that is not settled becomes a problem."""
    told = {**dict(_of_words(evaluation)), **dict(_of_comments(evaluation.self_check))}
    rows = Problem.objects.select_for_update().filter(source=Source.REVIEW, key__in=told)
    known = {row.key: row for row in rows}
    over = (row for row in known.values() if row.state in STEP["fails"].sources)
    again = [moved_by(row, "fails", evaluation) for row in over]
    new = [
        new_problem(evaluation, Source.REVIEW, key, kind=Kind.EVIDENCE, **said)
        for key, said in told.items()
        if key not in known
    ]
    keep(moved={"fails": again}, born=new, evaluation=evaluation, by=by)


def _of_words(evaluation: Evaluation) -> Iterator[tuple[str, dict[str, Any]]]:
    reference = evaluation.self_check.reference
    for row in evaluation.indicator_reviews.exclude(word=Word.ACCEPTED):
        said = {"indicator": row.indicator, "words": row.note[:1000]}
        yield f"{reference}:{row.indicator}", said


def _of_comments(self_check: SelfCheck) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = self_check.comments.filter(
        parent=None, settled_at=None, written_by__role__in=MUNICIPAL_ROLES
    )
    names = dict(self_check.school_records.values_list("school_code", "school_name"))
    for row in rows:
        said = {
            "indicator": row.indicator,
            "school_code": row.school_code,
            "words": row.text[:1000],
        }
        yield f"comment-{row.pk}", {**said, "school_name": names.get(row.school_code, "")}
