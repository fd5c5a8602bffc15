"""How long a session lasts: so long without a sign of life, and so long at most."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.services import address
from districts.models import User
from districts.passwords import days_left
from districts.services.entered import ADDRESS, BEGUN, SEEN, make_room, over
from districts.services.signing import note_sign_out

ENDED, VERIFIED = "ended", "verified"
_OFTEN = 5  # seconds; a sign of life within them is not worth a write


def begin(sender: Any, request: HttpRequest, user: Any = None, **more: Any) -> None:
    """Django signs somebody in: both limits count from here."""
    request.session[BEGUN] = request.session[SEEN] = timezone.now().timestamp()
    request.session[ADDRESS] = address.get()
    request.session.pop(ENDED, None)
    if isinstance(user, User):
        make_room(by=user)


class SessionLimitsMiddleware(MiddlewareMixin):
    """Ends what has lasted too long; whoever typed meanwhile finds it after the next sign-in."""

    def process_request(self, request: HttpRequest) -> None:
        # Without the cookie no session is opened: open answers then do not vary by it.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        session, now = request.session, timezone.now().timestamp()
        if SESSION_KEY not in session:
            return
        if BEGUN not in session:
            begin(None, request)
        elif why := over(session, now):
            close(request, why)
        elif now - session[SEEN] >= _OFTEN:
            session[SEEN] = now


def close(request: HttpRequest, why: str) -> None:
    if request.user.is_authenticated:
        with override(settings.LANGUAGE_CODE):
            said = {"idle": _("太久没有操作"), "longest": _("登录时间到了上限")}
            note_sign_out(by=request.user, reason=said[why])
    logout(request)
    request.session[ENDED] = why


def facts(request: HttpRequest) -> dict[str, Any]:
    """For pages of signed-in people: when the session ends, and whether the password does."""
    return {"session_end": SimpleLazyObject(lambda: _facts(request))}


def _facts(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User):
        return {}
    left = days_left(user)
    return {
        "ends": _moment(request.session.get(BEGUN)) + settings.SESSION_LONGEST,
        "idle": settings.SESSION_IDLE // timedelta(seconds=1),
        "minutes": settings.SESSION_IDLE // timedelta(minutes=1),
        "password_days": left if left is not None and 0 <= left <= settings.WARNED_DAYS else None,
    }


def _moment(stamp: float | None) -> datetime:
    return (
        datetime.fromtimestamp(stamp, timezone.get_current_timezone()) if stamp else timezone.now()
    )
