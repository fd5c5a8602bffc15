"""What people do with a problem of the ledger: arrange the work, take a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from audit.services import as_json, fingerprint, record
from districts.models import User
from districts.roles import DISTRICT_ROLES, Role
from districts.wording import listed
from improvement.ledger_steps import AMEND, BY_PEOPLE, STEP, Step
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED
from improvement.services.ledger import Said, write
from selfchecks import clock
from selfchecks.services.notices import people_in, post

MAY_ARRANGE = (*DISTRICT_ROLES, Role.INSPECTOR)
ARRANGED = ("owner", "due_on", "measures")
LONGEST_COMMENT = 2000
LONGEST_OWNER = 60
CHUNK = 1000  # rows of one statement
_TAGGED = ("state", *ARRANGED, "found", "required", "changed_at")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: open, or blocked with the reason."""

    step: Step
    refusal: Refused | None

    @property
    def is_open(self) -> bool:
        return self.refusal is None

    @property
    def blocked_by(self) -> str:
        return str(self.refusal) if self.refusal else ""


def tag_of(problem: Problem) -> str:
    """Changes with everything a person decides on."""
    return fingerprint(problem, *_TAGGED)


def open_steps(problem: Problem, viewer: User) -> tuple[Offer, ...]:
    """Every step people take from its state, each open to the viewer or with its blocker."""
    return tuple(
        Offer(step, _blocker(problem, step, viewer))
        for step in BY_PEOPLE
        if problem.state in step.sources and problem.kind in step.kinds
    )


def _blocker(problem: Problem, step: Step, viewer: User) -> Refused | None:
    if viewer.role not in step.roles_for(problem.kind):
        roles = listed(role.label for role in step.roles_for(problem.kind))
        sentence = _("「%(step)s」由%(roles)s办理。") % {"step": step.label, "roles": roles}
        return NotAllowed(sentence if roles else _("这类问题没有「%s」这一步。") % step.label)
    if problem.state not in step.sources:
        params = {"state": problem.get_state_display(), "step": step.label}
        return Conflict(_("问题现在是「%(state)s」，不能办理「%(step)s」。") % params)
    is_ready = not step.lacking or (problem.owner and problem.due_on)
    return None if is_ready else Conflict(step.lacking, code="not_arranged")


@transaction.atomic
def take_step(
    *, problem: Problem, step: str, by: User, comment: str = "", expected: str | None = None
) -> Problem:
    """Take one step with one problem. Raises Http404 beyond one's scope, NotAllowed, Conflict,
    Stale when it changed meanwhile, Unusable without the comment the step asks for."""
    edge, locked = edge_of(step), _locked(problem, by, expected)
    if refusal := _blocker(locked, edge, by):
        raise refusal
    carry_out(rows=[locked], edge=edge, by=by, comment=comment_for(comment, edge))
    return locked


@transaction.atomic
def arrange(
    *, problem: Problem, by: User, comment: str = "", expected: str | None = None, **given: Any
) -> Problem:
    """Say who sees to it (``owner``), until when (``due_on``) and how (``measures``).

    What is not given stays. Another day than the one that stood needs a reason. Raises as
    :func:`take_step` does.
    """
    locked = _locked(problem, by, expected)
    refuse_unless_arranger(by)
    if locked.state not in UNSOLVED:
        sentence = _("问题现在是「%s」，整改安排不能再改。")
        raise Conflict(sentence % locked.get_state_display())
    rearrange(rows=[locked], values=arrangement(given), by=by, reason=reason_in(comment))
    return locked


def edge_of(name: str) -> Step:
    if name not in STEP or not STEP[name].roles:
        known = ", ".join(step.name for step in BY_PEOPLE)
        sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。")
        params = {"found": name[:40], "known": known}
        raise Unusable.at("step", sentence % params, code="unknown_step")
    return STEP[name]


def _locked(problem: Problem, by: User, expected: str | None) -> Problem:
    rows = Problem.objects.select_related("district").select_for_update(of=("self",))
    locked: Problem = rows.get_visible(by, pk=problem.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("这个问题刚被别人更改；请看过最新内容再办理。"))
    return locked


