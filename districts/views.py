"""One's own account: signing in and out, the password, the calendar of deadlines."""

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.http import require_safe

from districts import second_factor
from districts.access import KEPT_TEXT, SignedInRequest, person_of, start_of
from districts.deadlines import calendar_of, dues_of
from districts.forms import PasswordForm, SignInForm
from districts.passwords import must_change
from districts.services import feeds
from districts.services.calendar import working_days
from districts.services.factors import factor_of
from districts.services.people import keep_password_anew, note_password_change
from districts.services.signing import note_sign_in, note_sign_out
from districts.sessions import ENDED


class SignInView(views.LoginView):
    """Everybody goes on to the page they wanted, else to where their work stands."""

    authentication_form = SignInForm

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        session = self.request.session
        kept = session.get(KEPT_TEXT, {})
        said = {"has_kept_text": bool(kept.get("texts")), "had_file": bool(kept.get("had_file"))}
        return super().get_context_data(**said, ended=session.get(ENDED, ""), **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right; whoever has a second factor is asked for it first."""
        user = form.get_user()
        keep_password_anew(by=user, password=form.cleaned_data["password"])
        if factor_of(user):
            second_factor.begin(self.request, user, self.get_redirect_url())
            return redirect("second-factor-code")
        response = super().form_valid(form)
        note_sign_in(by=user)
        return response

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        return start_of(user) if user.is_authenticated else super().get_default_redirect_url()


class SignOutView(views.LogoutView):
    """Notes who left, and takes what was typed out of the browser."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        note_sign_out(by=person_of(request))
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"storage"'  # what was typed and not sent, on shared machines
        return answer


@require_safe
def sign_of_life(request: HttpRequest) -> HttpResponse:
    """Asked for by a page whose reader goes on working; that it was asked for is enough."""
    return HttpResponse("ok\n", content_type="text/plain")


class PasswordView(views.PasswordChangeView):
    """Asks for the old password; other sessions of the account end."""

    form_class = PasswordForm
    template_name = "registration/password.html"
    extra_context = {"title": _("修改密码")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        overdue = must_change(person_of(self.request))
        return super().get_context_data(is_overdue=overdue, **kwargs)

    def get_success_url(self) -> str:
        return start_of(person_of(self.request))

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        note_password_change(by=person_of(self.request))
        messages.success(self.request, _("密码已修改。"))
        return response


class FeedView(View):
    """Shows what is due; POST opens an address for calendar programs, or ends it."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._show(request)

    def post(self, request: SignedInRequest) -> HttpResponse:
        if "end" in request.POST:
            feeds.close_feed(by=request.user)
            messages.success(request, _("期限日历的地址已作废。"))
            return redirect("deadline-feed")
        _feed, secret = feeds.open_feed(by=request.user)
        return self._show(request, secret)

    def _show(self, request: SignedInRequest, secret: str = "") -> HttpResponse:
        address = reverse("deadlines", args=[secret]) if secret else ""
        context = {
            "title": _("期限日历"),
            "dues": dues_of(request.user),
            "today": timezone.localdate(),
            "feed": feeds.current_feed(request.user),
            "address": request.build_absolute_uri(address) if address else "",
        }
        answer = render(request, "registration/deadlines.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar for whoever knows the address: what its account may see, and nothing else."""
    reader = feeds.reader_of(secret)
    if reader is None:
        raise Http404
    site = request.build_absolute_uri("/").rstrip("/")
    content = calendar_of(dues_of(reader), working_days(), site)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
