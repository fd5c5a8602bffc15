"""Sets many messages of the public aside at once, after showing which: they come in waves."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale
from districts.models import User
from improvement.models import Feedback
from improvement.services import feedback
from improvement.services.flow import edge_in
from improvement.voices.feedback_steps import STEPS

EDGE = edge_in(STEPS, "set_aside")
MOST = 200  # messages at once


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Which would be set aside and which stay as they are; ``tag`` changes with any of them."""

    open: list[Feedback]
    left: list[Feedback]
    tag: str


def foresee(keys: Iterable[int], by: User) -> Foreseen:
    """What :func:`set_aside` would do. Raises NotAllowed for other roles."""
    if by.role not in EDGE.roles:
        raise NotAllowed(_("您的账号的角色不能做「%s」。") % EDGE.label)
    rows = list(Feedback.objects.visible_to(by).filter(pk__in=list(keys)[:MOST]).order_by("pk"))
    seen = [(row.pk, feedback.tag_of(row)) for row in rows]
    return Foreseen(
        open=[row for row in rows if row.state in EDGE.sources],
        left=[row for row in rows if row.state not in EDGE.sources],
        tag=hashlib.sha256(repr(seen).encode()).hexdigest()[:32],
    )


@transaction.atomic
def set_aside(*, keys: Iterable[int], by: User, reason: str, expected: str = "") -> list[Feedback]:
    """All of them that can be, for one reason that each sender reads; returns those.

    Raises NotAllowed, Stale when ``expected`` is not the tag of what was foreseen, Conflict where
    none can be, Unusable without a reason.
    """
    found = foresee(keys, by)
    if expected and expected != found.tag:
        raise Stale(_("这些公众反映刚有变化；请看过最新的预览再办理。"))
    if not found.open:
        raise Conflict(_("所选的公众反映没有一条可以「%s」。") % EDGE.label)
    return [
        feedback.take_step(feedback=row, step=EDGE.name, by=by, reason=reason) for row in found.open
    ]
