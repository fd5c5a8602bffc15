"""Signing in and changing one's password; every error is told on top and at its input."""

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from districts.access import KEPT_TEXT, person_of
from districts.forms import PasswordForm, SignInForm
from districts.passwords import must_change
from districts.roles import DISTRICT_ROLES
from districts.services.people import note_password_change


class SignInView(views.LoginView):
    """District people go on to their self-check, others to the page they wanted."""

    authentication_form = SignInForm

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kept = self.request.session.get(KEPT_TEXT, {})
        said = {"has_kept_text": bool(kept.get("texts")), "had_file": bool(kept.get("had_file"))}
        return super().get_context_data(**said, **kwargs)

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        if user.is_authenticated and user.role in DISTRICT_ROLES:
            return reverse("self-check-now")
        return super().get_default_redirect_url()


class PasswordView(views.PasswordChangeView):
    """Asks for the old password; other sessions of the account end."""

    form_class = PasswordForm
    success_url = reverse_lazy("home")
    template_name = "registration/password.html"
    extra_context = {"title": _("修改密码")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        overdue = must_change(person_of(self.request))
        return super().get_context_data(is_overdue=overdue, **kwargs)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        note_password_change(by=person_of(self.request))
        messages.success(self.request, _("密码已修改。"))
        return response
