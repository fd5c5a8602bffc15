"""The shelf of documents, and each of them to take away."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.refusals import Unusable
from districts.access import SignedInRequest, open_to
from districts.models import District
from districts.scope import CITY
from papers.kinds import KINDS
from papers.names import Name
from papers.pages import offering
from papers.services.making import WORD, book, make
from schedule.services.reading import parse_day
from selfchecks.bureau.access import READERS
from selfchecks.files import offered, offered_book


class UnitForm(forms.Form):
    unit = forms.ModelChoiceField(
        District.objects.none(),
        label=_("单位"),
        to_field_name="code",
        empty_label=_("请选择区县"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        field: Any = self.fields["unit"]
        field.queryset = District.objects.order_by("code")
        field.label_from_instance = lambda district: district.display_name


@open_to(*READERS)
@require_safe
def shelf(request: SignedInRequest) -> HttpResponse:
    """The documents of one's own unit; the city's people choose one."""
    form, district = None, request.user.district
    if request.user.reach == CITY:
        form = UnitForm(request.GET if "unit" in request.GET else None)
        district = form.cleaned_data["unit"] if form.is_valid() else None
    context = {
        "form": form,
        "district": district,
        "offers": offering.about(district, request.user) if district else [],
        "city": list(offering.of_city(request.user)),
    }
    status = 400 if form and form.errors else 200
    return render(request, "papers/shelf.html", context, status=status)


@open_to(*READERS)
@require_safe
def paper(request: SignedInRequest, kind: str, reference: str) -> HttpResponse:
    """One document, or its workbook; ``as_of`` asks for an earlier day."""
    if kind not in KINDS:
        raise Http404
    subject = KINDS[kind].find(request.user, reference)
    day = parse_day(request.GET.get("as_of"))
    name = f"{Name(kind).label}-{reference}"
    match request.GET.get("format", "docx"):
        case "docx":
            return offered(make(kind, subject, day), f"{name}.docx", WORD)
        case "xlsx":
            return offered_book(book(kind, subject, day), f"{name}.xlsx")
        case other:
            facts = {"found": other[:40], "known": "docx, xlsx"}
            raise Unusable.at("format", _("没有「%(found)s」格式；这个地址有 %(known)s。") % facts)
