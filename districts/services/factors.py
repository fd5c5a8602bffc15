"""Sets up, checks and ends the second factor of an account (动态口令)."""

import base64
import secrets
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP

from audit.refusals import Conflict, Unusable
from crypto.here import open_text, seal_text
from districts.models import SecondFactor, User
from districts.roles import DECIDING_ROLES
from districts.services.people import may_keep_accounts
from districts.services.units import note

ISSUER = "重庆优质均衡"
DRIFT = 1  # steps of 30 seconds a clock may be off
CODES, LONG = 8, 10
APP, RECOVERY = "app", "recovery"
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # people copy these by hand
_WRONG = _("动态口令不对，或者已经用过。请等下一个口令再试；手机不在身边时用恢复码。")


def new_secret() -> str:
    """160 random bits, as RFC 4226 asks for."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address_of(user: User, secret: str) -> str:
    """What an authenticator app reads from the QR code."""
    return f"otpauth://totp/{quote(ISSUER)}:{quote(user.username)}?secret={secret}&issuer={quote(ISSUER)}"


def factor_of(user: User) -> SecondFactor | None:
    found: SecondFactor | None = SecondFactor.objects.filter(user=user).first()
    return found


def needs_one(user: User) -> bool:
    """Whether this account may not go on without: whoever decides for the city or signs, or all."""
    asked = settings.SECOND_FACTOR
    return asked == "everybody" or (asked == "required" and user.role in DECIDING_ROLES)


@transaction.atomic
def set_up(*, by: User, secret: str, code: str) -> list[str]:
    """The account's second factor from now on; answers its recovery codes, kept only hashed.

    Raises Conflict when there is one already, Unusable for a code the secret does not give.
    """
    if SecondFactor.objects.select_for_update().filter(user=by).exists():
        raise Conflict(_("动态口令已经开启。"))
    factor = SecondFactor(user=by, created_at=timezone.now())
    factor.secret = seal_text(secret, name_of(factor))
    if not _is_next(factor, code):
        raise Unusable.at("code", _WRONG)
    codes = _give_codes(factor)
    factor.save()
    note(action="factor.set_up", by=by, on=by)
    return codes


@transaction.atomic
def accept(*, by: User, code: str) -> str:
    """Take a code of the app or a recovery code, each once; answers which it was.

    Raises Unusable for any other.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=by).first()
    if factor is not None and _is_next(factor, code):
        factor.save(update_fields=["last_step"])
        return APP
    used = factor and next((c for c in factor.codes if check_password(_plain(code), c)), None)
    if factor is None or used is None:
        raise Unusable.at("code", _WRONG)
    factor.codes.remove(used)
    factor.save(update_fields=["codes"])
    note(action="factor.recover", by=by, on=by, changes={"codes_left": len(factor.codes)})
    return RECOVERY


@transaction.atomic
def renew_codes(*, by: User, code: str) -> list[str]:
    """New recovery codes in place of all others. Raises Unusable for a wrong code."""
    accept(by=by, code=code)
    factor = SecondFactor.objects.select_for_update().get(user=by)
    codes = _give_codes(factor)
    factor.save(update_fields=["codes"])
    note(action="factor.renew", by=by, on=by)
    return codes


@transaction.atomic
def end(*, by: User, code: str) -> None:
    """Go on without, or with another phone. Raises Unusable for a wrong code."""
    accept(by=by, code=code)
    SecondFactor.objects.filter(user=by).delete()
    note(action="factor.end", by=by, on=by)


@transaction.atomic
def reset(*, user: User, by: User | None) -> None:
    """Take it away from somebody who has lost it; raises Conflict when there is none."""
    may_keep_accounts(by)
    if not SecondFactor.objects.filter(user=user).exists():
        raise Conflict(_("账号 %s 没有开启动态口令。") % user.username)
    SecondFactor.objects.filter(user=user).delete()
    note(action="factor.reset", by=by, on=user)


@transaction.atomic
def seal_anew(*, factor: SecondFactor, by: User | None) -> None:
    """Keep its secret with the newest key, as part of a work that has an entry of its own."""
    factor.secret = seal_text(open_text(factor.secret, name_of(factor)), name_of(factor))
    factor.save(update_fields=["secret"])


def name_of(factor: SecondFactor) -> str:
    """Under which its secret is sealed: it opens in the row of no other account."""
    return f"factor.{factor.user_id}"


def _is_next(factor: SecondFactor, code: str) -> bool:
    """Whether the app shows this code now and has not been believed for it yet."""
    digits = code.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return False
    clock = TOTP(base64.b32decode(open_text(factor.secret, name_of(factor))))
    clock.time = timezone.now().timestamp()
    if not clock.verify(int(digits), tolerance=DRIFT, min_t=factor.last_step + 1):
        return False
    factor.last_step = clock.t()
    return True


def _give_codes(factor: SecondFactor) -> list[str]:
    codes = ["".join(secrets.choice(_SIGNS) for _n in range(LONG)) for _c in range(CODES)]
    factor.codes = [make_password(code) for code in codes]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").lower()
