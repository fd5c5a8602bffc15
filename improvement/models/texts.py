"""Texts people write that others read: how long they may be, and nothing in them that hides."""

from typing import Any

from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Lines are fine; other control characters, and those that turn the direction of text, hide things.
NOTHING_UNSEEN = RegexValidator(
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$",
    _("有看不见的控制字符；请删去后重新填写。"),
)


def long_text(label: Any, most: int, **more: Any) -> "models.TextField[Any, Any]":
    """At most so many characters, which Django itself asks of forms only."""
    rules: list[Any] = [MaxLengthValidator(most), NOTHING_UNSEEN]
    return models.TextField(label, max_length=most, validators=rules, **more)


def short_text(label: Any, most: int, **more: Any) -> "models.CharField[Any, Any]":
    return models.CharField(label, max_length=most, validators=[NOTHING_UNSEEN], **more)
