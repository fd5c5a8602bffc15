"""Which roles a page is for, said on the page: a page that says nothing fails the tests."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]
KEPT_TEXT = "kept_text"  # where the session keeps what was typed when it had ended


def open_to(*roles: str) -> Callable[[View], View]:
    """For signed-in people with one of the roles; others get 403 and a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and request.user.role not in roles:
                raise PermissionDenied(_("这个页面不对您的角色开放。"))
            return view(request, *args, **kwargs)

        guarded.policy = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate
