"""What keeps a person from doing something to a self-check now: one sentence for each reason."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused, Stale
from audit.services import record
from districts.models import User
from districts.roles import MUNICIPAL_ROLES, Role
from districts.scope import CITY
from districts.wording import listed, moment_text
from selfchecks import clock
from selfchecks.models import (
    EvidenceItem,
    Part,
    Participation,
    ReviewEntry,
    SelfCheck,
    State,
    Upload,
)
from selfchecks.models.self_check import EDITABLE
from selfchecks.services.documents import documents_of
from selfchecks.services.evaluations import try_out
from selfchecks.services.undoing import blocker_of_undoing
from selfchecks.step import Step, Words
from selfchecks.workflow import ASKING, RETURNING, SENDING, STEP

MAY_UPLOAD = (Role.OFFICER, Role.CLIENT)
# Single figures of the current workbook, with a reason; what it makes is theirs to answer for.
MAY_CORRECT = (*MAY_UPLOAD, Role.MANAGER)
UPLOADING = _("上传工作簿")


def lock(self_check: SelfCheck, by: User) -> SelfCheck:
    """The row as it is now, nobody else changing it; Http404 beyond the person's scope."""
    rows = SelfCheck.objects.select_for_update(of=("self",)).select_related(
        "district", "standard", "inspector"
    )
    locked: SelfCheck = rows.get_visible(by, pk=self_check.pk)
    return locked


def lock_editable(
    self_check: SelfCheck, by: User, roles: Sequence[Role] = MAY_UPLOAD, doing: Words = UPLOADING
) -> SelfCheck:
    """The same, once this person may prepare it."""
    locked = lock(self_check, by)
    refuse_unless_editable(locked, by, roles, doing)
    return locked


def refuse_unless_editable(
    self_check: SelfCheck, by: User, roles: Sequence[Role] = MAY_UPLOAD, doing: Words = UPLOADING
) -> None:
    """Raises NotAllowed or Conflict unless this person may prepare the self-check now."""
    if by.role not in roles:
        raise _not_theirs(doing, roles)
    if by.reach != CITY and by.district_id != self_check.district_id:
        raise NotAllowed(_("这份自查不属于您的区县。"))
    if not self_check.is_editable:
        raise Conflict(
            _("这份自查现在是「%s」，不能改动数据；需要更正时，请先撤回或等待退回。")
            % self_check.get_state_display(),
            code="not_editable",
        )
    refuse_other_part(self_check, doing, by)


def refuse_other_part(self_check: SelfCheck, doing: Words, by: User) -> None:
    """Raises NotAllowed when this person signed or reviewed the self-check before."""
    if refusal := other_part(self_check, Part.PREPARE, doing, by):
        raise refusal


def other_part(self_check: SelfCheck, part: Part, doing: Words, by: User) -> Refused | None:
    """Why somebody who played another part on this self-check may not play this one."""
    own = (each for each in self_check.participations.all() if each.person_id == by.pk)
    others = [each for each in own if each.part != part]
    if not others:
        return None
    other = min(others, key=lambda each: each.part)
    return NotAllowed(
        _("您已参与这份自查的%(part)s，「%(step)s」须由另一人办理。")
        % {"part": other.get_part_display(), "step": doing},
        code="four_eyes",
    )


def played_other_part(part: Part, person: User) -> Exists:
    """The same question asked of many self-checks at once: those the person is barred from."""
    here = Participation.objects.filter(self_check=OuterRef("pk"), person=person.pk)
    return Exists(here.exclude(part=part))


def take_part(*, self_check: SelfCheck, part: Part, by: User) -> None:
    """From now on this is the person's part, whatever role they will have."""
    Participation.objects.get_or_create(self_check=self_check, person=by, part=part)
    if part == Part.PREPARE:  # whatever a district writes after a return makes the return hold
        moments = self_check.trail.values("taken_at")
        untouched = {"state__in": EDITABLE, "changed_at__in": moments}
        SelfCheck.objects.filter(pk=self_check.pk, **untouched).update(changed_at=clock.now())


def record_preparation(
    *,
    self_check: SelfCheck,
    action: str,
    on: Upload | EvidenceItem | SelfCheck,
    by: User,
    changes: dict[str, Any],
) -> None:
    """The audit entry of what makes a person one of those who prepared, and that it does."""
    take_part(self_check=self_check, part=Part.PREPARE, by=by)
    record(action=action, by=by, on=on, district_code=self_check.district.code, changes=changes)


def stale(self_check: SelfCheck) -> Stale:
    """For who saw an older version: who changed it last and when, as far as the rows tell."""
    when = moment_text(self_check.changed_at)
    who = _last_hand(self_check)
    if not who:
        return Stale(_("这份自查在 %s 有了变化；请看过最新内容再办理。") % when)
    sentence = _("%(who)s在 %(when)s 更改了这份自查；请看过最新内容再办理。")
    return Stale(sentence % {"who": who, "when": when})


def _last_hand(self_check: SelfCheck) -> str:
    moment = self_check.changed_at
    step = self_check.trail.filter(taken_at=moment).last()
    if step:
        return step.actor_name
    upload = self_check.uploads.filter(kept_at=moment).select_related("uploaded_by").first()
    return upload.uploaded_by.display_name if upload else ""


