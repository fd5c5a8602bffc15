"""Writes the ledger: every line once, every change with its entry in the line's own history."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from audit.services import check, record, snapshot
from districts.models import District, School, User
from improvement.ledger.steps import FIND
from improvement.models import Problem, ProblemEntry
from improvement.models.ledger import Kind
from selfchecks import clock
from selfchecks.models import Evaluation
from selfchecks.services.steps import BY_ITSELF
from selfchecks.services.writing import upsert

CHUNK = 1000  # rows of one statement: PostgreSQL takes 65,535 values

_SAID = (
    *("source", "indicator", "school_code", "words", "sentence"),
    *("found", "required", "gap", "due_on"),
)


# A problem as it stands now, the state it came from, what changed of it.
Said = tuple[Problem, str, dict[str, Any]]


def found(
    *,
    by: User | None,
    district: District,
    source: str,
    key: str,
    school_code: str = "",
    words: str = "",
    **told: Any,
) -> Problem:
    """The line of the ledger for what was found; the same ``source`` and ``key`` make it once.

    It says ``words``, or what a ``sentence`` makes of ``facts``; what else is ``told`` are fields
    of a problem. ``by`` is None for what figures show. A line that is there already is given back
    as it stands. Raises Unusable.
    """
    known = Problem.objects.filter(source=source, key=key).select_related("district").first()
    if known:
        return known
    now = clock.now()
    row = Problem(
        district=district,
        source=source,
        key=key,
        school_code=school_code,
        school_name=_name_of(district, school_code),
        words=words.strip(),
        raised_at=now,
        changed_at=now,
        **{"kind": Kind.EVIDENCE, **told},
    )
    check(row)
    try:
        return _kept(row, by)
    except IntegrityError:  # somebody else found it in the same moment
        return Problem.objects.get(source=source, key=key)


@transaction.atomic
def _kept(row: Problem, by: User | None) -> Problem:
    row.save()
    write(said=[(row, "", {})], step=FIND, by=by)
    changes = snapshot(row, *_SAID)
    record(action="problem.find", by=by, on=row, district_code=row.district.code, changes=changes)
    return row


def _name_of(district: District, school_code: str) -> str:
    if not school_code:
        return ""
    school = School.objects.filter(district=district, code=school_code).first()
    if school is None:
        sentence = _("%(district)s没有学校标识码为「%(code)s」的学校。")
        params = {"district": district.name, "code": school_code[:20]}
        raise Unusable.at("school_code", sentence % params)
    return school.name


def write(
    *,
    said: Iterable[Said],
    step: str,
    by: User | None,
    comment: str = "",
    evaluation: Evaluation | None = None,
) -> None:
    """One entry in the history of each problem, in SQL of our own: a round has thousands."""
    shared = {
        "step": step,
        "actor_id": by.pk if by else None,
        "actor_name": by.display_name if by else BY_ITSELF,
        "taken_at": clock.now(),
        "comment": comment,
        "evaluation_id": evaluation.pk if evaluation else None,
    }
    plain = [
        {"problem_id": row.pk, "from_state": was, "to_state": row.state, "changes": what, **shared}
        for row, was, what in said
    ]
    last = ProblemEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, len(plain), CHUNK):
        some = plain[start : start + CHUNK]
        upsert(ProblemEntry, some)
        new = ProblemEntry.objects.filter(pk__gt=last, problem__in=[e["problem_id"] for e in some])
        new.note()
