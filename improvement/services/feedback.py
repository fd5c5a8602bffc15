"""Receives what the public says, takes it through its steps, and erases who said it in time."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Refused
from audit.services import check, fingerprint, record
from crypto.here import digest_of, digests_of
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from improvement.models import Feedback, FeedbackState, Problem
from improvement.models.feedback import DONE, PERSONAL
from improvement.models.ledger import Source
from improvement.services import ledger
from improvement.services.flow import Flow, Said
from improvement.voices.feedback_steps import STEPS, WANTED
from selfchecks import clock
from selfchecks.services import notices
from selfchecks.step import Edge

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
    if there := found_by(code):
        return there
    now = clock.now()
    row = Feedback(
        digest=digest_of(code),
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
            FLOW.record(rows=[row], name="receive", by=by, changes={"state": ["", row.state]})
    except IntegrityError:  # the same form came twice in the same moment
        return Feedback.objects.get(digest=row.digest)
    return row


def found_by(code: str) -> Feedback | None:
    """The message of a code, whichever profile kept it."""
    found: Feedback | None = (
        Feedback.objects.select_related("district").filter(digest__in=digests_of(code)).first()
    )
    return found


def take_step(
    *, feedback: Feedback, step: str, by: User, expected: str | None = None, **said: Any
) -> Feedback:
    """One step of its table with what it asks for.

    Raises NotAllowed for other roles and districts, Conflict, Stale when ``expected`` is not its
    tag, Unusable for inputs that are missing or wrong.
    """
    return FLOW.take(feedback, step, by, expected, **said)


def open_steps(feedback: Feedback, viewer: User) -> tuple[Edge, ...]:
    """What the viewer may do with it now."""
    return FLOW.open_edges(feedback, viewer)


def tag_of(feedback: Feedback) -> str:
    """Another one whenever somebody has done something with it."""
    return fingerprint(feedback, *SEEN)


@transaction.atomic
def erase_due() -> int:
    """Names and addresses of what was done long enough ago; returns how many there were."""
    until = clock.now() - timedelta(days=settings.FEEDBACK_ERASE_DAYS)
    due = Feedback.objects.filter(state__in=DONE, changed_at__lt=until, erased_at=None)
    keys = list(due.select_for_update().values_list("pk", flat=True))
    if keys:
        nothing = dict.fromkeys(PERSONAL, "")
        Feedback.objects.filter(pk__in=keys).update(erased_at=clock.now(), **nothing)
        record(action="feedback.erase", by=None, changes={"count": len(keys)})
    return len(keys)


class _Flow(Flow[Feedback]):
    model, subject, steps, comment = Feedback, "feedback", STEPS, "reason"
    changed = _("您打开之后，这条公众反映又有了变化；请看过现在的内容再办理。")
    related = ("district", "passed_to", "handler")
    tag_of = staticmethod(tag_of)

    def found(self, rows: Any, row: Feedback, by: User) -> Any:
        return rows.get(pk=row.pk)

    def not_theirs(self, row: Feedback, edge: Edge, by: User) -> Refused | None:
        if by.role in DISTRICT_ROLES and by.district_id != row.passed_to_id:
            return NotAllowed(_("这条公众反映没有转给您的区县。"))
        return super().not_theirs(row, edge, by)

    def leaving(self, row: Feedback) -> Iterable[Edge]:
        """What would change nothing is not offered."""
        idle = {"publish"} if row.published_text else {"unpublish"}
        idle |= {"enter"} if row.problem_id else set()
        return (edge for edge in super().leaving(row) if edge.name not in idle)

    def wanted(self, edge: Edge, name: str) -> Any:
        return WANTED[name]

    def change(self, row: Feedback, edge: Edge, by: User, said: Said) -> None:
        asked = {*edge.needs, *edge.may, *(("reason",) if edge.needs_comment else ())}
        for name in asked & set(KEPT):
            value = said.get(name)
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.changed_at = clock.now()
        if edge.name in ("take_up", "reopen"):
            row.handler = by
        if edge.name in ("reopen", "unpublish"):
            row.published_text = ""
        if edge.target == FeedbackState.ANSWERED:
            row.answered_by, row.answered_at, row.reason = by, row.changed_at, ""
        if edge.name == "enter":
            row.problem = _entered(row, said, by)
        check(row)

    def record(
        self, *, rows: Sequence[Any], name: str, by: User | None, changes: Any, reason: str = ""
    ) -> None:
        """Never what somebody wrote, nor who: only what was done with it."""
        (row,) = rows
        code = row.passed_to.code if row.passed_to else ""
        told = {**changes, "passed_to": code} if code else changes
        record(action=f"feedback.{name}", by=by, on=row, district_code=code, changes=told)

    def tell(self, *, rows: Sequence[Any], edge: Edge, by: Any, comment: str) -> None:
        (row,) = rows
        if edge.name == "pass_on":
            people = notices.people_in(row.passed_to.pk, DISTRICT_ROLES)
            _post(PASSED_ON, row, people, by, page=("own-message", row.pk))
        elif edge.name == "reply" and row.handler:
            _post(
                REPLIED, row, [row.handler], by, page=("admin:improvement_feedback_change", row.pk)
            )


FLOW = _Flow()


def _entered(row: Feedback, said: Said, by: User) -> Problem:
    """A line of the ledger for it, once."""
    assert row.passed_to is not None
    return ledger.found(
        by=by,
        district=row.passed_to,
        source=Source.FEEDBACK,
        key=f"feedback-{row.pk}",
        indicator=str(said.get("indicator") or "").strip().upper(),
        words=str(said["words"]),
    )


def _post(kind: str, row: Feedback, to: list[User], by: User, **params: Any) -> None:
    key = f"{row.pk}-{row.changed_at.isoformat()}"
    notices.post(kind=kind, to=to, key=key, by=by, district=row.passed_to, number=row.pk, **params)
