"""Where an account is signed in: told to its owner, ended by her, and so many places at most."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crypto.here import digest_of
from crypto.sessions import SessionStore
from districts.models import User
from districts.services.signing import note_sign_out

BEGUN, SEEN, ADDRESS = "begun", "seen", "address"
MOST = 10  # at once; who comes after that ends the one without a sign of life for longest
CALLED = 16  # signs of the name by which one is chosen


@dataclass(frozen=True, slots=True)
class Entered:
    """``name`` tells it from others and opens nothing."""

    key: str
    name: str
    begun: datetime
    seen: datetime
    address: str


def entered(user: User) -> list[Entered]:
    """All that last, the one with the latest sign of life first."""
    return sorted(_lasting(user), key=lambda each: each.seen, reverse=True)


def over(session: Any, now: float) -> str:
    """Which limit has passed, as a word; empty while the session holds."""
    if now - session[BEGUN] >= settings.SESSION_LONGEST.total_seconds():
        return "longest"
    return "idle" if now - session[SEEN] >= settings.SESSION_IDLE.total_seconds() else ""


@transaction.atomic
def end(*, by: User, names: Collection[str]) -> int:
    """Those of one's own that are called so; how many there were."""
    keys = [each.key for each in entered(by) if each.name in names]
    with override(settings.LANGUAGE_CODE):
        return _end(by, keys, _("本人在另一处结束"))


@transaction.atomic
def make_room(*, by: User) -> None:
    """For one more."""
    keys = [each.key for each in entered(by)[MOST - 1 :]]
    with override(settings.LANGUAGE_CODE):
        _end(by, keys, _("同时登录的地方太多"))


def _end(by: User, keys: Collection[str], reason: str) -> int:
    count, _tables = Session.objects.filter(session_key__in=keys).delete()
    for _session in range(count):
        note_sign_out(by=by, reason=reason)
    return count


def _lasting(user: User) -> Iterator[Entered]:
    """Sessions say whose they are only inside; few last at once."""
    now, store = timezone.now(), SessionStore()
    for row in Session.objects.filter(expire_date__gt=now).iterator():
        said = store.decode(row.session_data)
        if _is_of(user, said) and not over(said, now.timestamp()):
            name, moments = digest_of(row.session_key)[:CALLED], (said[BEGUN], said[SEEN])
            begun, seen = (datetime.fromtimestamp(each, now.tzinfo) for each in moments)
            yield Entered(row.session_key, name, begun, seen, said.get(ADDRESS, ""))


def _is_of(user: User, said: Mapping[str, Any]) -> bool:
    """With the password of today: another one has ended those before."""
    is_hers = said.get(SESSION_KEY) == str(user.pk) and BEGUN in said
    return is_hers and said.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
