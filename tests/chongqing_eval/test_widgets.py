"""A choice is drawn as Django draws it, in less time."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

PLAIN = [("", "全部"), (2026, "<b>二〇二六</b>"), ("A1", 'A1 "名"')]
GROUPED = [("主城", [("500103", "渝中区"), ("500106", "沙坪坝区")]), ("other", "其他")]


class Barred(forms.Select):
    def create_option(self, *asked: Any, **more: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*asked, **more)
        option["attrs"]["disabled"] = True
        return option


@pytest.mark.parametrize("choices", [PLAIN, GROUPED, []])
@pytest.mark.parametrize("value", ["", 2026, "500106", None, "nonsense"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, Barred])
def test_every_option_says_the_same(choices: Any, value: Any, widget: Any) -> None:
    drawn = widget(choices=choices, attrs={"id": "x", "required": True})
    ours, theirs = (drawn.render("n", value, None, by) for by in (None, DjangoTemplates()))
    assert lines(ours) == lines(theirs)


def lines(text: str) -> list[str]:
    """Django leaves some of them empty."""
    return [line for line in text.splitlines() if line]
