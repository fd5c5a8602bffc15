"""Takes a self-check one step further, or says what stands in the way."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Stale, Unusable
from audit.services import record
from districts.models import User
from districts.wording import moment_text
from selfchecks import clock
from selfchecks.models import Evaluation, ReviewEntry, SelfCheck, State
from selfchecks.services import evaluations, notices
from selfchecks.services.asking import objections_of, require
from selfchecks.services.blockers import blocker_of, lock, stale, take_part
from selfchecks.services.governing import governing
from selfchecks.services.signatures import signature_of
from selfchecks.services.undoing import restore
from selfchecks.step import Offer, Step
from selfchecks.workflow import APPROVING, STEP, STEPS, SUBMITTING, steps_from

BY_ITSELF = "系统"  # whose name stands at what the calendar did
# What rooms above do in the transaction of a step; they lend what this one cannot know.
following: list[Callable[[ReviewEntry], object]] = []


class AlreadyTaken(Conflict):
    """The same person took the same step a moment ago; ``entry`` is what came of it."""

    code = "already_taken"

    def __init__(self, entry: ReviewEntry) -> None:
        super().__init__(_("这一步您已于 %s 办理，没有重复办理。") % moment_text(entry.taken_at))
        self.entry = entry


def open_steps(self_check: SelfCheck, viewer: User) -> tuple[Offer, ...]:
    """Every step that leaves the present state, each open to the viewer or with its blocker."""
    # Closing is for abolished units alone: elsewhere it would be a button that never opens.
    return tuple(
        _offer(self_check, step, viewer)
        for step in steps_from(self_check.state)
        if step.roles and (not step.after_abolition or self_check.unit_is_gone)
    )


def _offer(self_check: SelfCheck, step: Step, viewer: User) -> Offer:
    refusal = blocker_of(self_check, step, viewer)
    weighs = step.weighs_objections and refusal is None
    return Offer(step, refusal, _OBJECTIONS(self_check) if weighs else "")


# Asked only by a page that shows them.
_OBJECTIONS: Any = lazy(objections_of, str)


@transaction.atomic
def take_step(
    *,
    self_check: SelfCheck,
    step: str,
    by: User,
    comment: str = "",
    evaluation_digest: str | None = None,
    expected_version: int | None = None,
    due_on: date | None = None,
) -> ReviewEntry:
    """Take one step of the workflow: state, trail, audit and notices change together.

    ``evaluation_digest`` names the result the person read, ``expected_version`` the version of
    the self-check they saw, ``due_on`` a new due date where the step takes one. Raises Http404
    beyond one's scope, NotAllowed for other roles or a second part on one self-check, Conflict
    when the step is not open (AlreadyTaken on a second click), Stale when something newer
    arrived, Unusable when comment, digest or date is missing or a date has passed.
    """
    edge = _edge(step)
    due_on = due_on if edge.takes_due_date else None
    locked = lock(self_check, by)
    _refuse_second_click(locked, edge, by)
    if expected_version not in (None, locked.version):
        raise stale(locked)
    if refusal := blocker_of(locked, edge, by):
        raise refusal
    require(locked, edge, comment, evaluation_digest, due_on)
    evaluation = _evaluation_for(locked, edge, by, evaluation_digest)
    return carry_out(locked, edge, by, comment.strip(), evaluation, due_on)


def carry_out(
    locked: SelfCheck,
    edge: Step,
    by: User | None,
    comment: str = "",
    evaluation: Evaluation | None = None,
    due_on: date | None = None,
) -> ReviewEntry:
    """State, trail, audit and notices of a step nothing stands in the way of, in the caller's
    transaction; ``by`` is None for what the calendar does."""
    entry = _write_entry(locked, edge, by, comment, evaluation, due_on)
    _move(locked, edge, entry)
    if edge.part and by:
        take_part(self_check=locked, part=edge.part, by=by)
    _record(entry, locked, edge)
    notices.tell_of_step(entry=entry, edge=edge)
    for follow in following:
        follow(entry)
    return entry


def _record(entry: ReviewEntry, self_check: SelfCheck, edge: Step) -> None:
    record(
        action=f"self_check.{edge.name}",
        by=entry.actor,
        on=self_check,
        district_code=self_check.district.code,
        changes={
            "state": [entry.from_state, entry.to_state],
            "number": entry.number,
            "upload": entry.upload.number if entry.upload else None,
            "digest": entry.evaluation_digest,
            **_receipt_of(entry, self_check),
            **({"due_on": [entry.was_due_on, entry.due_on]} if entry.due_on else {}),
        },
        reason=entry.comment,
    )


def _receipt_of(entry: ReviewEntry, self_check: SelfCheck) -> dict[str, str]:
    """The number of the receipt that a submission gives, or that a decision is about."""
    if entry.evaluation is None:
        return {}
    handed_in = self_check.trail.filter(step__in=SUBMITTING, number__lte=entry.number).last()
    return {"receipt": handed_in.receipt} if handed_in else {}


def _edge(name: str) -> Step:
    if name not in STEP:
        known = ", ".join(step.name for step in STEPS)
        sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。") % {
            "found": name[:40],
            "known": known,
        }
        raise Unusable.at("step", sentence, code="unknown_step")
    return STEP[name]


def _refuse_second_click(self_check: SelfCheck, step: Step, by: User) -> None:
    if self_check.state != step.target:
        return
    last = self_check.trail.select_related("self_check__district").last()
    if last and last.step == step.name and last.actor_id == by.pk:
        raise AlreadyTaken(last)


def _evaluation_for(
    self_check: SelfCheck, step: Step, by: User, digest: str | None
) -> Evaluation | None:
    """The snapshot the step rests on: stored now on submission, else the newest one."""
    evaluation = (
        evaluations.store_snapshot(self_check=self_check, by=by)
        if step.evaluates
        else evaluations.latest(self_check)
    )
    binds = step.evaluates or step.names_evaluation or bool(step.undoes)
    if binds and digest and (evaluation is None or evaluation.digest != digest):
        raise Stale(_("您看到的测算结果已被新的版本取代；请查看最新结果和差别后再办理。"))
    return evaluation if binds else None


def _write_entry(
    self_check: SelfCheck,
    step: Step,
    by: User | None,
    comment: str,
    evaluation: Evaluation | None,
    due_on: date | None,
) -> ReviewEntry:
    last = self_check.trail.aggregate(last=Max("number"))["last"] or 0
    entry = ReviewEntry(
        self_check=self_check,
        number=last + 1,
        step=step.name,
        from_state=self_check.state,
        to_state=step.target,
        actor=by,
        actor_name=by.display_name if by else BY_ITSELF,
        taken_at=clock.now(),
        comment=comment,
        upload=self_check.uploads.filter(is_current=True).first(),
        evaluation=evaluation,
        evaluation_digest=evaluation.digest if evaluation else "",
        due_on=due_on,
        was_due_on=self_check.due_on,
    )
    entry.signature = signature_of(entry, by)
    entry.save()
    return entry


def _move(self_check: SelfCheck, step: Step, entry: ReviewEntry) -> None:
    self_check.state = step.target
    self_check.version += 1
    self_check.changed_at = entry.taken_at
    if step.undoes:
        restore(self_check, entry)
    elif step.target == State.IN_REVIEW:
        self_check.inspector = entry.actor
    elif step.target == State.SUBMITTED and not step.evaluates:
        self_check.inspector = None
    if step.evaluates:
        self_check.submitted_at = entry.taken_at
    if step.name in APPROVING:
        self_check.approved_evaluation = entry.evaluation
    if entry.due_on:
        self_check.due_on = entry.due_on
    if self_check.awaits_district:
        self_check.standard = governing(self_check)
    self_check.save()
