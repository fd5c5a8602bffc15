"""Changing one's own password."""

from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from districts.forms import PasswordForm
from districts.passwords import must_change
from districts.services.passwords import note_password_change


class PasswordView(views.PasswordChangeView):
    """Asks for the old password; other sessions of the account end."""

    form_class = PasswordForm
    success_url = reverse_lazy("home")
    template_name = "registration/password.html"
    extra_context = {"title": _("修改密码")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        overdue = must_change(self.request.user)  # type: ignore[arg-type]
        return super().get_context_data(is_overdue=overdue, **kwargs)

    def form_valid(self, form: object) -> HttpResponse:
        response = super().form_valid(form)
        note_password_change(by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("密码已修改。"))
        return response
