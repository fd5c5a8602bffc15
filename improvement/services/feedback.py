"""Receives what the public says, takes it through its steps, and erases who said it in time."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from improvement.edge import Edge, edge_in, edges_for, refuse_unless_open, refuse_unless_said
from improvement.feedback_steps import STEPS, WANTED
from improvement.models import Feedback, FeedbackState
from improvement.models.feedback import DONE, PERSONAL
from improvement.models.ledger import Source
from improvement.services import ledger
from selfchecks import clock
from selfchecks.services import notices

KEPT = ("passed_to", "reply", "reason", "answer", "published_text")  # inputs the row keeps
SEEN = ("state", "passed_to", "reply", "answer", "reason", "published_text", "problem")
PASSED_ON, REPLIED = "feedback.passed_on", "feedback.replied"
NOTICES = {
    PASSED_ON: _("市级转来一条公众反映（编号 %(number)s），请办理并回复。"),
    REPLIED: _("%(unit)s回复了公众反映（编号 %(number)s），请答复反映人。"),
}


def receive(
    *,
    by: None,
    code: str,
    text: str,
    district: District | None = None,
    page: str = "",
    name: str = "",
    contact: str = "",
    is_demo: bool = False,
) -> Feedback:
    """A message under the code its sender keeps; the same code brings the first one back.

    ``by`` is None: the portal does not ask who it is. Raises Unusable naming every input at fault.
    """
    digest = digest_of(code)
    if there := Feedback.objects.filter(digest=digest).first():
        return there
    now = clock.now()
    row = Feedback(
        digest=digest,
        text=text.strip(),
        district=district,
        page=page,
        name=name.strip(),
        contact=contact.strip(),
        received_at=now,
        changed_at=now,
        is_demo=is_demo,
    )
    check(row)
    try:
        with transaction.atomic():
            row.save()
            _record("feedback.receive", row, by)
    except IntegrityError:  # the same form came twice in the same moment
        return Feedback.objects.get(digest=digest)
    return row


@transaction.atomic
def take_step(
    *, feedback: Feedback, step: str, by: User, expected: str | None = None, **said: Any
) -> Feedback:
    """One step of its table with what it asks for.

    Raises NotAllowed for other roles and districts, Conflict, Stale when ``expected`` is not its
    tag, Unusable for inputs that are missing or wrong.
    """
    edge, row = edge_in(STEPS, step), _locked(feedback, expected)
    if by.role in DISTRICT_ROLES and by.district_id != row.passed_to_id:
        raise NotAllowed(_("这条公众反映没有转给您的区县。"))
    refuse_unless_open(edge, row.state, row.get_state_display(), by)
    said = {name: said.get(name) for name in edge.asks}
    refuse_unless_said(edge, said, WANTED)
    if "reason" in edge.needs:
        Unusable.check({"reason": fault_of_required(str(said["reason"]), WANTED["reason"])})
    before = row.state
    _apply(row, edge, said, by)
    check(row)
    row.save()
    _record(f"feedback.{step}", row, by, before)
    _tell(row, edge, by)
    return row


def open_steps(feedback: Feedback, viewer: User) -> tuple[Edge, ...]:
    """What the viewer may do with it now."""
    found = edges_for(STEPS, feedback.state, viewer)
    idle = {"publish"} if feedback.published_text else {"unpublish"}
    idle |= {"enter"} if feedback.problem_id else set()
    return tuple(edge for edge in found if edge.name not in idle)


def tag_of(feedback: Feedback) -> str:
    """Another one whenever somebody has done something with it."""
    return fingerprint(feedback, *SEEN)


def digest_of(code: str) -> str:
    return sha256(code.encode()).hexdigest()


@transaction.atomic
def erase_due() -> str:
    """Names and addresses of what was done long enough ago; says how many there were."""
    until = clock.now() - timedelta(days=settings.FEEDBACK_ERASE_DAYS)
    due = Feedback.objects.filter(state__in=DONE, changed_at__lt=until, erased_at=None)
    keys = list(due.select_for_update().values_list("pk", flat=True))
    if keys:
        nothing = dict.fromkeys(PERSONAL, "")
        Feedback.objects.filter(pk__in=keys).update(erased_at=clock.now(), **nothing)
        record(action="feedback.erase", by=None, changes={"count": len(keys)})
    return gettext("删除 %s 条公众反映的个人信息。") % len(keys)


def _apply(row: Feedback, edge: Edge, said: dict[str, Any], by: User) -> None:
    for name in set(KEPT) & set(said):
        value = said[name]
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.state, row.changed_at = edge.target or row.state, clock.now()
    if edge.name in ("take_up", "reopen"):
        row.handler = by
    if edge.name in ("reopen", "unpublish"):
        row.published_text = ""
    if edge.target == FeedbackState.ANSWERED:
        row.answered_by, row.answered_at, row.reason = by, row.changed_at, ""
    if edge.name == "enter":
        _enter(row, said, by)


def _enter(row: Feedback, said: dict[str, Any], by: User) -> None:
    """A line of the ledger for it, once."""
    assert row.passed_to is not None
    row.problem = ledger.found(
        by=by,
        district=row.passed_to,
        source=Source.FEEDBACK,
        key=f"feedback-{row.pk}",
        indicator=str(said["indicator"] or "").strip().upper(),
        words=str(said["words"]),
    )


def _locked(feedback: Feedback, expected: str | None) -> Feedback:
    rows = Feedback.objects.select_for_update(of=("self",))
    row: Feedback = rows.select_related("district", "passed_to", "handler").get(pk=feedback.pk)
    if expected not in (None, tag_of(row)):
        raise Stale(_("您打开之后，这条公众反映又有了变化；请看过现在的内容再办理。"))
    return row


def _tell(row: Feedback, edge: Edge, by: User) -> None:
    if edge.name == "pass_on" and row.passed_to:
        people = notices.people_in(row.passed_to.pk, DISTRICT_ROLES)
        _post(PASSED_ON, row, people, by, page=("own-message", row.pk))
    elif edge.name == "reply" and row.handler:
        _post(REPLIED, row, [row.handler], by)


def _post(kind: str, row: Feedback, to: list[User], by: User, **params: Any) -> None:
    unit = row.passed_to.name if row.passed_to else ""
    key = f"{row.pk}-{row.changed_at.isoformat()}"
    notices.post(kind=kind, to=to, key=key, by=by, unit=unit, number=row.pk, **params)


def _record(action: str, row: Feedback, by: User | None, before: str = "") -> None:
    """Never what somebody wrote, nor who: only what was done with it."""
    changes: dict[str, Any] = {"state": [before, row.state]}
    code = row.passed_to.code if row.passed_to else ""
    if code:
        changes["passed_to"] = code
    record(action=action, by=by, on=row, district_code=code, changes=changes)
