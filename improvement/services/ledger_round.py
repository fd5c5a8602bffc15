"""Keeps what a decision on a self-check does to the ledger: all at once, in few statements."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from audit.seals import note
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES
from improvement.ledger.steps import FIND, STEP
from improvement.models import Problem
from improvement.services.ledger import Said, write
from selfchecks import clock
from selfchecks.models import Evaluation
from selfchecks.services.notices import people_in, post
from selfchecks.services.writing import update

MOVED = ("id", "state", "found", "required", "gap", "evaluation_id", "changed_at")
Figures = tuple[Any, ...]  # found, required and gap, as a row keeps them


def said_by(row: Problem) -> Figures:
    return row.found, row.required, row.gap


def new_problem(evaluation: Evaluation, source: str, key: str, **told: Any) -> Problem:
    now = clock.now()
    return Problem(
        district_id=evaluation.self_check.district_id,
        source=source,
        key=key,
        evaluation=evaluation,
        raised_at=now,
        changed_at=now,
        **told,
    )


def moved_by(
    row: Problem, step: str, evaluation: Evaluation, figures: Figures | None = None
) -> Said:
    """The problem as the step and the figures leave it, not kept yet."""
    was, before = row.state, said_by(row)
    if figures:
        row.found, row.required, row.gap = figures
    row.evaluation_id, row.changed_at = evaluation.pk, clock.now()
    if step in STEP:
        row.state = STEP[step].target
    pairs = zip(("found", "required"), before, said_by(row), strict=False)
    return row, was, {name: [old, new] for name, old, new in pairs if old != new}


def keep(
    *,
    moved: Mapping[str, Sequence[Said]],
    born: Sequence[Problem],
    evaluation: Evaluation,
    by: User | None,
    comment: str = "",
) -> None:
    """Rows, histories, one entry of the record and one notice a person, in few statements."""
    new: list[Said] = [(row, "", {}) for row in Problem.objects.bulk_create(born)]
    _update([row for said in moved.values() for row, _was, _changes in said])
    told = {step: said for step, said in {FIND: new, **moved}.items() if said}
    for step, said in told.items():
        write(said=said, step=step, by=by, evaluation=evaluation, comment=comment)
    counts = {step: len(said) for step, said in told.items()}
    if not counts:
        return
    self_check = evaluation.self_check
    record(
        action="problem.follow",
        by=by,
        on=self_check,
        district_code=self_check.district.code,
        changes={"problems": counts, "digest": evaluation.digest},
        reason=comment,
    )
    _tell(evaluation, counts, by)


def _update(rows: list[Problem]) -> None:
    kept = map(attrgetter(*MOVED), rows)
    update(Problem, [dict(zip(MOVED, values, strict=True)) for values in kept])
    note(Problem, [row.pk for row in rows])


def _tell(evaluation: Evaluation, counts: dict[str, int], by: User | None) -> None:
    """The district hears what came in, what may be closed and what is open again."""
    told: dict[str, Any] = {name: counts.get(name, 0) for name in (FIND, "meets", "fails")}
    if any(told.values()):
        district = evaluation.self_check.district
        post(
            kind="ledger.figures",
            to=people_in(district.pk, DISTRICT_ROLES),
            key=f"{evaluation.pk}:{clock.now():%Y%m%d%H%M}",
            page=("ledger", ""),
            by=by,
            district=district,
            **told,
        )
