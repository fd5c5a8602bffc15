"""Who is calling the API: a bearer token or a browser session."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from crypto.here import digests_of
from districts.duties import SENTENCES, duty_of
from districts.models import ApiToken, User
from districts.services.signing import note_first_use

_SEEN_EVERY = timedelta(minutes=5)  # last use is for people; not worth a write per request


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF protection; asks for a token when there is none."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Without the cookie no session is opened: open answers then do not vary by it."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        found: tuple[User, None] | None = super().authenticate(request)
        if found and (duty := duty_of(found[0], request.session)):
            raise exceptions.PermissionDenied(SENTENCES[duty])
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer …``; unknown, expired and revoked tokens get the same answer."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.usable_at(now)
            .select_related("user", "user__district", "district")
            .filter(digest__in=digests_of(text.strip()))
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(_("令牌无效或已过期，请重新申请。"))
        self._mark_used(token)
        return narrowed(token), token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    @staticmethod
    @transaction.atomic
    def _mark_used(token: ApiToken) -> None:
        """By one conditional write: of those who use it first at once, one is told of."""
        now, before = timezone.now(), token.last_used_at
        if before is not None and now - before <= _SEEN_EVERY:
            return
        unchanged = ApiToken.objects.filter(pk=token.pk, last_used_at=before)
        if unchanged.update(last_used_at=now) and before is None and settings.AUDIT_READING:
            note_first_use(by=narrowed(token), token=token)


def narrowed(token: ApiToken) -> User:
    """The account acting by the token, its reach cut down to the token's district if it has one."""
    user = token.user.within(token.district)
    user.token = str(token)
    return user


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = _(
            "接口令牌：本人在「我的令牌」里建立，接口账号的由系统管理员发放；有权限范围和有效期，只显示一次。"
        )
        return {"type": "http", "scheme": "bearer", "description": str(description)}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = _("浏览器的登录；写入时还要带 X-CSRFToken。")
        name = settings.SESSION_COOKIE_NAME
        return {"type": "apiKey", "in": "cookie", "name": name, "description": str(description)}
