"""What people do with their own notices: they read them, and turn kinds of them off."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Unusable
from audit.services import record
from districts.models import User
from districts.scope import CITY
from selfchecks.models import Notice
from selfchecks.services.notice_words import TEXTS, text_of


@transaction.atomic
def mark_read(*, by: User, notices: Iterable[int] | None = None) -> int:
    """Mark one's own notices read, all of them without ``notices``; returns how many."""
    rows = Notice.objects.visible_to(by).unread()
    if notices is not None:
        rows = rows.filter(pk__in=list(notices))
    return rows.update(read_at=timezone.now())


@transaction.atomic
def mute(*, kind: str, by: User, is_muted: bool = True) -> None:
    """Let a kind come read and without a letter, or be told of it again.

    Raises NotAllowed for districts, Unusable for a kind there is not.
    """
    if by.reach != CITY:
        sentence = _("区县的通知都要有人办理，不能关掉；市级账号才可以关掉一类通知。")
        raise NotAllowed(sentence)
    if kind not in TEXTS:
        raise Unusable.at("kind", _("没有这一类通知；请刷新页面。"))
    account = User.objects.select_for_update().get(pk=by.pk)
    if (kind in account.muted) is not is_muted:
        rest = [each for each in account.muted if each != kind]
        account.muted = sorted([*rest, kind] if is_muted else rest)
        account.save(update_fields=["muted"])
        done = "notice.mute" if is_muted else "notice.unmute"
        record(action=done, by=by, on=account, changes={"kind": kind})
    by.muted = account.muted
    if is_muted:
        Notice.objects.visible_to(by).unread().filter(kind=kind).update(read_at=timezone.now())


def muted_kinds(viewer: User) -> list[tuple[str, str]]:
    """What this person turned off, each with the newest of its kind as an example."""
    rows = Notice.objects.visible_to(viewer)
    kinds = rows.filter(kind__in=viewer.muted).order_by().values("kind")
    keys = kinds.annotate(newest=Max("pk")).values("newest")
    found = rows.filter(pk__in=keys).select_related("self_check__district")
    newest = {row.kind: text_of(row) for row in found}
    return [(kind, newest.get(kind, kind)) for kind in viewer.muted]
