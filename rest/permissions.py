"""Who may call a route: every API view states it, and one that does not is closed to all."""

from collections.abc import Iterable
from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class Undeclared(BasePermission):
    """The default: a view without a declared policy answers nobody."""

    policy = None

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


def _token_allows(request: Request, scope: str) -> bool:
    """A session has all scopes of its account; a token only those it was given."""
    scopes = getattr(request.auth, "scopes", None)
    return scopes is None or scope in scopes


def allow(
    *,
    read: str | Iterable[str],
    write: Iterable[str] = (),
    scope: str = "",
    citywide: bool = False,
) -> type[BasePermission]:
    """A permission class: ``read`` is "public", "signed-in" or roles; ``write`` roles.

    ``scope`` is the token scope that writing needs; reading as a client needs ``read``.
    ``citywide``: what is written concerns the whole city, so a token narrowed to one district
    is not enough.
    """
    readers = read if isinstance(read, str) else frozenset(read)
    writers = frozenset(write)

    class Policy(BasePermission):
        policy = {"read": readers, "write": writers, "scope": scope}

        def has_permission(self, request: Request, view: Any) -> bool:
            if request.method in SAFE_METHODS:
                return self._may_read(request)
            return (
                self._has_role(request, writers)
                and _token_allows(request, scope)
                and (not citywide or request.user.reach == "city")
            )

        def _may_read(self, request: Request) -> bool:
            if readers == "public":
                return True
            if not _token_allows(request, "read"):
                return False
            if readers == "signed-in":
                return bool(request.user and request.user.is_authenticated)
            return self._has_role(request, readers)

        @staticmethod
        def _has_role(request: Request, roles: Iterable[str]) -> bool:
            return bool(request.user.is_authenticated) and request.user.role in roles

    return Policy


PUBLIC_READ = allow(read="public")
