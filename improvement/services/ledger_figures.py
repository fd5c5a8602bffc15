"""What decisions on a self-check do to the ledger: approved figures raise problems, propose to
close them and open them again; a return makes problems of its remarks.

Only figures whose approval stands speak, and only those of the newest year that has any.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.db.models import Q

from districts.models import User
from improvement.ledger.steps import FIGURES, FIND, STEP
from improvement.ledger.words import MOST_NAMED, REQUIREMENT, SPREAD, THRESHOLD, VETO
from improvement.models import Problem
from improvement.models.ledger import AT_BUREAU, Kind, Source, State
from improvement.services.ledger import Said
from improvement.services.ledger_remarks import accept_remarks, raise_remarks
from improvement.services.ledger_round import keep, moved_by, new_problem, said_by
from improvement.shortfall.judged import Judged, judged
from indicators.models import Indicator
from indicators.models.indicator import Kind as Judging
from indicators.requirements import found_and_needed
from indicators.services.rules import indicators_of
from selfchecks.models import Evaluation, ReviewEntry, SelfCheck
from selfchecks.workflow import APPROVING, RETURNING
from selfchecks.workflow import STEP as DECISION

READ = ("state", "found", "required", "gap")  # of what a step changes; it sets the rest


def follow(entry: ReviewEntry) -> None:
    """In the transaction of a step on a self-check."""
    decision = DECISION[entry.step]
    if entry.evaluation and entry.step in APPROVING:
        judge(evaluation=entry.evaluation, by=entry.actor)
        accept_remarks(evaluation=entry.evaluation, by=entry.actor)
    elif entry.evaluation and entry.step in RETURNING:
        raise_remarks(evaluation=entry.evaluation, by=entry.actor)
    elif entry.evaluation and decision.undoes:
        forget(evaluation=entry.evaluation, by=entry.actor, comment=entry.comment)


def judge(*, evaluation: Evaluation, by: User | None) -> None:
    """Hold the district's ledger against a result that was just approved."""
    self_check = evaluation.self_check
    if _is_overtaken(self_check):
        return
    places = judged(evaluation.result, self_check.district.code)
    failing = {key: each for key, each in places.items() if each.verdict == "not_met"}
    known = _known(self_check, failing)
    moved: dict[str, list[Said]] = defaultdict(list)
    for key, row in known.items():
        place = places.get(key)
        if step := _step_of(row, place):
            figures = _figures(place) if place else None
            moved[step].append(moved_by(row, step, evaluation, figures))
    new = {key: failing[key] for key in failing.keys() - known.keys()}
    born = list(_born(new, evaluation)) if new else []
    keep(moved=moved, born=born, evaluation=evaluation, by=by)


def _known(self_check: SelfCheck, failing: Iterable[str]) -> dict[str, Problem]:
    """What figures can say something new of: what was closed for years stays unread."""
    rows = Problem.objects.select_for_update().filter(
        ~Q(state=State.CLOSED) | Q(key__in=list(failing)),
        district=self_check.district_id,
        source=Source.EVALUATION,
    )
    return {row.key: row for row in rows.only("key", "kind", *READ)}


def _is_overtaken(self_check: SelfCheck) -> bool:
    later = SelfCheck.objects.filter(
        district=self_check.district_id,
        year__gt=self_check.year,
        approved_evaluation__isnull=False,
    )
    return later.exists()


def _step_of(row: Problem, place: Judged | None) -> str:
    """What the figures do to a problem; empty where they say nothing new of it."""
    verdict = place.verdict if place else "unknown"
    if verdict == "not_met" and row.state in STEP["fails"].sources:
        return "fails"
    if row.kind != Kind.NUMERIC:
        return ""
    if verdict == "met" and row.state in STEP["meets"].sources:
        return "meets"
    if verdict == "unknown":
        return "unproved" if row.state == State.PROPOSED else ""
    is_open = row.state in AT_BUREAU or row.state == State.PROPOSED
    return FIGURES if is_open and place and _figures(place) != said_by(row) else ""


def _figures(place: Judged) -> tuple[Any, ...]:
    """Found, required and gap as a row keeps them."""
    check = place.check
    if check is None:
        return place.found, place.required, place.gap
    if check.inputs.get("value") and check.inputs.get("needed"):
        return *found_and_needed(check), None
    return (str(len(check.failing)), "0", len(check.failing)) if check.failing else ("", "", None)


def _born(places: dict[str, Judged], evaluation: Evaluation) -> Iterator[Problem]:
    asked = {row.code: row for row in indicators_of(evaluation.standard)}
    for key, place in sorted(places.items()):
        yield new_problem(evaluation, Source.EVALUATION, key, **_told(place, asked))


def _told(place: Judged, asked: dict[str, Indicator]) -> dict[str, Any]:
    found, required, gap = _figures(place)
    row = asked.get(place.indicator)
    by_evidence = row is None or row.kind == Judging.EVIDENCE
    of_schools = bool(place.check and place.check.failing)
    return {
        "kind": Kind.EVIDENCE if by_evidence else Kind.NUMERIC,
        "indicator": place.indicator,
        "stage": place.stage,
        "school_code": place.school_code,
        "school_name": place.school_name,
        **_sentence(place, row),
        **{"found": found, "required": required, "gap": gap},
        "unit": "所" if of_schools else row.unit if row and place.school_code else "",
    }


def _sentence(place: Judged, indicator: Indicator | None) -> dict[str, Any]:
    """What the words of the problem are made of."""
    if indicator is None:
        return {"sentence": VETO, "facts": {"item": place.indicator}}
    facts: dict[str, Any] = {"name": indicator.name, "english_name": indicator.english_name}
    if place.school_code or place.stage:
        return {"sentence": THRESHOLD if place.school_code else SPREAD, "facts": facts}
    failing = place.check.failing if place.check else ()
    facts["failing"] = [asdict(each) for each in failing[:MOST_NAMED]]
    return {"sentence": REQUIREMENT, "facts": facts}


def forget(*, evaluation: Evaluation, by: User | None, comment: str) -> None:
    """A decision on the result was taken back: what it raised is void, what it proved is open."""
    own = Problem.objects.select_for_update().filter(district=evaluation.self_check.district_id)
    proved = own.filter(
        evaluation=evaluation, kind=Kind.NUMERIC, state__in=STEP["unproved"].sources
    )
    born = own.filter(state__in=AT_BUREAU, entries__step=FIND, entries__evaluation=evaluation)
    found = {"unproved": list(proved), "unfounded": list(born)}  # both before either changes
    moved = {
        step: [moved_by(row, step, evaluation) for row in rows] for step, rows in found.items()
    }
    keep(moved=moved, born=[], evaluation=evaluation, by=by, comment=comment)
