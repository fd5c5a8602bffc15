"""The page a one-time link leads to: its owner sets her own password, once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views import View

from districts.forms import Summarised
from districts.services import links


class FirstPasswordForm(Summarised, SetPasswordForm):  # type: ignore[type-arg]
    """The new password twice."""


class LinkView(View):
    """Looking at it uses nothing up: programs that read letters open addresses, too."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self._show(request, secret, None)

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self._show(request, secret, request.POST)

    @staticmethod
    def _show(request: HttpRequest, secret: str, typed: Any) -> HttpResponse:
        owner = links.owner_of(secret)
        form = FirstPasswordForm(owner, typed) if owner else None
        if owner and form and form.is_valid():
            links.use(secret=secret, password=form.cleaned_data["new_password1"], by=owner)
            messages.success(request, _("密码已设定，请登录。"))
            return redirect("login")
        context = {"title": _("设定密码"), "form": form, "owner": owner}
        answer = render(request, "registration/link.html", context, status=200 if owner else 404)
        answer["Cache-Control"] = "no-store"
        # Keeps the secret to itself; without any origin the browser's own post would be refused.
        answer["Referrer-Policy"] = "strict-origin"
        return answer
