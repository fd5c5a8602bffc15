"""What keeps a person from taking a step now: one question, one sentence each."""

from collections.abc import Callable, Iterator

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused
from districts.models import User
from districts.roles import Role
from districts.wording import listed
from selfchecks.models import ReviewEntry, SelfCheck, Upload
from selfchecks.workflow import STEP, STEPS, Part, Step

PART_LABELS = {
    Part.PREPARE: _("填报"),
    Part.SIGN: _("审签"),
    Part.REVIEW: _("复核"),
}


def blocker_of(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """The first thing in the way, or None when the step is open to the person."""
    checks: tuple[Callable[[SelfCheck, Step, User], Refused | None], ...] = (
        _role,
        _state,
        _holder,
        _four_eyes,
        _upload,
    )
    found = (check(self_check, step, by) for check in checks)
    return next((refusal for refusal in found if refusal), None)


def _role(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if by.role in step.roles:
        return None
    roles = listed(role.label for role in step.roles)
    return NotAllowed(
        _("「%(step)s」由%(roles)s办理,您的账号不能做这一步。")
        % {"step": step.label, "roles": roles}
    )


def _state(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if self_check.state in step.sources:
        return None
    last = self_check.trail.last()
    params = {"state": self_check.get_state_display(), "step": step.label}
    if last is None:
        return Conflict(_("这份自查现在是「%(state)s」,不能%(step)s。") % params)
    params |= {"who": last.actor_name, "done": STEP[last.step].label}
    return Conflict(
        _("这份自查现在是「%(state)s」(%(who)s 已办理「%(done)s」),不能%(step)s。") % params
    )


def _holder(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """Whoever took it up decides; a manager may put it back for an inspector who is away."""
    if not step.holder_only or by.role == Role.MANAGER or self_check.inspector_id == by.pk:
        return None
    return Conflict(_("%s 正在复核这份自查,由其作出决定。") % self_check.inspector, code="held")


def _four_eyes(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    return other_part(self_check, step.part, step.label, by) if step.part else None


def other_part(self_check: SelfCheck, part: Part, doing: str | Promise, by: User) -> Refused | None:
    """Why somebody who played another part on this self-check may not play this one."""
    others = set(parts_of(self_check, by)) - {part}
    if not others:
        return None
    return NotAllowed(
        _("您已参与这份自查的%(part)s,「%(step)s」须由另一人办理。")
        % {"part": PART_LABELS[min(others)], "step": doing},
        code="four_eyes",
    )


def played_other_part(part: Part, person: User) -> "ExpressionWrapper[Q]":
    """The same question asked of many self-checks at once: those the person is barred from."""
    here = Q(self_check=OuterRef("pk"))
    steps = [step.name for step in STEPS if step.part not in (None, part)]
    found = Q(Exists(ReviewEntry.objects.filter(here, actor=person.pk, step__in=steps)))
    if part != Part.PREPARE:
        found |= Q(Exists(Upload.objects.filter(here, uploaded_by=person.pk)))
    return ExpressionWrapper(found, BooleanField())


def parts_of(self_check: SelfCheck, person: User) -> Iterator[Part]:
    """The parts a person has played on this self-check, however their role changed since."""
    if self_check.uploads.filter(uploaded_by=person.pk).exists():
        yield Part.PREPARE
    for name in self_check.trail.filter(actor=person.pk).values_list("step", flat=True):
        part = STEP[name].part
        if part:
            yield part


def _upload(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if not step.needs_complete_upload:
        return None
    upload = self_check.uploads.filter(is_current=True).first()
    if upload is None:
        return Conflict(_("还没有采用任何工作簿;请先上传并确认。"), code="no_upload")
    open_warnings = len(upload.unexplained())
    if open_warnings:
        return Conflict(
            _("还有 %s 个警告没有写明原因;请逐条说明,或更正后重新上传。") % open_warnings,
            code="unexplained",
        )
    return None
