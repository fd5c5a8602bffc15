"""Which passwords are good enough, under either of two profiles.

``dengbao`` follows the habits of 等级保护: several kinds of characters and a change every 90 days.
``asvs`` asks for length and forbids the words everybody tries here, without forced changes.
"""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.breached import is_listed
from districts.guessing import guessable
from districts.wording import listed

if TYPE_CHECKING:
    from districts.models import User

logger = logging.getLogger(__name__)
LIFETIME = timedelta(days=90)
KINDS = (str.islower, str.isupper, str.isdigit)
ADVICE = _("请用互不相干的几个词，或更长的随机字符，不要用地名、人名、年份和键盘顺序。")


class SeveralKinds:
    """At least three of: small letters, capitals, digits, other signs (profile dengbao)."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = sum(any(map(kind, password)) for kind in KINDS)
        kinds += any(not sign.isalnum() for sign in password)
        if kinds < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        return str(_("密码要包含小写字母、大写字母、数字、其他符号中的至少三类。"))


class HardToGuess:
    """Nothing that is guessed soon by somebody who knows this place and the people in it."""

    def validate(self, password: str, user: Any = None) -> None:
        if kinds := guessable(password, _places(), _people(user)):
            raise ValidationError(
                _("这个密码太容易猜：里面有%(kinds)s。%(advice)s"),
                code="guessable",
                params={"kinds": listed(kinds), "advice": ADVICE},
            )

    def get_help_text(self) -> str:
        return str(ADVICE)


class NotBreached:
    """Not in the list of breached passwords, where the operator keeps one."""

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS
        try:
            is_known = path and is_listed(path, password)
        except (OSError, ValueError) as trouble:  # taken away since the start, or empty
            logger.exception("the list of breached passwords is not read: %s", path)
            sentence = _("现在读不了泄露密码的清单，没有改密码；请告知系统管理员后再试。")
            raise ValidationError(sentence, code="no_list") from trouble
        if is_known:
            sentence = _("这个密码在别处泄露过，谁都能先试它；请换一个。")
            raise ValidationError(sentence, code="breached")

    def get_help_text(self) -> str:
        return str(_("不能用在别处泄露过的密码。"))


class NotUsedBefore:
    """None of the last five, the present one among them."""

    def validate(self, password: str, user: Any = None) -> None:
        used = [user.password, *user.past_passwords] if user else []
        if any(check_password(password, before) for before in used if before):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        return str(_("不能再用最近五次用过的密码。"))


def _places() -> list[str]:
    from districts.models import District

    names = District.objects.values_list("name", "english_name", "code")
    return [name for row in names for name in row]


def _people(user: Any) -> list[str]:
    """Whoever has an account here, and what the account itself says."""
    from districts.models import User

    own = [user.username, user.display_name, user.email.partition("@")[0]] if user else []
    everybody = User.objects.values_list("username", "display_name")
    return own + [name for pair in everybody for name in pair]


def must_change(user: "User") -> bool:
    """Whether the account's password is older than its profile allows."""
    left = days_left(user)
    return left is not None and left < 0


def days_left(user: "User") -> int | None:
    """Whole days the password is still good for, negative once it is not; None without a limit."""
    if settings.PASSWORD_PROFILE != "dengbao" or not user.has_usable_password():
        return None
    return (user.password_changed_at + LIFETIME - timezone.now()) // timedelta(days=1)
