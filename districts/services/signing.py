"""Notes who came in, who tried, who was shut out and who left, in one place."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.models import Entry
from audit.services import address, record
from districts.models import ApiToken, User
from districts.services.units import note

LOCKED = timedelta(minutes=10)
MOST = 5


@transaction.atomic
def note_sign_in(*, by: User, factor: str = "") -> None:
    """``factor``: which second one was shown, when there was one."""
    note(action="session.open", by=by, on=by, changes={"factor": factor} if factor else {})


@transaction.atomic
def note_sign_out(*, by: User, reason: str = "") -> None:
    """With a ``reason`` when the portal ended it."""
    note(action="session.close", by=by, on=by, reason=reason)


@transaction.atomic
def note_failure(*, name: str, factor: str = "") -> None:
    """Nobody knows who it was; ``name`` is an account's, or masked."""
    _note_stranger("session.fail", name, {"factor": factor} if factor else {})


@transaction.atomic
def note_lockout(*, name: str) -> None:
    """Once for each lock, for a few accounts an address: who tries on fills no trail."""
    since = timezone.now() - LOCKED
    noted = Entry.objects.filter(action="session.lock", address=address.get(), at__gt=since)
    names = list(noted.values_list("changes__typed", flat=True)[:MOST])
    if name not in names and len(names) < MOST:
        _note_stranger("session.lock", name, {})


@transaction.atomic
def note_first_use(*, by: User, token: ApiToken) -> None:
    """When, and from where, a token began to be used."""
    unit = by.district.code if by.district else ""
    record(action="token.use", by=by, on=token, district_code=unit)


def _note_stranger(action: str, name: str, changes: dict[str, Any]) -> None:
    """Costs the same whether the account exists or not: nobody tells by the clock."""
    user = User.objects.filter(username=name).first()
    record(action=action, by=None, on=user, changes={"typed": name, **changes})
