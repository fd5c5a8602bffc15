"""还差什么: what schools lack, by indicator, measure and school, now or with next year's pupils."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Unusable, one_of, understood
from districts.access import SignedInRequest
from districts.forms import Summarised
from improvement.bureau.plan_forms import rate
from improvement.lacking.book import shortfall_book
from improvement.lacking.page import ShortfallPage
from improvement.lacking.schools import SORTS, SchoolTable
from improvement.lacking.words import explained, unreadable
from improvement.services.lacking import Lacking, lacking_of
from improvement.shortfall.forecast import (
    MOST_SCHOOLS,
    Growth,
    Pupils,
    Unreadable,
    read_pupils,
)
from improvement.shortfall.lacking import AIMS, Aim
from indicators.calculation.scheme import STAGES
from selfchecks.bureau.access import of_self_check
from selfchecks.files import offered_book
from selfchecks.models import SelfCheck


def _how_to_write() -> str:
    """In the reader's language."""
    sentence = gettext(
        "一所一行：学校标识码、小学人数、初中人数，可以从 Excel 复制；没有的留空或写 -。"
        "没有列出的学校按上面的变化率，最多 %s 所。"
    )
    return sentence % MOST_SCHOOLS


class ForecastForm(Summarised):
    """By how many per cent the pupils of a stage grow; kept in the address."""

    primary = rate(_("小学学生数变化（%）"))
    junior = rate(_("初中学生数变化（%）"))

    pupils = forms.CharField(
        label=_("各校预测的在校生数"),
        required=False,
        help_text=lazy(_how_to_write, str)(),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean_pupils(self) -> Pupils:
        try:
            return read_pupils(self.cleaned_data["pupils"])
        except Unreadable as fault:
            raise forms.ValidationError(unreadable(fault)) from fault

    @property
    def expected(self) -> Pupils:
        return self.cleaned_data["pupils"] if self.is_valid() else {}

    @property
    def growth(self) -> Growth:
        if not self.is_valid():
            return {}
        rates = {stage: self.cleaned_data[stage] for stage in STAGES}
        return {stage: Decimal(rate) / 100 for stage, rate in rates.items() if rate}


@of_self_check()
def shortfalls(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    form = ForecastForm(request.GET)
    context: dict[str, Any] = {"self_check": self_check, "form": form}
    try:
        found = _asked(self_check, form)
    except Conflict as refusal:
        context["refusal"] = refusal
        return render(request, "improvement/shortfalls.html", context, status=refusal.status)
    if found and one_of(request.GET, "format", ["xlsx"]):
        return _offered(found)
    if found:
        (aim, sort), problem = understood(_ordered, request.GET, {})
        kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
        context["page"] = ShortfallPage(found)
        context["table"] = SchoolTable(found, aim, sort, kept)
        context |= {"explained": explained(), "problem": problem}
        context["query"] = urlencode(kept)
    status = 422 if form.errors or context.get("problem") else 200
    return render(request, "improvement/shortfalls.html", context, status=status)


def _ordered(asked: Mapping[str, str]) -> tuple[Aim, str]:
    """How far to go and what to sort by. Raises Unusable with what there is."""
    aim: Any = one_of(asked, "aim", AIMS) or AIMS[0]
    return aim, one_of(asked, "sort", SORTS)


def _asked(self_check: SelfCheck, form: ForecastForm) -> Lacking | None:
    """As reported where the pupils that are expected fit no school."""
    try:
        return lacking_of(self_check, form.growth, form.expected)
    except Unusable as refusal:
        form.add_error("pupils", str(refusal.fields["pupils"]))
        return lacking_of(self_check)


def _offered(found: Lacking) -> HttpResponse:
    name = f"{found.self_check.reference}-shortfalls.xlsx"
    return offered_book(shortfall_book(ShortfallPage(found)), name)
