"""What a plan is asked for: a kind, the sum of a budget, the years to come."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from improvement.models import Kind
from improvement.planner.plan import PLANNERS, UNASKING
from improvement.shortfall.forecast import LEAST, MOST
from selfchecks.forms import Answering

WAN = Decimal(10_000)


def _money(label: Any, help_text: Any, required: bool) -> forms.DecimalField:
    sentence = _("请填大于 0、小于一亿的数，最多四位小数，以万元为单位，例如 3000。")
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        min_value=Decimal("0.0001"),
        max_digits=12,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            (
                *("required", "invalid", "min_value"),
                *("max_digits", "max_decimal_places", "max_whole_digits"),
            ),
            sentence,
        ),
    )


def rate(label: Any) -> forms.DecimalField:
    """By how many per cent pupils change in a year."""
    sentence = lazy(_between, str)()
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=LEAST * 100,
        max_value=MOST * 100,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            (
                "invalid",
                "min_value",
                "max_value",
                "max_decimal_places",
                "max_digits",
                "max_whole_digits",
            ),
            sentence,
        ),
    )


def _between() -> str:
    """In the reader's language: a lazy sentence would be settled once it is filled in."""
    limits = {"low": int(LEAST * 100), "high": int(MOST * 100)}
    return gettext("请填 %(low)s 到 %(high)s 之间的百分数，例如 3 或 -2.5。") % limits


class KindForm(Answering):
    """A kind that asks for nothing else."""

    kind = forms.ChoiceField(
        label=_("做哪一种"),
        choices=[(kind.value, kind.label) for kind in Kind if kind.value in UNASKING],
        initial=Kind.CHEAPEST,
    )


class BudgetForm(Answering):
    """The sum there is."""

    kind = Kind.BUDGET
    budget = _money(
        _("有多少钱（万元）"), _("这么多钱，最多能让多少个评估单元达标。"), required=True
    )

    @property
    def arguments(self) -> dict[str, Any]:
        return {"kind": self.kind, "wishes": {"budget": _yuan(self.cleaned_data["budget"])}}


class YearsForm(Answering):
    """Two or three years with a budget each; pupils change by so much a year."""

    kind = Kind.YEARS
    years = forms.TypedChoiceField(
        label=_("分几年"), coerce=int, choices=[(2, _("两年")), (3, _("三年"))], initial=3
    )
    each = _money(_("每年有多少钱（万元）"), _("不填就不限。"), required=False)
    primary = rate(_("小学学生数每年变化（%）"))
    junior = rate(_("初中学生数每年变化（%）"))

    @property
    def arguments(self) -> dict[str, Any]:
        years = [self._year(number) for number in range(1, self.cleaned_data["years"] + 1)]
        return {"kind": self.kind, "wishes": {"years": years}}

    def _year(self, number: int) -> dict[str, Any]:
        """Rates are by the pupils of today."""
        found = {stage: self.cleaned_data[stage] for stage in ("primary", "junior")}
        rates = {
            stage: f"{(1 + rate / 100) ** number:.6f}" for stage, rate in found.items() if rate
        }
        budget = self.cleaned_data["each"]
        return {"rates": rates, **({"budget": _yuan(budget)} if budget else {})}


def _yuan(budget: Decimal) -> str:
    return f"{(budget * WAN).normalize():f}"


FORMS: dict[str, type[Answering]] = {"kind": KindForm, "budget": BudgetForm, "years": YearsForm}


def forms_of(request: HttpRequest) -> tuple[Answering, dict[str, Answering]]:
    """The form that was sent, the first if none was; and all of them, by their names."""
    sent = request.POST.get("kind", "")
    tried = sent if sent in FORMS else "kind"
    found = {
        name: form.sent(request, auto_id=f"{name}_%s")
        if name == tried
        else form(auto_id=f"{name}_%s")
        for name, form in FORMS.items()
    }
    return found[tried], {name: form for name, form in found.items() if _is_offered(name)}


def _is_offered(name: str) -> bool:
    return name == "kind" or name in PLANNERS
