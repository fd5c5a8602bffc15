"""Indicators to choose among, by code and name, as the version in force today has them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.calculation.scheme import CODES
from indicators.models import Standard
from indicators.services.rules import indicator_names


def names() -> dict[str, str]:
    """Code → name in the reader's language; empty while no version is in force."""
    return indicator_names(Standard.objects.in_force_on(timezone.localdate()))


def choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in names().items()]


def of_resources() -> list[tuple[str, str]]:
    """Of part A alone."""
    return [(code, name) for code, name in choices() if code in CODES]


def choices_or_none() -> list[tuple[str, Any]]:
    return [("", _("不涉及某一项指标")), *choices()]


class CodesField(forms.MultipleChoiceField):
    """Several indicators, kept as one text of codes with spaces between them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=choices,
            label=_("有关指标"),
            error_messages={
                "required": _("请至少选一个指标。"),
                "invalid_choice": _("没有「%(value)s」这个指标。"),
            },
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
