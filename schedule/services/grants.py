"""奖补资金: records what was issued and decided, says how each stands, warns before its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record, snapshot
from districts.models import District, User
from districts.roles import DISTRICT_ROLES, Role
from districts.services.calendar import working_days
from districts.wording import day_text, in_yuan
from schedule.models import CertificationEvent, Decision, Grant, GrantDecision, Result
from schedule.services.reading import fault_of_day, today
from schedule.terms import months_after
from selfchecks.services import notices

GRANT_FIELDS = (
    *("district", "amount", "issued_on", "purpose"),
    *("document_number", "source", "source_note", "checked_on"),
)
DECISION_FIELDS = ("grant", "kind", "day", "document_number", "reason", "due_on", "amount")
WARNINGS = (12, 6, 3)  # months before the day
RUNNING, SOON, DUE, DONE, RECOVERED, VOID = "running", "soon", "due", "done", "recovered", "void"
STANDINGS = {
    RUNNING: _("在期限内"),
    SOON: _("期限将到"),
    DUE: _("到期未完成，应追回"),
    DONE: _("按期完成"),
    RECOVERED: _("已全部追回"),
    VOID: _("录错作废"),
}
STATES = list(STANDINGS.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """How a grant stands on a day; amounts in yuan, ``months`` the warning that is in force."""

    grant: Grant
    due_on: date
    state: str
    recovered: Decimal
    decisions: tuple[GrantDecision, ...]
    months: int | None = None

    @property
    def words(self) -> Any:
        return STANDINGS[self.state]

    @property
    def amount_text(self) -> str:
        return in_yuan(self.grant.amount)

    @property
    def recovered_text(self) -> str:
        """Empty while nothing came back."""
        return in_yuan(self.recovered) if self.recovered else ""

    @property
    def left(self) -> Decimal:
        """What could still be asked back."""
        return self.grant.amount - self.recovered


def standings(grants: Iterable[Grant], day: date | None = None) -> list[Standing]:
    """Each grant with its day and its state, by what was certified and decided until the day."""
    day, rows = day or today(), list(grants)
    events: dict[int, list[tuple[date, str]]] = {}
    decided = CertificationEvent.objects.filter(
        district__in={row.district_id for row in rows},
        date__lte=day,
        result__in=(Result.CERTIFIED, Result.REVOKED),
    ).order_by("date", "pk")
    for unit, on, result in decided.values_list("district", "date", "result"):
        events.setdefault(unit, []).append((on, result))
    made: dict[int, list[GrantDecision]] = {}
    for decision in GrantDecision.objects.filter(grant__in=rows, day__lte=day).order_by("pk"):
        made.setdefault(decision.grant_id, []).append(decision)
    return [
        _standing(row, made.get(row.pk, []), events.get(row.district_id, []), day) for row in rows
    ]


def standing_of(grant: Grant, day: date | None = None) -> Standing:
    return standings([grant], day)[0]


def _standing(
    grant: Grant, decisions: list[GrantDecision], events: list[tuple[date, str]], day: date
) -> Standing:
    extended = [each.due_on for each in decisions if each.due_on]
    due = extended[-1] if extended else grant.first_due_on
    back = sum((each.amount or Decimal(0) for each in decisions), Decimal(0))
    stands = partial(Standing, grant, due, recovered=back, decisions=tuple(decisions))
    if any(each.kind == Decision.VOID for each in decisions):
        return stands(VOID)
    if _was_certified(events, min(due, day)):
        return stands(DONE)
    if due < day:
        return stands(RECOVERED if back >= grant.amount else DUE)
    months = [each for each in WARNINGS if months_after(due, -each) <= day]
    return stands(SOON if months else RUNNING, months=min(months, default=None))


def _was_certified(events: list[tuple[date, str]], by: date) -> bool:
    """Whether a certification stood on the day by which it was asked for."""
    last = [result for on, result in events if on <= by][-1:]
    return last == [Result.CERTIFIED]


def tag_of(grant: Grant, newest: int | None = None) -> str:
    """Changes with every decision; ``newest`` is the last one that somebody could have seen."""
    rows = grant.decisions.all() if newest is None else grant.decisions.filter(pk__lte=newest)
    return fingerprint(grant, "amount", extra=(str(rows.count()),))


def newest_decision() -> int:
    return GrantDecision.objects.aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def issue(*, by: User, is_demo: bool = False, **fields: Any) -> Grant:
    """Record a grant with GRANT_FIELDS; a manager's. Raises NotAllowed, Unusable."""
    may_record(by)
    grant = Grant(recorded_by=by, recorded_at=timezone.now(), is_demo=is_demo, **fields)
    check(grant)
    Unusable.check(
        {
            "issued_on": fault_of_day(grant.issued_on, today()),
            "document_number": None if grant.document_number else _("请写明下达资金的文号。"),
        }
    )
    grant.save()
    changes = snapshot(grant, *GRANT_FIELDS)
    record(
        action="grant.issue", by=by, on=grant, district_code=grant.district.code, changes=changes
    )
    return grant


@transaction.atomic
def decide(*, grant: Grant, by: User, expected: str | None = None, **fields: Any) -> GrantDecision:
    """Extend, recover or void, by a decision that is on record; a manager's.

    Raises NotAllowed, Unusable, Stale when ``expected`` is not its tag, and Conflict where the
    grant does not stand so.
    """
    may_record(by)
    locked = Grant.objects.select_for_update(of=("self",)).select_related("district")
    grant = locked.get(pk=grant.pk)
    if expected not in (None, tag_of(grant)):
        raise Stale(_("您打开之后，对这笔资金又有了决定；请看过现在的内容再办理。"))
    decision = GrantDecision(grant=grant, recorded_by=by, recorded_at=timezone.now(), **fields)
    _check(decision, standing_of(grant))
    check(decision)
    decision.save()
    changes = snapshot(decision, *DECISION_FIELDS)
    record(
        action=f"grant.{decision.kind}",
        by=by,
        on=grant,
        district_code=grant.district.code,
        changes=changes,
        reason=decision.reason,
    )
    return decision


def may_record(by: User) -> None:
    if by.role != Role.MANAGER:
        raise NotAllowed(_("奖补资金、支持和问责由市级管理员录入，您的账号不能做这一步。"))


def _check(decision: GrantDecision, now: Standing) -> None:
    is_void = decision.kind == Decision.VOID
    Unusable.check(
        {
            "day": fault_of_day(decision.day, today()),
            "document_number": None
            if is_void or decision.document_number
            else _("延期和追回都要有决定的文号。"),
            "reason": fault_of_required(decision.reason, _("请写明理由。")),
            "due_on": _fault_of_due(decision, now),
            "amount": _fault_of_amount(decision, now),
        }
    )
    if now.state in (VOID, DONE) and not is_void or now.state == VOID:
        raise Conflict(_("这笔资金现在是「%s」，不能再作这个决定。") % now.words)
    if decision.kind == Decision.RECOVER and now.state != DUE:
        sentence = _("这笔资金的期限是 %s，现在没有到期未完成，不能追回。")
        raise Conflict(sentence % day_text(now.due_on))


def _fault_of_due(decision: GrantDecision, now: Standing) -> Any:
    if decision.kind != Decision.EXTEND:
        return None if decision.due_on is None else _("只有延期才写新的期限。")
    if decision.due_on is None or decision.due_on <= now.due_on:
        return _("新的期限应晚于现在的期限 %s。") % day_text(now.due_on)
    return None


def _fault_of_amount(decision: GrantDecision, now: Standing) -> Any:
    if decision.kind != Decision.RECOVER:
        return None if decision.amount is None else _("只有追回才写金额。")
    if decision.amount is None or not 0 < decision.amount <= now.left:
        return _("追回金额应大于 0，不超过还没有追回的 %s 元。") % in_yuan(now.left)
    return None


@transaction.atomic
def warn(*, by: None, day: date | None = None) -> int:
    """Tell the unit and the city 12, 6 and 3 months before a grant's day, and once it has passed;
    on working days only, each once. Returns of how many grants somebody was told."""
    day = day or today()
    if not working_days().is_working(day):
        return 0
    rows = Grant.objects.select_related("district")
    return sum(_warn(each) for each in standings(rows, day) if each.state in (SOON, DUE))


def _warn(standing: Standing) -> bool:
    grant, is_due = standing.grant, standing.state == DUE
    told = notices.post(
        kind="grant.due" if is_due else "grant.soon",
        to=notices.people_in(grant.district_id, (*DISTRICT_ROLES, Role.INSPECTOR, Role.MANAGER)),
        key=f"{grant.pk}.{standing.due_on}.{0 if is_due else standing.months}",
        by=None,
        page=("unit", grant.district.code),
        district=grant.district,
        due_on=standing.due_on.isoformat(),
        document=grant.document_number,
        months=standing.months or 0,
        amount=str(grant.amount),
    )
    return bool(told)


def of_district(district: District, viewer: Any) -> list[Standing]:
    """What a person may see of a unit's grants."""
    rows = Grant.objects.visible_to(viewer).filter(district=district).select_related("district")
    return standings(rows)
