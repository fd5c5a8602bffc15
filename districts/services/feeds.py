"""Opens and ends an account's calendar of deadlines, and finds whose an address is."""

import secrets

from django.db import transaction
from django.utils import timezone

from audit.services import record
from crypto.here import digest_of, digests_of
from districts.models import DeadlineFeed, User


@transaction.atomic
def open_feed(*, by: User) -> tuple[DeadlineFeed, str]:
    """A new address and its secret, which is not kept; the one before ends."""
    close_feed(by=by)
    secret = secrets.token_urlsafe(32)
    feed = DeadlineFeed.objects.create(user=by, digest=digest_of(secret), created_at=timezone.now())
    record(action="feed.open", by=by, on=feed)
    return feed, secret


@transaction.atomic
def close_feed(*, by: User) -> None:
    """End the account's address; without one nothing changes."""
    # The account's row is held, so that two requests cannot leave two addresses.
    User.objects.select_for_update().get(pk=by.pk)
    feed = DeadlineFeed.objects.filter(user=by, ended_at=None).first()
    if feed:
        feed.ended_at = timezone.now()
        feed.save(update_fields=["ended_at"])
        record(action="feed.end", by=by, on=feed)


def current_feed(user: User) -> DeadlineFeed | None:
    return DeadlineFeed.objects.filter(user=user, ended_at=None).first()


def reader_of(secret: str) -> User | None:
    """Whose deadlines the address shows; nobody's once it or the account has ended."""
    feed = (
        DeadlineFeed.objects.filter(
            digest__in=digests_of(secret), ended_at=None, user__is_active=True
        )
        .select_related("user__district")
        .first()
    )
    return feed.user if feed else None
