"""How far a self-check had come at the end of a day, told by its trail."""

from datetime import date
from typing import Any

from django.utils import timezone

from selfchecks.models import Evaluation, ReviewEntry, SelfCheck, State
from selfchecks.workflow import APPROVING, STEP


def set_back(self_check: SelfCheck, day: date) -> SelfCheck:
    """The row as read, never to be saved, with state, inspector, hand-in and approval of then."""
    trail = [e for e in self_check.trail.all() if timezone.localdate(e.taken_at) <= day]
    self_check.state = State(trail[-1].to_state if trail else State.DRAFT)
    self_check.submitted_at = next((e.taken_at for e in reversed(trail) if evaluates(e)), None)
    self_check.inspector = _inspector(trail)
    self_check.approved_evaluation = _approved(trail)
    self_check._prefetched_objects_cache = {"trail": trail}  # type: ignore[attr-defined]
    return self_check


def evaluates(entry: ReviewEntry) -> bool:
    return STEP[entry.step].evaluates


def _inspector(trail: list[ReviewEntry]) -> Any:
    """Who took it up last; nobody once it was put back or withdrawn."""
    for entry in reversed(trail):
        step = STEP[entry.step]
        if step.target == State.IN_REVIEW and not step.undoes:
            return entry.actor
        if step.target == State.SUBMITTED and not step.evaluates:
            return None
    return None


def _approved(trail: list[ReviewEntry]) -> Any:
    approvals: list[ReviewEntry] = []
    for entry in trail:
        if STEP[entry.step].undoes in APPROVING:
            approvals = [e for e in approvals if e.evaluation_id != entry.evaluation_id]
        elif entry.step in APPROVING:
            approvals.append(entry)
    last = approvals[-1] if approvals else None
    return Evaluation(pk=last.evaluation_id, digest=last.evaluation_digest) if last else None
