"""Sends what has changed to the addresses that want to hear of it: in order, the next one when the
one before was received.

What is to be sent is read from the feed of changes at the moment of sending, after the address's
position, so nothing can be lost between a change and its message, and who may not read a thing any
more is not told of it. ``next_at`` is the claim: a worker that was killed loses it after a minute.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop as N_
from django.utils.translation import override
from django_tasks import task

from audit.models import Entry
from districts import hooks
from districts.models import Delivery, Hook, User
from districts.models.hook import Ending
from districts.scope import DISTRICT
from districts.services.hooks import keys_of
from districts.services.units import note
from rest.addresses import networks_of
from rest.calling import Uncallable, post
from rest.renderers import JsonRenderer

AT_ONCE = 50  # entries looked at before the reader is asked for again, and
FRESH = 5  # seconds after which that happens in any case
TURN = 60  # seconds after which others in the queue come first
CLAIM = timedelta(seconds=60)  # longer than one attempt can take
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
PATIENCE = timedelta(days=5)  # so long it may fail without a single success
KEPT = timedelta(days=30)  # rows of the log
GONE = 410


@task()
def send_to(key: int) -> None:
    deliver(key)


def follow() -> None:
    """After a commit: who had nothing to wait for is told by the queue."""
    for key in Hook.objects.going().filter(next_at=None).values_list("pk", flat=True):
        wake(key)


def wake(key: int) -> None:
    if Hook.objects.filter(pk=key, next_at=None).update(next_at=timezone.now()):
        send_to.enqueue(key)


def deliver_due() -> int:
    """What is due and was in no queue, or in one that was lost; and the log's old rows. Returns
    how many were received."""
    Delivery.objects.filter(at__lt=timezone.now() - KEPT).delete()
    follow()
    due = Hook.objects.going().filter(next_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(deliver(key) for key in list(due))


def deliver(key: int) -> int:
    """Send one address what it has not received yet; returns how many were received."""
    sent, began, until = 0, time.monotonic(), _claim(key)
    while until and (hook := _going(key)):
        with override(settings.LANGUAGE_CODE):
            until, received, is_more = _round(hook, until)
        sent += received
        if until and (not is_more or time.monotonic() - began > TURN):
            _rest(key, until)
            break
    return sent


def _round(hook: Hook, until: datetime) -> tuple[datetime | None, int, bool]:
    """One look at the feed and the sending of what it says: the claim while it is ours, how many
    were received, and whether there is more."""
    news, read = hooks.news(reader_of(hook), hook.origin, hook.position, AT_ONCE), time.monotonic()
    wanted = [one for one in news.changes if not hook.kinds or one["resource"] in hook.kinds]
    for count, change in enumerate(wanted):
        if time.monotonic() - read > FRESH:
            return until, count, True
        held = _send(hook, change, until)
        if held is None:
            return None, count, False
        until = held
    return _move(hook, until, position=news.after), len(wanted), news.more


def reader_of(hook: Hook) -> User:
    """The account as it stands now, within the district that the address is narrowed to."""
    return hook.user if hook.user.reach == DISTRICT else hook.user.within(hook.district)


def _going(key: int) -> Hook | None:
    rows = Hook.objects.going().select_related("user__district", "district")
    found: Hook | None = rows.filter(pk=key).first()
    return found


def _claim(key: int) -> datetime | None:
    """Until when the address is ours alone, when it was due and nobody else's."""
    now = timezone.now()
    mine = Hook.objects.going().filter(pk=key, next_at__lte=now).update(next_at=now + CLAIM)
    return now + CLAIM if mine else None


def _move(hook: Hook, until: datetime, **values: Any) -> datetime | None:
    """Write, and hold the claim for another while, if it is still ours."""
    later = timezone.now() + CLAIM
    values = {"next_at": later, **values}
    mine = Hook.objects.filter(pk=hook.pk, next_at=until, ended="").update(**values)
    return later if mine else None


def _rest(key: int, until: datetime) -> None:
    """Let go; what was committed since the last look wakes it again."""
    mine = Hook.objects.filter(pk=key, next_at=until).update(next_at=None)
    position = Hook.objects.values_list("position", flat=True).get(pk=key)
    if mine and Entry.objects.filter(number__gt=position).exists():
        wake(key)


def _send(hook: Hook, change: dict[str, Any], until: datetime) -> datetime | None:
    """One attempt and what came of it, in one transaction with its row in the log.

    None when it was not received, or when another worker has taken over meanwhile.
    """
    held = _move(hook, until)
    if held is None:
        return None
    row = _attempt(hook, change)
    with transaction.atomic():
        row.save(force_insert=True)
        if not row.is_ok:
            _put_off(hook, held, row.status)
            return None
        hook.failures, hook.failing_since = 0, None
        held = _move(hook, held, position=row.number, failures=0, failing_since=None)
        transaction.set_rollback(held is None)
    return held


def _attempt(hook: Hook, change: dict[str, Any]) -> Delivery:
    """Its row in the log, not stored yet."""
    row = Delivery(hook=hook, number=change["number"], action=change["action"], at=timezone.now())
    began = time.monotonic()
    try:
        row.status = _post(hook, change)
        row.is_ok = 200 <= row.status < 300
        if not row.is_ok:
            row.fault, row.fault_values = N_("对方应答 %s，应为 2xx。"), row.status
    except Uncallable as fault:
        row.is_ok, row.fault, row.fault_values = False, fault.sentence, fault.values
    row.seconds = round(time.monotonic() - began, 3)
    return row


def _post(hook: Hook, change: dict[str, Any]) -> int:
    """Its name is the same however often it is sent: who has seen it knows it again."""
    name, now = f"msg_{hook.pk}_{change['number']}", timezone.now()
    told = {"type": change["action"], "timestamp": change["at"], "data": change}
    content = JsonRenderer().render(told).decode()
    signatures = " ".join(key.sign(name, now, content) for key in keys_of(hook))
    headers: dict[bytes | str, bytes | str] = {
        "Content-Type": "application/json",
        "User-Agent": "portal-webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures,
    }
    allowed = networks_of(settings.HOOK_NETWORKS)
    return post(hook.url, content.encode(), headers, allowed=allowed)


def _put_off(hook: Hook, until: datetime, status: int | None) -> None:
    """Try later, and later still; who failed for days, or says that it is gone, is ended."""
    now = timezone.now()
    wait = min(FIRST_WAIT * 2 ** min(hook.failures, 20), LONGEST_WAIT)
    worse = {"failures": F("failures") + 1, "failing_since": Coalesce("failing_since", now)}
    if not _move(hook, until, **worse, next_at=now + wait):
        return
    since = hook.failing_since or now
    if status == GONE or now - since > PATIENCE:
        _end(hook, Ending.GONE if status == GONE else Ending.FAILING)
    else:
        later = send_to.using(run_after=now + wait)
        transaction.on_commit(lambda: later.enqueue(hook.pk), robust=True)


def _end(hook: Hook, why: str) -> None:
    hook.ended, hook.next_at = why, None
    hook.save(update_fields=["ended", "next_at"])
    note(action="hook.fail", by=None, on=hook)
    for mourner in hooks.mourners:
        mourner(hook)
