"""What people do with a problem of the ledger: arrange the work, take a step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_length
from audit.refusals import Conflict, NotAllowed, Refused, Unusable
from audit.services import as_json, fingerprint, record
from districts.models import User
from districts.roles import DISTRICT_ROLES, Role
from improvement.ledger.steps import AMEND, STEPS, Step
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED
from improvement.services.flow import Flow, edge_in
from improvement.services.ledger import Said, write
from selfchecks import clock
from selfchecks.services.notices import people_in, post
from selfchecks.services.steps import BY_ITSELF
from selfchecks.step import Edge, Offer

MAY_ARRANGE = (*DISTRICT_ROLES, Role.INSPECTOR)
ARRANGED = ("owner", "due_on", "measures")
LONGEST_COMMENT = 2000
LONGEST_OWNER = 60
CHUNK = 1000  # rows of one statement
_TAGGED = ("state", *ARRANGED, "found", "required", "changed_at")


def tag_of(problem: Problem) -> str:
    """Changes with everything a person decides on."""
    return fingerprint(problem, *_TAGGED)


def open_steps(problem: Problem, viewer: User) -> tuple[Offer, ...]:
    """Every step people take from its state, each open to the viewer or with its blocker."""
    return FLOW.open_steps(problem, viewer)


def take_step(
    *, problem: Problem, step: str, by: User, comment: str = "", expected: str | None = None
) -> Problem:
    """Take one step with one problem. Raises Http404 beyond one's scope, NotAllowed, Conflict,
    Stale when it changed meanwhile, Unusable without the comment the step asks for."""
    return FLOW.take(problem, step, by, expected, comment=comment)


@transaction.atomic
def arrange(
    *, problem: Problem, by: User, comment: str = "", expected: str | None = None, **given: Any
) -> Problem:
    """Say who sees to it (``owner``), until when (``due_on``) and how (``measures``).

    What is not given stays. Another day than the one that stood needs a reason. Raises as
    :func:`take_step` does.
    """
    locked = FLOW.lock(problem, by, expected)
    refuse_unless_arranger(by)
    if locked.state not in UNSOLVED:
        sentence = _("问题现在是「%s」，整改安排不能再改。")
        raise Conflict(sentence % locked.get_state_display())
    rearrange(rows=[locked], values=arrangement(given), by=by, reason=reason_in(comment))
    return locked


class _Flow(Flow[Problem]):
    model, subject, steps = Problem, "problem", STEPS
    changed = _("这个问题刚被别人更改；请看过最新内容再办理。")
    longest = LONGEST_COMMENT
    tag_of = staticmethod(tag_of)

    def leaving(self, row: Problem) -> Iterable[Edge]:
        return (edge for edge in super().leaving(row) if row.kind in _row(edge).kinds)

    def roles_of(self, row: Problem, edge: Edge) -> tuple[Role, ...]:
        return _row(edge).roles_for(row.kind)

    def not_theirs(self, row: Problem, edge: Edge, by: User) -> Refused | None:
        if self.roles_of(row, edge):
            return super().not_theirs(row, edge, by)
        return NotAllowed(_("这类问题没有「%s」这一步。") % edge.label)

    def not_arranged(self, row: Problem, edge: Edge, by: User) -> Refused | None:
        if row.owner and row.due_on:
            return None
        return Conflict(_row(edge).lacking, code="not_arranged")

    def wanted(self, edge: Edge, name: str) -> Any:
        return _("「%s」要写明原因或情况。") % edge.label

    def move(self, *, rows: Sequence[Problem], edge: Edge, by: User | None, said: Any) -> None:
        _save(rows, state=edge.target)

    def write_trail(
        self, *, rows: Sequence[Problem], was: Sequence[str], edge: Edge, by: Any, comment: str
    ) -> None:
        said: list[Said] = [(row, state, {}) for row, state in zip(rows, was, strict=True)]
        write(said=said, step=edge.name, by=by, comment=comment)

    def record(
        self, *, rows: Sequence[Any], name: str, by: User | None, changes: Any, reason: str = ""
    ) -> None:
        """One entry for all rows of a district."""
        is_one = len(rows) == 1
        record(
            action=f"problem.{name}",
            by=by,
            on=rows[0] if is_one else None,
            district_code=rows[0].district.code,
            changes=changes if is_one else {**changes, "count": len(rows)},
            reason=reason,
        )

    def tell(self, *, rows: Sequence[Problem], edge: Edge, by: Any, comment: str) -> None:
        if edge.tells:
            _tell(rows, edge, by, comment)


FLOW = _Flow()


def _row(edge: Edge) -> Step:
    """The table of this flow has rows of its own."""
    assert isinstance(edge, Step)
    return edge


def edge_of(name: str) -> Step:
    return _row(edge_in(STEPS, name))


def reason_in(comment: str) -> str:
    Unusable.check({"comment": fault_of_length(comment, LONGEST_COMMENT)})
    return comment.strip()


def _save(rows: Sequence[Problem], **values: Any) -> None:
    values["changed_at"] = clock.now()
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), CHUNK):
        Problem.objects.filter(pk__in=keys[start : start + CHUNK]).update(**values)


def _tell(rows: Sequence[Problem], edge: Edge, by: User | None, comment: str) -> None:
    is_one, district = len(rows) == 1, rows[0].district
    post(
        kind=f"ledger.{edge.name}",
        to=people_in(district.pk, edge.tells),
        key=f"{rows[0].pk}:{rows[0].changed_at.isoformat()}",
        by=by,
        district=district,
        actor=by.display_name if by else BY_ITSELF,
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
    FLOW.record(rows=changed, name="arrange", by=by, changes=as_json(values), reason=reason)


def _changes(row: Problem, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [as_json(getattr(row, name)), as_json(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }
