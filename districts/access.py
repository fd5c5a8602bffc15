"""Which roles a page is for, said on the page: a page that says nothing fails the tests."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.roles import DISTRICT_ROLES, Role

if TYPE_CHECKING:
    from districts.models import User

View = Callable[..., HttpResponseBase]
KEPT_TEXT = "kept_text"  # where the session keeps what was typed when it had ended


class SignedInRequest(HttpRequest):
    """What a page behind a login gets, ours and the admin's: its user is one of our accounts."""

    user: "User"


def person_of(request: HttpRequest) -> "User":
    """The signed-in person, where Django hands us its own kind of request."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def for_everybody(view: View) -> View:
    """Read without signing in, and the same for all who have not: its answers may be kept."""
    open_view = login_not_required(require_safe(view))
    open_view.is_kept = True  # type: ignore[attr-defined]
    return open_view


def open_to(*roles: str, keeps: tuple[str, ...] | None = None) -> Callable[[View], View]:
    """For signed-in people with one of the roles; others get 403 and a sentence.

    ``keeps`` are the inputs whose text outlives a session that ends before they are sent; with
    none of them the page still tells of a file that was lost.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and request.user.role not in roles:
                raise PermissionDenied(_("这个页面不对您的角色开放。"))
            return view(request, *args, **kwargs)

        guarded.policy = frozenset(roles)  # type: ignore[attr-defined]
        if keeps is not None:
            guarded.keeps_text = keeps  # type: ignore[attr-defined]
        return guarded

    return decorate


def start_of(user: "User") -> str:
    """The page on which an account finds its work."""
    if user.role in DISTRICT_ROLES:
        return reverse("self-check-now")
    if user.role == Role.DEPARTMENT:
        return reverse("own-measures")
    return reverse("admin:index") if user.is_staff else reverse("home")
