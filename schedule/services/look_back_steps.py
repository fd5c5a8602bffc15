"""Takes a case of 回头看 one step further, or says what stands in the way."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from districts.models import User
from districts.services.calendar import working_days
from districts.wording import day_text, listed
from schedule.look_back_workflow import STEP, STEPS, CaseStep, steps_from
from schedule.models import CertificationEvent, CertificationStep, LookBack, LookBackEntry, Result
from schedule.services.certifications import record_event
from schedule.services.look_backs import note, tag_of, tell, write_entry
from selfchecks import clock

MOST_DAYS = 250  # working days of a year


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: open, or blocked with the reason."""

    step: CaseStep
    refusal: Refused | None

    @property
    def is_open(self) -> bool:
        return self.refusal is None


def today() -> date:
    """Today in the portal's time zone; an earlier day while the demonstration tells of it."""
    return clock.today()


def open_steps(look_back: LookBack, viewer: User) -> tuple[Offer, ...]:
    """Every step that leaves the present state, open to the viewer or with its blocker."""
    return tuple(
        Offer(step, blocker_of(look_back, step, viewer)) for step in steps_from(look_back.state)
    )


def blocker_of(look_back: LookBack, step: CaseStep, by: User) -> Refused | None:
    """Why this person cannot take the step now; None when they can."""
    if by.role not in step.roles:
        names = listed(role.label for role in step.roles)
        return NotAllowed(_("「%(step)s」由%(roles)s办理。") % {"step": step.label, "roles": names})
    if look_back.state not in step.sources:
        facts = {"state": look_back.get_state_display(), "step": step.label}
        return Conflict(_("这次回头看现在是「%(state)s」，不能「%(step)s」。") % facts)
    if look_back.state in step.after_due and not look_back.is_late(today()):
        assert look_back.due_on
        sentence = _("期限 %(day)s 还没有过；区县没有报送结果以前，过了期限才能「%(step)s」。")
        return Conflict(sentence % {"day": day_text(look_back.due_on), "step": step.label})
    if step.other and _took(look_back, step.other, by):
        sentence = _("「%(before)s」是您办理的；「%(step)s」须由另一位督学办理。")
        return NotAllowed(sentence % {"before": STEP[step.other].label, "step": step.label})
    return None


def _took(look_back: LookBack, step: str, by: User) -> bool:
    last = look_back.trail.filter(step=step).last()
    return last is not None and last.actor_id == by.pk


@transaction.atomic
def take_step(
    *,
    look_back: LookBack,
    step: str,
    by: User,
    comment: str,
    within: int | None = None,
    expected: str | None = None,
    **revocation: Any,
) -> LookBackEntry:
    """Take one step: case, trail, audit and notices change together.

    ``within`` is how many working days the step gives, the usual number without; ``revocation`` is
    what the event of a revocation needs: ``day``, ``document_number`` and ``source``. Raises
    Http404 beyond one's scope, NotAllowed, Conflict, Stale when somebody was faster, Unusable.
    """
    edge = _edge(step)
    rows = LookBack.objects.select_for_update(of=("self",)).select_related("district")
    locked: LookBack = rows.get_visible(by, pk=look_back.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("这次回头看刚有人办理；请看过最新情况再办。"))
    if refusal := blocker_of(locked, edge, by):
        raise refusal
    within = _checked(edge, comment, within)
    if edge.revokes:
        locked.revocation = _revoke(locked, by, comment, revocation)
    return _carry_out(locked, edge, by, comment.strip(), within)


def _edge(name: str) -> CaseStep:
    if name in STEP:
        return STEP[name]
    facts = {"found": name[:40], "known": ", ".join(step.name for step in STEPS)}
    sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。") % facts
    raise Unusable.at("step", sentence, code="unknown_step")


def _checked(step: CaseStep, comment: str, within: int | None) -> int:
    wanted = _("请填写：%s。") % step.asks
    within = within or step.within
    bad = step.within and not 1 <= within <= MOST_DAYS
    days = _("工作日数应为 1 到 %s。") % MOST_DAYS
    Unusable.check({"comment": fault_of_required(comment, wanted), "within": days if bad else None})
    return within


def _revoke(
    look_back: LookBack, by: User, comment: str, given: dict[str, Any]
) -> CertificationEvent:
    """The dated fact by which the unit is certified no more."""
    day = given.get("day")
    if day is None:
        raise Unusable.at("day", _("请填写公布撤销的日期。"))
    announcing = CertificationStep.objects.of_year(day.year).filter(is_announcement=True).first()
    if announcing is None:
        raise Unusable.at("day", _("%s 年没有公布结果的环节；请先登记认定环节。") % day.year)
    return record_event(
        district=look_back.district,
        step=announcing,
        result=Result.REVOKED,
        day=day,
        by=by,
        ending=look_back,
        document_number=given.get("document_number", ""),
        source=given.get("source", ""),
        note=comment.strip()[:300],
    )


def _carry_out(
    look_back: LookBack, step: CaseStep, by: User, comment: str, within: int
) -> LookBackEntry:
    before, look_back.state = look_back.state, step.target
    look_back.changed_at = clock.now()
    look_back.due_on = working_days().after(today(), within) if step.within else None
    look_back.save()
    entry = write_entry(case=look_back, step=step.name, before=before, by=by, comment=comment)
    state, due_on = [before, look_back.state], look_back.due_on
    note(case=look_back, step=step.name, by=by, reason=comment, state=state, due_on=due_on)
    tell(look_back, step.name, step.tells, by=by, comment=comment)
    return entry
