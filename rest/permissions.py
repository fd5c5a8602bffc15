"""Who may call a route and how often; a view that does not state it is closed to all."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

ROLE_LACKS = _("您的账号的角色不能做这一步。")
SCOPE_LACKS = _("令牌的权限范围里没有 %s；请用含有它的令牌。")
REACH_LACKS = _("这一步关系全市，您的账号或令牌只限一个区县。")


class Undeclared(BasePermission):
    """The default: a view without a declared policy answers nobody."""

    policy = None

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


def allow(
    *,
    read: str | Iterable[str],
    write: Iterable[str] = (),
    scope: str = "",
    citywide: bool = False,
) -> type[BasePermission]:
    """A permission class: ``read`` is "public", "signed-in" or roles; ``write`` roles.

    ``scope`` is the token scope that writing needs; reading as a client needs ``read``.
    ``citywide``: what is written concerns the whole city, and so does what is read where nothing
    is written, so a token narrowed to one district is not enough.
    """
    readers = read if isinstance(read, str) else frozenset(read)
    writers = frozenset(write)

    class Policy(BasePermission):
        message: Any = ""
        code = ""
        policy = {"read": readers, "write": writers, "scope": scope}

        def has_permission(self, request: Request, view: Any) -> bool:
            """Notes why not in ``message`` and ``code``, which the answer then says."""
            is_reading = request.method in SAFE_METHODS
            if is_reading and readers == "public":
                return True
            needed = "read" if is_reading else scope
            if not self._has_role(request, readers if is_reading else writers):
                self.message, self.code = ROLE_LACKS, "role"
            elif needed not in getattr(request.auth, "scopes", [needed]):  # a session has them all
                self.message, self.code = SCOPE_LACKS % needed, "scope"
            elif citywide and not (is_reading and writers) and request.user.reach != "city":
                self.message, self.code = REACH_LACKS, "reach"
            else:
                return True
            return False

        @staticmethod
        def _has_role(request: Request, roles: str | Iterable[str]) -> bool:
            is_somebody = bool(request.user and request.user.is_authenticated)
            return is_somebody and (roles == "signed-in" or request.user.role in roles)

    return Policy


PUBLIC_READ = allow(read="public")


class ClientThrottle(SimpleRateThrottle):
    """How often one client may call: counted per token, else per account, else per address."""

    scope = "client"

    def get_cache_key(self, request: Request, view: Any) -> str:
        if request.auth is not None:
            ident = f"token-{request.auth.pk}"
        elif request.user.is_authenticated:
            ident = f"user-{request.user.pk}"
        else:
            ident = f"address-{self.get_ident(request)}"
        return str(self.cache_format % {"scope": self.scope, "ident": ident})
