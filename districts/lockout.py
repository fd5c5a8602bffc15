"""Who tries passwords waits: an account at one address for ten minutes, an address that tries many
accounts twice as long each time. Names that are no account are kept masked."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crypto.signing import salted
from districts.models import User
from districts.services.signing import note_failure, note_lockout

FREE = 10  # wrong passwords of one address that cost no waiting: offices share one
PAIR = _("密码连续输错次数过多，请 10 分钟后再登录。")
ADDRESS = _("这个网络地址上登录失败的次数太多，请过一会儿再登录。")
MASK = "?"  # no account's name begins with it


class Closed(NamedTuple):
    """How long nobody signs in here, and why; not at all with zero seconds."""

    seconds: int
    sentence: str | Promise


class Guard(AxesDatabaseHandler):
    """Axes counts and keeps; how long to wait is decided here."""

    def is_locked(self, request: Any, credentials: Any = None) -> bool:
        return closed_for(request, credentials).seconds > 0


def closed_for(request: Any, credentials: Any = None) -> Closed:
    """The longer of the two waits, of the account at this address and of the address."""
    now, here = request.axes_attempt_time, request.axes_ip_address
    lately = AccessAttempt.objects.filter(
        ip_address=here, attempt_time__gt=now - settings.AXES_COOLOFF_TIME
    )
    own = lately.filter(username=kept_name(request, credentials))
    pair = Closed(_left(own, now, _wait_of_pair), PAIR)
    return max(pair, Closed(_left(lately, now, _wait_of_address), ADDRESS), key=lambda c: c.seconds)


def shuts(request: Any, user: User) -> bool:
    """Whether this account may not try here now; the answer then becomes the page that says so."""
    request.axes_credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, request.axes_credentials):
        request.axes_locked_out = True
    return bool(request.axes_locked_out)


def _left(attempts: "QuerySet[AccessAttempt]", now: datetime, wait_of: Any) -> int:
    """Seconds, counted from the last failure; begun ones count whole."""
    found = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    wait = wait_of(found["failures"] or 0)
    return max(0, -((now - found["last"] - wait) // timedelta(seconds=1))) if wait else 0


def _wait_of_pair(failures: int) -> timedelta:
    is_closed = failures >= settings.AXES_FAILURE_LIMIT
    return settings.AXES_COOLOFF_TIME if is_closed else timedelta()


def _wait_of_address(failures: int) -> timedelta:
    """Nothing for the first ones, then a second, two, four … up to the lock of an account."""
    if failures < FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE, 10)), settings.AXES_COOLOFF_TIME)


def heard_failure(sender: Any, credentials: Any, request: Any = None, **more: Any) -> None:
    """What was refused unread is no failure more: the lockout is noted."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        factor = credentials.get("factor", "")
        note_failure(name=kept_name(request, credentials), factor=factor)


def heard_lockout(sender: Any, username: str, **more: Any) -> None:
    note_lockout(name=username)


def kept_name(request: HttpRequest, credentials: Any = None) -> str:
    """The name as it is kept; what is no account may be a password typed into the wrong input."""
    typed = str((credentials or request.POST).get("username") or "")
    known: dict[str, str] = request.__dict__.setdefault("kept_names", {})
    if typed not in known:
        is_account = User.objects.filter(username=typed).exists()
        known[typed] = typed if is_account else masked(typed)
    return known[typed]


def masked(typed: str) -> str:
    """The same for the same text and, without our key, for nobody to guess back."""
    return MASK + salted("districts.lockout", typed).hex()[:16]
