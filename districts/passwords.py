"""Which passwords are good enough, under either of two profiles.

``dengbao`` follows the habits of 等级保护: several kinds of characters and a change every 90 days.
``asvs`` asks for length and forbids the words everybody tries here, without forced changes.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from districts.models import User

LIFETIME = timedelta(days=90)
KINDS = (str.islower, str.isupper, str.isdigit)
LOCAL_WORDS = ("chongqing", "password", "admin", "jiaoyu", "junheng", "dudao", "cqedu")


class SeveralKinds:
    """At least three of: small letters, capitals, digits, other signs (profile dengbao)."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = sum(any(map(kind, password)) for kind in KINDS)
        kinds += any(not sign.isalnum() for sign in password)
        if kinds < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        return str(_("密码要包含小写字母、大写字母、数字、其他符号中的至少三类。"))


class NoLocalWords:
    """No word that anyone here would try first, such as the city's name with a year."""

    def validate(self, password: str, user: Any = None) -> None:
        if any(word in password.lower() for word in LOCAL_WORDS):
            raise ValidationError(self.get_help_text(), code="local_word")

    def get_help_text(self) -> str:
        return str(_("密码不能包含 chongqing、admin 这类容易被猜到的词。"))


def must_change(user: "User") -> bool:
    """Whether the account's password is older than its profile allows."""
    left = days_left(user)
    return left is not None and left < 0


def days_left(user: "User") -> int | None:
    """Whole days the password is still good for, negative once it is not; None without a limit."""
    if settings.PASSWORD_PROFILE != "dengbao" or not user.has_usable_password():
        return None
    return (user.password_changed_at + LIFETIME - timezone.now()) // timedelta(days=1)
