"""Registers the addresses to which changes are sent, ends them, and sends again."""

import base64
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from standardwebhooks import Webhook

from audit.models import ChainHead
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import fingerprint, revise
from districts import hooks
from districts.models import District, Hook, User
from districts.models.hook import Ending
from districts.roles import Role
from districts.scope import CITY
from districts.services.people import may_keep_accounts
from districts.services.units import note
from rest.addresses import networks_of
from rest.calling import Uncallable, check_address, open_addresses

MOST = 10  # addresses in use of one account
CHANGEABLE = ("url", "kinds")
OWNERS = [role.value for role in Role if role != Role.DEPARTMENT]  # it sees measures alone


def tag_of(hook: Hook) -> str:
    """Changes whenever the address is another, or is told other things."""
    return fingerprint(hook, *CHANGEABLE, "salt", "ended")


def keys_of(hook: Hook) -> list[Webhook]:
    """By the portal's key of today first, then by those that it still honours."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [Webhook(_secret(hook, key)) for key in keys]


def _secret(hook: Hook, key: str | bytes) -> str:
    mixed = salted_hmac("districts.hooks", hook.salt, secret=key, algorithm="sha256")
    return f"whsec_{base64.b64encode(mixed.digest()).decode()}"


@transaction.atomic
def register(
    *,
    user: User,
    url: str,
    origin: str,
    by: User | None,
    kinds: Sequence[str] = (),
    district: District | None = None,
) -> Hook:
    """A new address of a system, or of oneself, with its ``secret``; told from now on, first that
    it was registered.

    ``origin`` is the address of the portal. Raises NotAllowed for anybody else's, Unusable for an
    address that is none, unknown kinds, a district beyond the account, and too many addresses;
    Conflict for one that is registered already.
    """
    _check_owner(user, by)
    # The account's row is held, so that two requests cannot pass the limit together.
    User.objects.select_for_update().get(pk=user.pk)
    going = Hook.objects.going().filter(user=user)
    if going.filter(url=url).exists():
        raise Conflict(_("这个地址已经登记；密钥没有收到时，请更换密钥。"), code="registered")
    if going.count() >= MOST:
        raise Unusable(_("一个账号最多有 %s 个推送地址；请先停用不再需要的。") % MOST)
    if district is not None and user.reach != CITY and user.district_id != district.pk:
        raise Unusable.at("district", _("账号不属于这个区县，推送不能超出账号的范围。"))
    district = district or user.district
    hook = Hook(user=user, district=district, origin=origin, salt=secrets.token_urlsafe(24))
    hook.created_at = timezone.now()
    hook.position = sum(ChainHead.objects.filter(pk=1).values_list("number", flat=True))
    changes = revise(hook, {"url": url, "kinds": list(kinds)}, names=CHANGEABLE, check=_check)
    hook.save()
    note(action="hook.register", by=by, on=hook, changes={**changes, "user": user})
    hook.secret = _secret(hook, settings.SECRET_KEY)
    return hook


@transaction.atomic
def update(*, hook: Hook, by: User | None, expected: str | None = None, **fields: Any) -> Hook:
    """Another address, or other kinds of changes; what was not sent yet goes there, too."""
    locked = _locked(hook, by, expected)
    if changes := revise(locked, fields, names=CHANGEABLE, check=_check):
        locked.save(update_fields=CHANGEABLE)
        note(action="hook.update", by=by, on=locked, changes=changes)
    return locked


@transaction.atomic
def end(*, hook: Hook, by: User | None, expected: str | None = None) -> Hook:
    """Nothing more is sent; it can be taken up again where it ended."""
    locked = _locked(hook, by, expected)
    if locked.ended:
        return locked
    return _set(locked, by, "hook.end", ended=Ending.OWN, next_at=None)


@transaction.atomic
def resume(*, hook: Hook, by: User | None, expected: str | None = None) -> Hook:
    """Go on after the last change that was received; nothing in between is lost."""
    locked = _locked(hook, by, expected)
    if not locked.user.is_active:
        raise Conflict(_("账号已停用，不能恢复它的推送地址。"))
    if not locked.ended and not locked.failures:
        return locked
    fresh: dict[str, Any] = {"failures": 0, "failing_since": None, "next_at": None}
    return _set(locked, by, "hook.resume", ended="", **fresh)


@transaction.atomic
def renew(*, hook: Hook, by: User | None, expected: str | None = None) -> Hook:
    """A new ``secret``; from now on nothing is signed with the one before."""
    locked = _set(_locked(hook, by, expected), by, "hook.renew", salt=secrets.token_urlsafe(24))
    locked.secret = _secret(locked, settings.SECRET_KEY)
    return locked


@transaction.atomic
def replay(*, hook: Hook, after: int, by: User | None, expected: str | None = None) -> Hook:
    """Send again what came after a number, with the same names as the first time."""
    locked = _locked(hook, by, expected)
    if locked.ended:
        raise Conflict(_("推送地址已停用；请先恢复，再重发。"))
    if not 0 <= after <= locked.position:
        sentence = _("重发的起点应在 0 到 %s 之间，也就是已推送到的序号。") % locked.position
        raise Unusable.at("after", sentence)
    told = {"position": [locked.position, after]}
    return _set(locked, by, "hook.replay", told, position=after, next_at=None)


def _set(
    hook: Hook, by: User | None, action: str, told: dict[str, Any] | None = None, **values: Any
) -> Hook:
    for name, value in values.items():
        setattr(hook, name, value)
    hook.save(update_fields=list(values))
    note(action=action, by=by, on=hook, changes=told or {})
    return hook


def _check_owner(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        return
    may_keep_accounts(by)
    if user.role != Role.CLIENT:
        raise NotAllowed(_("推送地址只能替接口账号登记；%s 的由其本人登记。") % user.username)


def _locked(hook: Hook, by: User | None, expected: str | None) -> Hook:
    if by is None or by.pk != hook.user_id:
        may_keep_accounts(by)
    locked: Hook = (
        Hook.objects.select_for_update(of=("self",)).select_related("user").get(pk=hook.pk)
    )
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("推送地址刚被更改；请核对最新内容再保存。"))
    return locked


def _check(hook: Hook) -> None:
    """By the rule by which it is called, too: a name may move, or be given an address later."""
    try:
        parts = check_address(hook.url, plain=settings.IS_TRIAL)
        open_addresses(str(parts.hostname), parts.port, networks_of(settings.HOOK_NETWORKS))
    except Uncallable as fault:
        raise Unusable.at("url", str(fault)) from fault
    if urlsplit(hook.origin)[:2] == parts[:2]:
        raise Unusable.at("url", _("这是门户自己的地址；请写接收改动的系统的地址。"))
    if unknown := sorted(set(hook.kinds) - set(hooks.kinds())):
        words = {"found": unknown[0][:40], "known": ", ".join(hooks.kinds())}
        raise Unusable.at("kinds", _("没有「%(found)s」这种内容；可用的有 %(known)s。") % words)
