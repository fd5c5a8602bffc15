"""What an account owes before it goes on: a password that is not too old, a second factor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.models import User
from districts.passwords import days_left, must_change
from districts.services.factors import needs_one
from districts.sessions import VERIFIED

SENTENCES: dict[str, str | Promise] = {
    "password_change": _("密码用得太久了，请先登录网页修改密码。"),
    "second-factor": _("您的角色必须使用动态口令，请先登录网页开启。"),
}


def duty_of(user: User, session: Any) -> str:
    """The name of the page to see first; empty when nothing is owed."""
    if must_change(user):
        return "password_change"
    return "second-factor" if needs_one(user) and not session.get(VERIFIED) else ""


class DutiesMiddleware(MiddlewareMixin):
    """Leads a person to the page where what is owed is done, and tells programs what is near."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        # The API asks for itself who is calling; opening the session here would make its
        # public answers vary by cookie.
        if request.path_info.startswith("/api/") or not request.user.is_authenticated:
            return None
        duty = duty_of(request.user, request.session)
        open_pages = {reverse(name) for name in (duty, "logout", "session") if name}
        return redirect(duty) if duty and request.path not in open_pages else None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Programs read no pages: how many days their account's password is still good."""
        is_known = (
            settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        )
        if request.path_info.startswith("/api/") and is_known and isinstance(request.user, User):
            left = days_left(request.user)
            if left is not None and left <= settings.WARNED_DAYS:
                response["X-Password-Days-Left"] = str(max(left, 0))
        return response
