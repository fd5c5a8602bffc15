"""单价: what each kind of measure costs in the district, asked once, dated, with its history."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.access import SignedInRequest
from improvement.lacking import words as words
from improvement.models import UnitPrice
from improvement.planner.measures import KINDS
from improvement.services import prices as service
from selfchecks import clock
from selfchecks.bureau.access import of_self_check
from selfchecks.forms import Answering, DayField
from selfchecks.models import SelfCheck

MOST_SHOWN = 60
ENDED = "_ended"  # ends the name of the box that says a kind is no longer offered
HINTS = {"equipment": gettext_lazy("每 1 元设备值要花多少钱，一般填 1。")}


class PricesForm(Answering):
    """One price for every kind that is to have another; what is left blank stays as it is."""

    valid_from = DayField(
        label=gettext_lazy("自何日起"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("请填日期，例如 2026-01-01。")
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明单价的来源。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {kind: _price(kind) for kind in KINDS}
        ended = {f"{kind}{ENDED}": _ended() for kind in KINDS}
        self.fields = {**own, **ended, **self.fields}
        self.initial.setdefault("valid_from", clock.today())

    @property
    def about(self) -> list[forms.BoundField]:
        """What is asked once for all prices."""
        return [self["valid_from"], self["source"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [
            name for name in (*KINDS, *(f"{kind}{ENDED}" for kind in KINDS)) if data.get(name)
        ]
        if not self.errors and not chosen:
            self.add_error(None, _("请至少填写一个单价。"))
        for kind in KINDS:
            if data.get(kind) and data.get(f"{kind}{ENDED}"):
                self.add_error(kind, _("填了新单价，就不能同时不再采用。"))
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = {
            kind: given[kind]
            for kind in KINDS
            if given[kind] is not None or given[f"{kind}{ENDED}"]
        }
        return {"prices": chosen, "valid_from": given["valid_from"], "source": given["source"]}


def _ended() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("不再采用"), required=False)


def _price(kind: str) -> forms.DecimalField:
    sentence = gettext_lazy("请填大于 0 的数，最多两位小数，例如 3000。")
    unit = words.per_one(kind)
    return forms.DecimalField(
        label=_("%(kind)s（元/%(unit)s）") % {"kind": words.kind_name(kind), "unit": unit},
        required=False,
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_decimal_places", "max_digits", "max_whole_digits"),
            sentence,
        ),
    )


@of_self_check("source")
def prices(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Prices in force and all there were; people of the district set others."""
    district = self_check.district
    may_set = request.user.role in service.MAY_PRICE and request.user.district_id == district.pk
    form = PricesForm.sent(request)
    if request.method == "POST":
        done = form.carry_out(service.set_prices, district=district, by=request.user)
        if done is not None:
            messages.success(request, _("已保存 %s 个单价。") % len(done))
            return redirect(request.path)
    rows = UnitPrice.objects.visible_to(request.user).filter(district=district)
    newest = rows.select_related("entered_by").order_by("-entered_at", "-pk")[:MOST_SHOWN]
    found = service.in_force(district, clock.today())
    context = {
        "self_check": self_check,
        "form": form,
        "may_set": may_set,
        "is_empty": not found,
        "lines": list(_lines(found, form)),
        "history": [(_name(row), words.price(row), row) for row in newest],
    }
    return render(request, "improvement/prices.html", context, status=form.status)


def _lines(found: dict[str, UnitPrice], form: PricesForm) -> Iterator[dict[str, Any]]:
    """Every kind with its price in force and the input for another; then the district's own."""
    for kind in dict.fromkeys([*KINDS, *found]):
        row = found.get(kind)
        yield {
            "name": _name(row) if row else words.kind_name(kind),
            "unit": words.per_one(kind) if kind in KINDS else "",
            "price": words.price(row) if row else "",
            "row": row,
            "field": form[kind] if kind in KINDS else "",
            "ended": form[f"{kind}{ENDED}"] if row and kind in KINDS else "",
            "hint": HINTS.get(kind, ""),
        }


def _name(row: UnitPrice) -> str:
    return words.kind_name(row.kind) if row.kind in KINDS else row.name
