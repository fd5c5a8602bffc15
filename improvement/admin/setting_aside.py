"""The page that sets many messages of the public aside: which, which not, and why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from audit.refusals import Refused
from districts.access import person_of
from improvement.services import feedback_bulk
from indicators.admin.steps import NoForm


class ReasonForm(NoForm):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        widget=forms.Textarea({"rows": 5, "aria-required": "true"}),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("每位反映人凭查询码看到这个原因。"),
    )


class SetAsideView(View):
    """The numbers are in the address, so that the preview can be looked at again."""

    model_admin: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, ReasonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        said = {"reason": form.cleaned_data["reason"], "expected": request.POST.get("seen", "")}
        try:
            done = feedback_bulk.set_aside(keys=_keys(request), by=person_of(request), **said)
        except Refused as refusal:
            form.repeat(refusal)
            return self.page(request, form, refusal.status)
        sentence = ngettext("不予办理 %s 条公众反映。", "不予办理 %s 条公众反映。", len(done))
        messages.success(request, sentence % len(done))
        return redirect("admin:improvement_feedback_changelist")

    def page(self, request: HttpRequest, form: NoForm, status: int = 200) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": feedback_bulk.EDGE.label,
            "found": feedback_bulk.foresee(_keys(request), person_of(request)),
            "form": form,
        }
        template = "admin/improvement/set_aside.html"
        return TemplateResponse(request, template, context, status=status)


def _keys(request: HttpRequest) -> list[int]:
    return [int(key[:9]) for key in request.GET.getlist("number") if key.isdecimal()]
