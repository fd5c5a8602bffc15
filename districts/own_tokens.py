"""One's own tokens: what a program of one's own calls the API with."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.forms import Summarised
from districts.models import ApiToken
from districts.models.user import SCOPES
from districts.services import people
from districts.wording import listed


class TokenForm(Summarised):
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        error_messages={"required": _("请至少选一种权限范围。")},
    )
    days = forms.IntegerField(
        label=_("有效天数"),
        initial=30,
        min_value=1,
        max_value=people.LONGEST_DAYS,
        help_text=_("1 到 366 天"),
    )


class TokensView(View):
    """Lists them, makes one and shows it once, ends one."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._show(request, TokenForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        if "end" in request.POST:
            return self._end(request)
        form, text = TokenForm(request.POST), ""
        if form.is_valid():
            facts = {"user": request.user, "by": request.user, **form.cleaned_data}
            try:
                _token, text = people.create_token(**facts)
                form = TokenForm()
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return self._show(request, form, text)

    @staticmethod
    def _end(request: SignedInRequest) -> HttpResponse:
        asked = request.POST["end"]
        key = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
        token = ApiToken.objects.filter(user=request.user).get_visible(request.user, pk=key)
        people.revoke_token(token=token, by=request.user)
        messages.success(request, _("令牌 %s 已作废，立即生效。") % token)
        return redirect("own-tokens")

    @staticmethod
    def _show(request: HttpRequest, form: TokenForm, text: str = "") -> HttpResponse:
        usable = ApiToken.objects.usable_at(timezone.now()).filter(user=request.user.pk)
        context = {
            "title": _("我的令牌"),
            "form": form,
            "text": text,
            "tokens": [
                (token, listed(SCOPES.get(name, name) for name in token.scopes)) for token in usable
            ],
        }
        answer = render(request, "registration/tokens.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
