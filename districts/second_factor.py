"""Signing in with a second factor, and setting one up, in one's browser."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import RedirectURLMixin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView

from audit.refusals import Refused, Unusable
from districts import lockout
from districts.access import SignedInRequest, start_of
from districts.forms import CodeForm, FirstCodeForm
from districts.models import User
from districts.services import factors
from districts.services.signing import note_sign_in
from districts.sessions import VERIFIED

HALF, SECRET = "half_signed_in", "new_secret"
PATIENCE = 5 * 60  # seconds between the password and the code
BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin(request: HttpRequest, user: User, wanted: str) -> None:
    """Remember whose password was right, until the code is."""
    shown = {"user": user.pk, "password": user.get_session_auth_hash()}
    request.session[HALF] = {**shown, "at": timezone.now().timestamp(), "next": wanted}


def half_signed_in(request: HttpRequest) -> User | None:
    """Whose password was right a moment ago, as long as it still is."""
    half = request.session.get(HALF, {"user": 0, "at": 0})
    if timezone.now().timestamp() - half["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == half["password"] else None


def count_failure(request: HttpRequest, user: User, shown: str) -> None:
    """Of what was ``shown``; too many close the account at this address."""
    tried = {"username": user.username, "factor": shown}
    user_login_failed.send(sender=__name__, credentials=tried, request=request)


def knows_password(request: SignedInRequest, form: Form) -> bool:
    """Nobody tries passwords here more often than at the sign-in; a form may ask for none."""
    user, typed = request.user, form.cleaned_data.get("password")
    if typed is None or (not lockout.shuts(request, user) and user.check_password(typed)):
        return True
    count_failure(request, user, "password")
    form.add_error("password", _("密码不对。"))
    return False


class CodeView(RedirectURLMixin, FormView):  # type: ignore[type-arg]
    """The second step of signing in."""

    form_class = CodeForm
    template_name = "registration/code.html"
    extra_context = {"title": _("动态口令")}

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> Any:
        user = half_signed_in(request)
        if user is None:
            return redirect("login")
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        if lockout.shuts(self.request, self.user):
            return redirect("login")
        try:
            used = factors.accept(by=self.user, code=form.cleaned_data["code"])
        except Unusable as refusal:
            return self._refuse(form, refusal)
        return self._enter(used)

    def _refuse(self, form: CodeForm, refusal: Unusable) -> HttpResponse:
        """A wrong code counts like a wrong password."""
        count_failure(self.request, self.user, "code")
        form.add_error("code", str(refusal))
        return self.form_invalid(form)

    def _enter(self, used: str) -> HttpResponse:
        address = self.get_success_url()
        del self.request.session[HALF]
        login(self.request, self.user, backend=BACKEND)
        self.request.session[VERIFIED] = True
        note_sign_in(by=self.user, factor=used)
        return redirect(address)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Checked when the password came."""
        return str(self.request.session[HALF]["next"])

    def get_default_redirect_url(self) -> str:
        return start_of(self.user)


class FactorView(View):
    """One's own second factor: set up, given new recovery codes, ended."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._show(request, self._form(request))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self._form(request, request.POST)
        if not form.is_valid() or not knows_password(request, form):
            return self._show(request, form)
        try:
            return self._do(request, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", str(refusal))
            return self._show(request, form)

    @staticmethod
    def _form(request: SignedInRequest, *given: Any) -> CodeForm:
        """Changing a factor takes a code of it; the first one takes the password."""
        return (CodeForm if factors.factor_of(request.user) else FirstCodeForm)(*given)

    def _do(self, request: SignedInRequest, code: str) -> HttpResponse:
        if "end" in request.POST:
            factors.end(by=request.user, code=code)
            request.session.pop(VERIFIED, None)
            messages.success(request, _("动态口令已关闭；可以在新手机上重新开启。"))
            return redirect("second-factor")
        if "renew" in request.POST:
            return self._once(request, factors.renew_codes(by=request.user, code=code))
        codes = factors.set_up(by=request.user, secret=_secret(request), code=code)
        del request.session[SECRET]
        request.session[VERIFIED] = True
        return self._once(request, codes)

    def _show(self, request: SignedInRequest, form: CodeForm) -> HttpResponse:
        factor = factors.factor_of(request.user)
        context: dict[str, Any] = {"title": _("动态口令"), "form": form, "factor": factor}
        context["is_needed"] = factors.needs_one(request.user)
        if factor is None:
            secret = _secret(request)
            code = segno.make(factors.address_of(request.user, secret), error="m")
            groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
            context |= {"key": groups, "picture": code.svg_data_uri(scale=5, light="white")}
        return _kept_nowhere(render(request, "registration/second_factor.html", context))

    def _once(self, request: SignedInRequest, codes: list[str]) -> HttpResponse:
        context = {"title": _("恢复码（只显示这一次）"), "codes": codes}
        context["start"] = start_of(request.user)
        return _kept_nowhere(render(request, "registration/recovery_codes.html", context))


def _secret(request: HttpRequest) -> str:
    """The one offered in this session, so that the code typed belongs to the picture shown."""
    if SECRET not in request.session:
        request.session[SECRET] = factors.new_secret()
    return str(request.session[SECRET])


def _kept_nowhere(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
