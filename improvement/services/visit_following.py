"""What a visit's end leads to: problems of the ledger, those that no longer stand, notices."""

from typing import Any

from django.db.models import QuerySet

from audit.models import Entry
from districts.models import User
from districts.roles import DISTRICT_ROLES
from improvement.ledger.steps import STEP
from improvement.models import Finding, Problem, Visit, VisitState
from improvement.models.ledger import Source
from improvement.services import ledger, ledger_acts
from selfchecks.services import notices

FINISHED, TAKEN_BACK = "visit_finished", "visit_taken_back"
UNFOUNDED = STEP["unfounded"]


def follow(visit: Visit, *, step: str, by: User, words: str) -> None:
    """What the district learns, and what its ledger gains or loses."""
    if step == "take_back":
        _tell(visit, by, TAKEN_BACK, reason=words)
    elif step == "finish":
        count = _enter(visit, by=by)
        _withdraw(visit, by=by, words=words)
        seen = visit.schools.exclude(visited_on=None).count()
        facts = {"schools": seen, "count": count, "page": ["visit", visit.reference]}
        _tell(visit, by, FINISHED, **facts)
    elif step == "cancel":
        _withdraw(visit, by=by, words=words)


def _enter(visit: Visit, *, by: User) -> int:
    """Every finding that was not taken back; says how many there are."""
    rows = _live(visit)
    for row in rows:
        ledger.found(
            by=by,
            district=visit.district,
            source=Source.VISIT,
            key=row.key,
            indicator=row.indicator,
            school_code=row.school.school_code,
            words=row.words,
            found=row.found,
        )
    return len(rows)


def _withdraw(visit: Visit, *, by: User, words: str) -> None:
    """Problems that an earlier end of the visit raised and nothing stands for now are void, unless
    somebody has asked for their closing or closed them."""
    stands = {row.key for row in _live(visit)} if visit.state == VisitState.FINISHED else set()
    of_visit = {"source": Source.VISIT, "key__startswith": f"{visit.reference}/"}
    rows = Problem.objects.select_for_update(of=("self",)).select_related("district")
    raised = rows.filter(state__in=UNFOUNDED.sources, **of_visit)
    gone = [row for row in raised if row.key not in stands]
    if gone:
        ledger_acts.FLOW.carry_out(rows=gone, edge=UNFOUNDED, by=by, said={"comment": words})


def _live(visit: Visit) -> "QuerySet[Finding]":
    return Finding.objects.filter(school__visit=visit, removed_at=None).select_related(
        "school__visit__district"
    )


def _tell(visit: Visit, by: User, kind: str, **facts: Any) -> None:
    """The district learns that people were there and what they found, or that it is not over.

    A visit may end several times: the entry that says so tells them apart.
    """
    notices.post(
        kind=kind,
        to=notices.people_in(visit.district_id, DISTRICT_ROLES),
        key=f"{visit.reference}.{Entry.objects.latest('number').number}",
        by=by,
        district=visit.district,
        year=visit.year,
        **facts,
    )
