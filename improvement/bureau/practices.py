"""A bureau's own 典型经验: written here, submitted to the city, which publishes it."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Refused
from districts.access import SignedInRequest, open_to
from districts.roles import DISTRICT_ROLES
from improvement.models import Practice, PracticeState
from improvement.public.practices import shown
from improvement.services import practices
from improvement.voices.practice_words import LOOKS
from indicators.choosing import CodesField
from selfchecks.forms import Answering

TYPED = practices.FACTS


class PracticeForm(Answering):
    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=80,
        help_text=gettext_lazy("一句话说清做了什么。"),
        error_messages={"required": gettext_lazy("请写明标题。")},
    )
    problem = forms.CharField(
        label=gettext_lazy("解决了什么问题"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明解决了什么问题。")},
    )
    measure = forms.CharField(
        label=gettext_lazy("怎么做的"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("别的区县照着能做；不写学生和教师的姓名。"),
        error_messages={"required": gettext_lazy("请写明怎么做的。")},
    )
    indicators = CodesField()
    year_before = forms.IntegerField(
        label=gettext_lazy("做之前的年度"),
        min_value=2000,
        max_value=2100,
        help_text=gettext_lazy("成效由门户按这两个年度复核通过的自查计算，不用自己填。"),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("请填年度，例如 2025。")
        ),
    )
    year_after = forms.IntegerField(
        label=gettext_lazy("做之后的年度"),
        min_value=2000,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("请填年度，例如 2026。")
        ),
    )


@open_to(*DISTRICT_ROLES)
def listed(request: SignedInRequest) -> HttpResponse:
    rows = Practice.objects.visible_to(request.user).select_related("district")
    lines = [(row, LOOKS[PracticeState(row.state)]) for row in rows.order_by("-changed_at")]
    return render(request, "improvement/practices/own.html", {"lines": lines})


@open_to(*DISTRICT_ROLES, keeps=TYPED)
def new(request: SignedInRequest) -> HttpResponse:
    this = timezone.localdate().year
    form = PracticeForm.sent(request, {"year_before": this - 1, "year_after": this})
    if request.method == "POST":
        about: dict[str, Any] = {"district": request.user.district, "by": request.user}
        made = form.carry_out(practices.write, **about)
        if made is not None:
            messages.success(request, _("已保存为草稿。"))
            return redirect("own-practice", made.pk)
    context = {"form": form}
    return render(request, "improvement/practices/new.html", context, status=form.status)


@open_to(*DISTRICT_ROLES, keeps=TYPED)
def one(request: SignedInRequest, number: int) -> HttpResponse:
    """One's own practice: what it says, and the steps that are open."""
    rows = Practice.objects.visible_to(request.user).select_related("district")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, found)
    if step := request.POST.get("step", ""):
        return _step(request, found, step)
    form = PracticeForm.sent(request)
    if form.carry_out(partial(practices.change, practice=found), **_about(request)) is None:
        return _show(request, found, form=form)
    messages.success(request, _("已保存。"))
    return redirect(request.path)


def _step(request: SignedInRequest, found: Practice, step: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        practices.take_step(practice=found, step=step, reason=reason, **_about(request))
    except Refused as refusal:
        return _show(request, found, refusal=refusal)
    messages.success(request, _("已办理。"))
    return redirect(request.path)


def _about(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "expected": request.POST.get("seen") or None}


def _show(
    request: SignedInRequest,
    found: Practice,
    form: PracticeForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    said = {name: getattr(found, name) for name in TYPED}
    is_draft = found.state == PracticeState.DRAFT
    context = {
        **shown(request, found),
        "form": (form or PracticeForm(initial=said)) if is_draft else None,
        "steps": practices.open_steps(found, request.user),
        "tag": practices.tag_of(found),
        "look": LOOKS[PracticeState(found.state)],
        "refusal": refusal,
    }
    status = getattr(refusal or form, "status", 200)
    return render(request, "improvement/practices/own_one.html", context, status=status)
