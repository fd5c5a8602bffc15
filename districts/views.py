"""Signing in and changing one's password; every error is told on top and at its input."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from districts.access import KEPT_TEXT, person_of
from districts.passwords import must_change
from districts.roles import DISTRICT_ROLES
from districts.services.people import note_password_change


class Summarised(forms.Form):
    """A form that lists its errors for the summary on top of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if self.is_bound:
            # The summary takes the focus then.
            for field in self.fields.values():
                field.widget.attrs.pop("autofocus", None)

    def summary(self) -> list[tuple[str, str]]:
        """Every error with the id of the input to correct."""
        first = self[next(iter(self.fields))].id_for_label if self.fields else ""
        return [
            (first if name == NON_FIELD_ERRORS else self[name].id_for_label, str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]


class SignInForm(Summarised, AuthenticationForm):
    """Says that name or password is wrong without saying which."""

    error_messages = {
        "invalid_login": _("账号或密码不对。请检查后再试。"),
        "inactive": _("账号或密码不对。请检查后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")
        self.fields["username"].error_messages["required"] = _("请填写账号。")
        self.fields["password"].error_messages["required"] = _("请填写密码。")


class PasswordForm(Summarised, PasswordChangeForm):
    """The old password once, the new one twice."""


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