def _not_theirs(doing: Words, roles: Sequence[Role]) -> NotAllowed:
    return NotAllowed(
        _("「%(step)s」由%(roles)s办理，您的账号不能做这一步。")
        % {"step": doing, "roles": listed(role.label for role in roles)}
    )


def blocker_of(
    self_check: SelfCheck, step: Step, by: User, *, whoever: bool = False
) -> Refused | None:
    """The first thing in the way, or None when the step is open to the person; ``whoever``: what is
    in everybody's way."""
    checks = [_role, _state, _gone, _asked, _holder, _four_eyes]
    checks += [_upload, _documents, _words, _undoing]
    asked = [each for each in checks if not (whoever and each in (_role, _holder, _four_eyes))]
    found = (check(self_check, step, by) for check in asked)
    return next((refusal for refusal in found if refusal), None)


def _role(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if by.role in step.roles:
        return None
    if not step.roles:
        return NotAllowed(_("「%s」由系统按期办理，不由任何账号办理。") % step.label)
    return _not_theirs(step.label, step.roles)


def _state(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if self_check.state in step.sources:
        return None
    last = self_check.trail.last()
    params = {"state": self_check.get_state_display(), "step": step.label}
    if last is None:
        return Conflict(_("这份自查现在是「%(state)s」，不能%(step)s。") % params)
    params |= {"who": last.actor_name, "done": STEP[last.step].label}
    return Conflict(
        _("这份自查现在是「%(state)s」（%(who)s已办理「%(done)s」），不能%(step)s。") % params
    )


def _gone(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if not step.after_abolition or self_check.unit_is_gone:
        return None
    sentence = _("%s没有撤并；只有已撤并单位的自查可以终止。")
    return Conflict(sentence % self_check.district, code="not_abolished")


def _asked(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """A reopening is asked for once, and granted or declined only when it was."""
    if not step.answers and step.name != ASKING:
        return None
    asked = pending_request(self_check)
    if step.answers:
        return None if asked else Conflict(_("没有等待答复的重新开启申请。"), code="not_asked")
    sentence = _("%(who)s已于 %(when)s 申请重新开启，正等市级答复。")
    facts = asked and {"who": asked.actor_name, "when": moment_text(asked.taken_at)}
    return Conflict(sentence % facts, code="asked") if facts else None


def pending_request(self_check: SelfCheck) -> ReviewEntry | None:
    """The district's request to reopen that nobody has answered yet."""
    last = self_check.trail.last()
    return last if last and last.step == ASKING else None


def _holder(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """Whoever took it up decides; a manager may put it back for an inspector who is away."""
    if not step.holder_only or by.role == Role.MANAGER or self_check.inspector_id == by.pk:
        return None
    sentence = _("%s正在复核这份自查，由其作出决定。")
    if step.undoes:
        sentence = _("这个决定由%s作出，由其本人或市级管理员收回。")
    return Conflict(sentence % self_check.inspector, code="held")


def _four_eyes(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    return other_part(self_check, step.part, step.label, by) if step.part else None


def _upload(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    if not step.needs_complete_upload:
        return None
    upload = self_check.uploads.filter(is_current=True).first()
    if upload is None:
        return Conflict(_("还没有采用任何工作簿；请先上传并确认。"), code="no_upload")
    open_warnings = len(upload.unexplained())
    if open_warnings:
        return Conflict(
            _("还有 %s 个警告没有写明原因；请逐条说明，或更正后重新上传。") % open_warnings,
            code="unexplained",
        )
    return None


def _documents(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """The list names every indicator that lacks one; pages link each to where it is attached."""
    if not step.needs_complete_upload:
        return None
    documents = documents_of(self_check)
    if not (documents.binds and documents.missing):
        return None
    params = {"count": len(documents.missing), "names": documents.missing_in_words}
    sentence = _("还有 %(count)s 项没有附佐证材料：%(names)s。请在「补充说明与佐证」逐项附上。")
    return Conflict(sentence % params, code="evidence_missing")


def _words(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    """After a return the same figures go again only with a word to each remark of the city."""
    if step.name not in SENDING or self_check.state != State.RETURNED:
        return None
    decision = self_check.trail.filter(step__in=RETURNING).last()
    if decision is None:
        return None
    since = {"answers__written_at__gt": decision.taken_at}
    asked = {"written_by__role__in": MUNICIPAL_ROLES, "written_at__lte": decision.taken_at}
    open_ones = self_check.comments.filter(parent=None, settled_at=None, **asked)
    count = open_ones.exclude(**since).count()
    outcome = try_out(self_check) if count else None
    if outcome is None or outcome.digest != decision.evaluation_digest:
        return None
    sentence = _("数据和退回时一样，还有 %s 条复核意见没有回复；请逐条回复，或改正数据。")
    return Conflict(sentence % count, code="unanswered")


def _undoing(self_check: SelfCheck, step: Step, by: User) -> Refused | None:
    return blocker_of_undoing(self_check, step) if step.undoes else None