def comment_for(comment: str, edge: Step) -> str:
    if edge.needs_comment and not comment.strip():
        raise Unusable.at("comment", _("「%s」要写明原因或情况。") % edge.label)
    return reason_in(comment)


def reason_in(comment: str) -> str:
    if len(comment) > LONGEST_COMMENT:
        raise Unusable.at("comment", _("最多 %s 字。") % LONGEST_COMMENT)
    return comment.strip()


def carry_out(*, rows: Sequence[Problem], edge: Step, by: User, comment: str) -> None:
    """Rows of one district: state, histories, one entry of the record, one notice a person."""
    said: list[Said] = [(row, row.state, {}) for row in rows]
    _save(rows, state=edge.target)
    write(said=said, step=edge.name, by=by, comment=comment)
    was = sorted({state for _row, state, _changes in said})
    _record(rows, f"problem.{edge.name}", by, {"state": [*was, edge.target]}, comment)
    if edge.tells:
        _tell(rows, edge, by, comment)


def _save(rows: Sequence[Problem], **values: Any) -> None:
    values["changed_at"] = clock.now()
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), CHUNK):
        Problem.objects.filter(pk__in=keys[start : start + CHUNK]).update(**values)


def _record(
    rows: Sequence[Problem], action: str, by: User, changes: dict[str, Any], reason: str
) -> None:
    is_one = len(rows) == 1
    record(
        action=action,
        by=by,
        on=rows[0] if is_one else None,
        district_code=rows[0].district.code,
        changes=changes if is_one else {**changes, "count": len(rows)},
        reason=reason,
    )


def _tell(rows: Sequence[Problem], edge: Step, by: User, comment: str) -> None:
    is_one, district = len(rows) == 1, rows[0].district
    post(
        kind=f"ledger.{edge.name}",
        to=people_in(district.pk, edge.tells),
        key=f"{rows[0].pk}:{rows[0].changed_at.isoformat()}",
        by=by,
        unit=district.name,
        actor=by.display_name,
        count=len(rows),
        comment=comment[:200],
        page=("problem", rows[0].pk) if is_one else ("ledger", ""),
    )


def refuse_unless_arranger(by: User) -> None:
    if by.role not in MAY_ARRANGE:
        raise NotAllowed(_("整改安排由区县的填报员、审签人或市级督学填写。"))


def arrangement(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, checked: nothing is due on a day that has passed."""
    values = {name: given[name] for name in ARRANGED if name in given}
    texts = {name: text.strip() for name, text in values.items() if isinstance(text, str)}
    due_on: date | None = values.get("due_on")
    has_passed = due_on and due_on < timezone.localdate(clock.now())
    Unusable.check(
        {
            "owner": _("最多 %s 字。") % LONGEST_OWNER
            if len(texts.get("owner", "")) > LONGEST_OWNER
            else None,
            "measures": _("最多 %s 字。") % LONGEST_COMMENT
            if len(texts.get("measures", "")) > LONGEST_COMMENT
            else None,
            "due_on": _("整改期限已经过去，请填今天或以后的日期。") if has_passed else None,
        }
    )
    return {**values, **texts}


def rearrange(*, rows: Sequence[Problem], values: dict[str, Any], by: User, reason: str) -> None:
    """Rows of one district; those it would change nothing of are left alone."""
    said = [(row, row.state, changes) for row in rows if (changes := _changes(row, values))]
    if values.get("due_on", True) is None and any(row.due_on for row in rows):
        raise Unusable.at("due_on", _("定了的整改期限不能删去，只能改成别的日期。"))
    moved = any("due_on" in changes and changes["due_on"][0] for _row, _was, changes in said)
    if moved and not reason:
        raise Unusable.at("comment", _("改动已定的整改期限，要写明原因。"))
    changed = [row for row, _was, _changes in said]
    if not changed:
        return
    _save(changed, **values)
    _save([row for row, _was, changes in said if "due_on" in changes], escalated=0)
    write(said=said, step=AMEND, by=by, comment=reason)
    _record(changed, "problem.arrange", by, as_json(values), reason)


def _changes(row: Problem, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [as_json(getattr(row, name)), as_json(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }
