"""Query parameters: what a list may be asked for; anything else is refused, not ignored."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.request import Request

from .problems import BadParameters

LARGEST = 2_147_483_647
_YEAR: dict[str, Any] = {
    "min_value": 0,
    "max_value": LARGEST,
    "error_messages": dict.fromkeys(
        ("invalid", "min_value", "max_value"), _("请填四位数的年份，例如 2026。")
    ),
}
_ISO_DAY: dict[str, Any] = {
    "input_formats": ["%Y-%m-%d"],
    "error_messages": {"invalid": _("日期读不懂，请写成 2026-11-23 这样的年-月-日。")},
}


class YearFilter(NumberFilter):
    """A year, of a size that every database can compare with."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**_YEAR, **kwargs})

    def get_max_validator(self) -> None:
        return None


class DayFilter(DateFilter):
    """A day as 2026-11-23."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**_ISO_DAY, **kwargs})


def _has_come(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(gettext("%s 还没有到；最晚可查今天。") % day.isoformat())


class AsOfFilter(DayFilter):
    """A day until today: what is to come is known to nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"validators": [_has_come], **kwargs})


class _FlagField(forms.Field):
    widget = forms.TextInput  # Django's own for a flag takes what it cannot read for "not asked"

    def to_python(self, value: str | None) -> bool | None:
        if value is None:
            return None
        try:
            return bool(serializers.BooleanField().to_internal_value(value))
        except serializers.ValidationError as error:
            raise forms.ValidationError(_("请写 true 或 false，也可写 1 或 0。")) from error


class FlagFilter(BooleanFilter):
    """True or false, read as the parameters of a view are."""

    field_class = _FlagField


class OneOfFilter(ChoiceFilter):
    """One of the choices; the refusal lists them."""

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        known = ", ".join(value for value, _label in choices)
        sentence = format_lazy(_("没有「%(value)s」这个值；可用的有 {known}。"), known=known)
        messages = {"invalid_choice": sentence}
        given = {"empty_label": _("全部"), "error_messages": messages, **kwargs}
        super().__init__(*args, choices=choices, **given)


def one_of(known: Callable[[], Iterable[str]]) -> Callable[[str], None]:
    """A validator of a parameter whose values are rows: the refusal lists them."""

    def refuse_others(value: str) -> None:
        values = list(known())
        if value not in values:
            sentence = gettext("没有「%(found)s」这个值；可用的有 %(known)s。")
            found = {"found": value[:60], "known": ", ".join(values)}
            raise ValidationError(sentence % found, "unknown")

    return refuse_others


def day_range(field: str) -> type[FilterSet]:
    """A base filter set with ``from`` and ``to``, both days included."""
    return type(
        "DayRange",
        (FilterSet,),
        {"from": DayFilter(field, "gte"), "to": DayFilter(field, "lte")},
    )


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, whose refusals name the parameter."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise BadParameters(
                {name: [str(e) for e in errors] for name, errors in filterset.errors.items()}
            )
        return filterset.qs


def refuse_unknown(request: Request, allowed: set[str]) -> None:
    """Raises BadParameters for parameters nobody listens to, repeated, empty, unreadable ones."""
    problems = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            problems[name[:60]] = _unknown(name, allowed)
        elif len(values) > 1:
            problems[name] = gettext("参数「%s」写了多次；请只写一次。") % name
        elif not values[0]:
            problems[name] = gettext("参数「%s」是空的；没有要求时请不要写它。") % name
        elif "\0" in values[0]:
            problems[name] = gettext("参数「%s」读不懂：含有空字符（U+0000）。") % name
    if problems:
        raise BadParameters(problems)


def _unknown(name: str, allowed: set[str]) -> str:
    return gettext("没有「%(found)s」这个参数；可用的有 %(known)s。") % {
        "found": name[:60],
        "known": ", ".join(sorted(allowed)),
    }
