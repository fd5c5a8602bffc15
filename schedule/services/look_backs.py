"""回头看: tests every approved self-check of a certified unit again, opens a case where it fell."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import fingerprint, record
from districts.models import District, School, User
from districts.roles import DISTRICT_ROLES, Role
from districts.services.calendar import working_days
from districts.wording import day_text
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED, Source
from improvement.services import ledger
from schedule.look_back_words import FELL
from schedule.look_back_workflow import HOLDING, MEASURES_WITHIN, OPENING, WITHDRAWING
from schedule.models import CaseState, CertificationEvent, LookBack, LookBackEntry, Origin, Result
from schedule.regression import Regression, heaviest, regressions
from selfchecks import clock
from selfchecks.models import Evaluation, ReviewEntry
from selfchecks.services import notices
from selfchecks.services.steps import BY_ITSELF
from selfchecks.services.undoing import UNDOING, standing
from selfchecks.workflow import APPROVING


def tag_of(look_back: LookBack) -> str:
    """Changes with every step."""
    return fingerprint(look_back, "state", "due_on", extra=(look_back.changed_at.isoformat(),))


def certified_on(district: District, day: date) -> date | None:
    """Since when the unit's certification has stood, as of the day; None while there is none."""
    decided = CertificationEvent.objects.filter(
        district=district, date__lte=day, result__in=(Result.CERTIFIED, Result.REVOKED)
    )
    last = decided.order_by("date", "pk").last()
    return last.date if last and last.result == Result.CERTIFIED else None


def follow(entry: ReviewEntry) -> None:
    """Lent to the steps of a self-check."""
    follow_step(entry=entry, by=entry.actor)


@transaction.atomic
def follow_step(*, entry: ReviewEntry, by: User | None) -> LookBack | None:
    """What a step of a self-check means here: an approval is tested, one taken back ends its case.

    Returns the test, None where there is nothing to test.
    """
    if entry.step in UNDOING:
        _withdraw(entry)
        return None
    if entry.step not in APPROVING or entry.evaluation is None:
        return None
    day = timezone.localdate(entry.taken_at)
    since = certified_on(entry.self_check.district, day)
    return _examine(entry, entry.evaluation, since) if since and since < day else None


@transaction.atomic
def examine_everyone(*, by: None) -> int:
    """Test what was approved before somebody recorded the certification; returns how many."""
    certified = CertificationEvent.objects.filter(result=Result.CERTIFIED).values("district")
    rows = standing(APPROVING).filter(
        self_check__district__in=certified, evaluation__look_backs=None
    )
    rows = rows.select_related("self_check__district", "evaluation")
    return sum(bool(follow_step(entry=entry, by=by)) for entry in rows.order_by("pk"))


def _examine(entry: ReviewEntry, evaluation: Evaluation, since: date) -> LookBack | None:
    case = LookBack.objects.filter(evaluation=evaluation).first()
    if case and case.trail.last().step != WITHDRAWING:
        return None
    before = _approved_before(entry)
    found = regressions(evaluation.result, before.result if before else None)
    case = case or LookBack(
        district=entry.self_check.district,
        origin=Origin.SELF_CHECK,
        year=entry.self_check.year,
        evaluation=evaluation,
        is_demo=entry.self_check.is_demo,
    )
    case.certified_on, case.opened_on = since, timezone.localdate(entry.taken_at)
    return keep(case=case, found=found, by=None)


def _approved_before(entry: ReviewEntry) -> Evaluation | None:
    """The newest approved result of an earlier year."""
    rows = standing(APPROVING).filter(
        self_check__district=entry.self_check.district_id,
        self_check__year__lt=entry.self_check.year,
    )
    last = rows.order_by("self_check__year", "number").last()
    return last.evaluation if last else None


def keep(*, case: LookBack, found: Iterable[Regression], by: None) -> LookBack:
    """Store a test in the caller's transaction: held, or open with a day for the measures."""
    before, found = case.state, list(found)
    case.findings, case.grade = [each.as_dict() for each in found], heaviest(found)
    case.state, case.changed_at = CaseState.HELD, clock.now()
    if case.grade:
        case.state = CaseState.OPENED
        case.due_on = working_days().after(case.opened_on, MEASURES_WITHIN)
    case.save()
    step = OPENING if case.grade else HOLDING
    write_entry(case=case, step=step, before=before, by=by)
    note(case=case, step=step, by=by, grade=case.grade, due_on=case.due_on)
    if case.grade:
        _enter_in_ledger(case, found)
        tell(case, OPENING, (*DISTRICT_ROLES, Role.INSPECTOR), by=None)
    return case


