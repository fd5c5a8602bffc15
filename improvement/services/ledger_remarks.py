"""What a returned self-check was returned for, as problems of the ledger, until it is settled."""

from collections.abc import Iterator
from typing import Any

from districts.models import User
from districts.roles import MUNICIPAL_ROLES
from improvement.ledger.steps import STEP
from improvement.models import Problem
from improvement.models.ledger import Kind, Source
from improvement.services.ledger_acts import FLOW
from improvement.services.ledger_round import keep, moved_by, new_problem
from selfchecks.models import Evaluation, IndicatorReview, ReviewComment, SelfCheck
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


def accept_remarks(*, evaluation: Evaluation, by: User | None) -> None:
    """On approval: what an earlier round doubted and this one accepts waits to be closed."""
    rows = evaluation.indicator_reviews.filter(word=Word.ACCEPTED)
    propose([_key_of(row) for row in rows], by)


def settle_remark(remark: ReviewComment) -> None:
    """In the transaction in which an inspector was done with a remark."""
    propose([f"comment-{remark.pk}"], remark.settled_by)


def propose(keys: list[str], by: User | None) -> None:
    """Problems of a review that the bureau has at hand; an inspector closes them."""
    edge = STEP["settled"]
    rows = Problem.objects.select_for_update(of=("self",)).select_related("district")
    found = list(rows.filter(source=Source.REVIEW, key__in=keys, state__in=edge.sources))
    if found:
        FLOW.carry_out(rows=found, edge=edge, by=by, said={})


def _key_of(row: IndicatorReview) -> str:
    return f"{row.evaluation.self_check.reference}:{row.indicator}"


def _of_words(evaluation: Evaluation) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in evaluation.indicator_reviews.exclude(word=Word.ACCEPTED):
        yield _key_of(row), {"indicator": row.indicator, "words": row.note[:1000]}


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
