"""Where one is signed in, and ending it there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from districts.access import SignedInRequest
from districts.forms import PasswordAgain
from districts.second_factor import knows_password
from districts.services import entered


class SessionsView(View):
    """Lists them; the password ends one, or all others."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._show(request, PasswordAgain())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = PasswordAgain(request.POST)
        if not form.is_valid() or not knows_password(request, form):
            return self._show(request, form)
        others = {each.name for each in self._others(request)}
        chosen = others if "all" in request.POST else others & set(request.POST.getlist("end"))
        if not chosen:
            form.add_error(None, _("请选择要结束的登录。"))
            return self._show(request, form)
        count = entered.end(by=request.user, names=chosen)
        told = ngettext("已结束 %s 处登录。", "已结束 %s 处登录。", count) % count
        messages.success(request, told)
        return redirect("own-sessions")

    @staticmethod
    def _others(request: SignedInRequest) -> list[entered.Entered]:
        own = request.session.session_key
        return [each for each in entered.entered(request.user) if each.key != own]

    def _show(self, request: SignedInRequest, form: PasswordAgain) -> HttpResponse:
        context = {"title": _("我的登录"), "form": form, "most": entered.MOST}
        context["others"] = self._others(request)
        answer = render(request, "registration/sessions.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