def _enter_in_ledger(case: LookBack, found: Iterable[Regression]) -> None:
    """A line for each thing that is worse and that the figures did not enter themselves; only an
    inspector closes it."""
    entered = _by_figures(case).filter(state__in=UNSOLVED).values_list("key", flat=True)
    there, code = {*entered}, case.district.code
    known = set(School.objects.filter(district=case.district).values_list("code", flat=True))
    for each in (each for each in found if each.place(code) not in there):
        ledger.found(
            by=None,
            district=case.district,
            source=Source.LOOK_BACK,
            key=_key(case, each),
            indicator=each.indicator if each.indicator not in ("A", "V") else "",
            school_code=each.school_code if each.school_code in known else "",
            sentence=FELL,
            facts=dict(each.as_dict()),
            found=each.found[:60],
            required=each.required[:60],
            due_on=case.due_on,
        )


def _by_figures(case: LookBack) -> Any:
    """What results say of the unit; nothing where the case is about a promise, not a result."""
    rows = Problem.objects.filter(district=case.district_id, source=Source.EVALUATION)
    return rows if case.evaluation_id else rows.none()


def lines_of(case: LookBack) -> list[int | None]:
    """The number of the ledger's line for each finding: its own, else the one of its figures."""
    own = Problem.objects.filter(source=Source.LOOK_BACK, key__startswith=f"{case.pk}:")
    numbers = dict(own.values_list("key", "pk"))
    by_figures = dict(_by_figures(case).values_list("key", "pk"))
    findings, code = [Regression(**each) for each in case.findings], case.district.code
    return [numbers.get(_key(case, one)) or by_figures.get(one.place(code)) for one in findings]


def _key(case: LookBack, found: Regression) -> str:
    return f"{case.pk}:{found.key}"[:120]


def note(*, case: LookBack, step: str, by: User | None, reason: str = "", **changes: Any) -> None:
    """The step's entry in the record of what was done."""
    record(
        action=f"look_back.{step}",
        by=by,
        on=case,
        district_code=case.district.code,
        changes=changes,
        reason=reason,
    )


def write_entry(
    *, case: LookBack, step: str, before: str, by: User | None, comment: str = ""
) -> LookBackEntry:
    """The next row of the trail, in the caller's transaction."""
    last = case.trail.aggregate(last=Max("number"))["last"] or 0
    return LookBackEntry.objects.create(
        look_back=case,
        number=last + 1,
        step=step,
        from_state=before,
        to_state=case.state,
        actor=by,
        actor_name=by.display_name if by else BY_ITSELF,
        taken_at=case.changed_at,
        comment=comment,
        due_on=case.due_on,
    )


def tell(case: LookBack, step: str, roles: Iterable[str], *, by: User | None, **more: Any) -> None:
    """Everyone with these roles in the unit and the city, except who did it."""
    params: dict[str, Any] = {"actor": by.display_name if by else BY_ITSELF, **more}
    if case.due_on:
        params["due_on"] = case.due_on.isoformat()
    notices.post(
        kind=f"look_back.{step}",
        to=notices.people_in(case.district_id, roles),
        key=f"{case.pk}.{case.trail.count()}.{more.get('days', 0)}",
        by=by,
        page=("look-back", case.pk),
        district=case.district,
        year=case.year,
        **params,
    )


def _withdraw(entry: ReviewEntry) -> None:
    """The result is approved no more: what it opened has no ground, unless somebody answered."""
    untouched = (CaseState.OPENED, CaseState.HELD)
    case = LookBack.objects.filter(evaluation=entry.evaluation, state__in=untouched).first()
    if case is None:
        return
    before, case.state = case.state, CaseState.CLOSED
    case.due_on, case.changed_at = None, clock.now()
    case.save()
    write_entry(case=case, step=WITHDRAWING, before=before, by=None)
    note(case=case, step=WITHDRAWING, by=None, state=[before, case.state])


def rested_on(evaluation: Evaluation) -> str:
    """That somebody answered a case by now, so that its approval is not taken back any more."""
    case = LookBack.objects.filter(evaluation=evaluation).first()
    untouched = (CaseState.OPENED, CaseState.HELD, CaseState.CLOSED)
    if case is None or case.state in untouched:
        return ""
    return _("%(day)s开始的回头看") % {"day": day_text(case.opened_on)}
