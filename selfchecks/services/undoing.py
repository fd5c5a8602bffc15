"""Taking a decision back: until when that is possible, and which decisions stand."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Refused
from districts.models import District
from districts.wording import listed
from selfchecks.models import Evaluation, ReviewEntry, SelfCheck, State
from selfchecks.step import Step
from selfchecks.workflow import APPROVING, STEP, STEPS

UNDOING = tuple(step.name for step in STEPS if step.undoes)
# What rests on a result by now, in words; rooms above lend what this one cannot know.
resting: list[Callable[[Evaluation], str]] = []


def undoable(self_check: SelfCheck, step: Step) -> ReviewEntry | None:
    """The decision the step would take back: the one that brought the present state about."""
    last = self_check.trail.exclude(from_state=F("to_state")).last()
    return last if last and last.step == step.undoes else None


def blocker_of_undoing(self_check: SelfCheck, step: Step) -> Refused | None:
    """A return holds once the district wrote anything, an approval once something rests on it."""
    decision = undoable(self_check, step)
    params = {"state": self_check.get_state_display(), "step": STEP[step.undoes].label}
    if decision is None or decision.evaluation is None:
        sentence = _("现在的「%(state)s」不是由「%(step)s」而来，没有可以收回的决定。")
        return Conflict(sentence % params, code="nothing_to_undo")
    # Whatever is written while it lies with the district moves the time of the last change.
    if self_check.awaits_district and self_check.changed_at != decision.taken_at:
        sentence = _("「%(step)s」以后，这份自查已经有人改动，不能再收回；请等区县重新报送。")
        return Conflict(sentence % params, code="changed_since")
    found = listed(filter(None, (ask(decision.evaluation) for ask in resting)))
    if not found:
        return None
    sentence = _(
        "「%(step)s」已是认定的依据（%(found)s），不能再收回；要改，请市级管理员重新开启。"
    )
    return Conflict(sentence % {**params, "found": found}, code="rested_on")


def restore(self_check: SelfCheck, entry: ReviewEntry) -> None:
    """Back as it was when its figures were handed in; it stays with the one who reviewed it."""
    if entry.evaluation:
        self_check.standard = entry.evaluation.standard
    decision = self_check.trail.filter(step=STEP[entry.step].undoes).last()
    if decision and decision.was_due_on and self_check.due_on == decision.due_on:
        self_check.due_on = decision.was_due_on
    if entry.from_state == State.APPROVED:
        approval = standing(APPROVING).filter(self_check=self_check).order_by("number").last()
        self_check.approved_evaluation_id = approval.evaluation_id if approval else None


def standing(steps: Iterable[str], *, day: date | None = None) -> QuerySet[ReviewEntry]:
    """Decisions by these steps that nobody took back; ``day`` asks what stood on it."""
    undoing = ReviewEntry.objects.filter(
        step__in=UNDOING,
        self_check=OuterRef("self_check"),
        evaluation=OuterRef("evaluation"),
        number__gt=OuterRef("number"),
    )
    rows = ReviewEntry.objects.filter(step__in=steps)
    if day is not None:
        undoing, rows = (found.filter(taken_at__date__lte=day) for found in (undoing, rows))
    return rows.exclude(Exists(undoing))


def hold_approval(evaluation: Evaluation) -> bool:
    """Whether its approval stands; nobody takes it back before the caller's transaction ends."""
    SelfCheck.objects.select_for_update().get(pk=evaluation.self_check_id)
    return standing(APPROVING).filter(evaluation=evaluation).exists()


def approval_taken_back(district: District, day: date) -> ReviewEntry | None:
    """The newest time an approval of the unit was taken back, as known on the day."""
    rows = _taken_back(day).filter(self_check__district=district)
    return rows.order_by("self_check__year", "number").last()


def approvals_taken_back(day: date) -> list[ReviewEntry]:
    """Every time an approval was taken back until the day, the newest first."""
    return list(_taken_back(day).select_related("self_check__district").order_by("-taken_at"))


def _taken_back(day: date) -> QuerySet[ReviewEntry]:
    rows = ReviewEntry.objects.filter(
        step__in=UNDOING, from_state=State.APPROVED, taken_at__date__lte=day
    )
    return rows.select_related("self_check")
