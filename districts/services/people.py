"""Keeps the accounts: opens, changes and closes them, gives systems and oneself tokens.

Nobody sees another's password: whoever is to have an account sets it by a link of her own.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record, revise, snapshot
from crypto.here import digest_of
from districts import roles
from districts.models import AccountLink, ApiToken, DeadlineFeed, District, Hook, User
from districts.models.hook import Ending
from districts.models.user import SCOPES
from districts.roles import Role
from districts.scope import ACCOUNTS, CITY, DISTRICT
from districts.services import links, old_address
from districts.services.links import PASSWORD
from districts.services.units import note

PLACE = {"role", "reach", "district", "office"}
CHANGEABLE = ("display_name", "email", "role", "reach", "district", "office")
PREFIX = "cqe_"
LONGEST_DAYS, MOST_TOKENS = 366, 50  # each token has calls of its own


def tag_of(user: User) -> str:
    """Changes whenever the account says something else."""
    return fingerprint(user, *CHANGEABLE, "is_active")


@transaction.atomic
def create_user(
    *, username: str, by: User | None, origin: str = "", **fields: Any
) -> tuple[User, str]:
    """Open an account; returns it with the secret of its link, empty when that goes by letter.

    ``origin`` is the address of the portal; without it no letter is written. Raises NotAllowed
    for other roles, Unusable (with ``fields``) when role, reach and district do not fit or the
    name is taken.
    """
    may_keep_accounts(by)
    user = User(username=username, **fields)
    user.set_unusable_password()
    _check(user)
    user.save()
    told = snapshot(user, "username", *CHANGEABLE)
    secret = links.hand_out(user=user, by=by, action="user.create", origin=origin, changes=told)
    return user, secret


@transaction.atomic
def update_user(*, user: User, by: User | None, expected: str | None = None, **fields: Any) -> User:
    """Change name, mail, role or place. Another role or place ends the account's tokens."""
    may_keep_accounts(by)
    locked = _locked(user)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("账号 %s 刚被别人更改；请核对最新内容再保存。") % locked.username)
    home = locked.district
    changes = revise(locked, fields, names=CHANGEABLE, check=_check)
    if by is not None and by.pk == locked.pk and PLACE & set(changes):
        raise NotAllowed(_("不能改自己的角色和范围；请由另一位系统管理员操作。"))
    if "role" in changes:
        _check_new_role(*changes["role"], by=by)
        _keep_one_keeper(locked, leaving=locked.role != Role.KEEPER)
    if changes:
        locked.save()
        if PLACE & set(changes):
            _end_tokens(locked)
        if "email" in changes:
            old_address.tell(address=changes["email"][0] or "", name=locked.username)
        left = home.code if home and "district" in changes else ""
        note(action="user.update", by=by, on=locked, other_district_code=left, changes=changes)
    return locked


@transaction.atomic
def disable_user(*, user: User, by: User | None) -> None:
    """Close an account: its sessions and tokens end at once and do not come back with it."""
    may_keep_accounts(by)
    locked = _locked(user)
    if by is not None and by.pk == locked.pk:
        raise Conflict(_("不能停用自己的账号；请由另一位系统管理员操作。"))
    if not locked.is_active:
        return
    _keep_one_keeper(locked, leaving=True)
    locked.is_active = False
    locked.set_password(None)  # sessions carry a hash of the password
    locked.save(update_fields=["is_active", *PASSWORD])
    _end_tokens(locked)
    note(action="user.disable", by=by, on=locked)


@transaction.atomic
def enable_user(*, user: User, by: User | None, origin: str = "") -> str:
    """Open a closed account again by a link, whose secret is returned as by ``create_user``."""
    return _renew("user.enable", user, by, origin, _("账号 %s 没有停用。"))


@transaction.atomic
def reset_password(*, user: User, by: User | None, origin: str = "") -> str:
    """End password and sessions; its owner sets a new one by a link, as by ``create_user``."""
    return _renew("user.reset", user, by, origin, _("账号 %s 已停用；请改用「启用账号」。"))


def _renew(action: str, user: User, by: User | None, origin: str, otherwise: Any) -> str:
    """An open account without a password; only a closed one is to be enabled."""
    may_keep_accounts(by)
    locked = _locked(user)
    if locked.is_active == (action == "user.enable"):
        raise Conflict(otherwise % locked.username)
    locked.is_active = True
    locked.set_password(None)
    locked.save(update_fields=["is_active", *PASSWORD])
    return links.hand_out(user=locked, by=by, action=action, origin=origin)


@transaction.atomic
def note_password_change(*, by: User) -> None:
    """The new password is stored by Django's form already; the trail says when and who."""
    User.objects.filter(pk=by.pk).update(password_changed_at=by.password_changed_at)
    note(action="user.password", by=by, on=by)


@transaction.atomic
def keep_password_anew(*, by: User, password: str) -> None:
    """The password that was just found right, kept as the profile in force keeps it."""
    if identify_hasher(by.password).algorithm != get_hasher().algorithm:
        by.password = make_password(password)
        by.save(update_fields=["password"])
        note(action="user.rehash", by=by, on=by)


def may_keep_accounts(by: User | None) -> None:
    if by is not None and by.role != Role.KEEPER:
        raise NotAllowed(_("账号由系统管理员管理，您的账号不能做这一步。"))


def _locked(user: User) -> User:
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    return locked


def _end_tokens(user: User) -> None:
    """The address of its calendar is one, too, so is a link that was not used, and so is an address
    to which changes are sent."""
    AccountLink.objects.end_those_of(user)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    DeadlineFeed.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())
    Hook.objects.filter(user=user, ended="").update(ended=Ending.ACCOUNT, next_at=None)


def _check_new_role(before: str, after: str, *, by: User | None) -> None:
    """Who opens an account alone does not make it one that two have to open."""
    deciding = roles.DECIDING_ROLES
    if by is not None and after in deciding and before not in deciding:
        raise NotAllowed(
            _("这个账号不能改成审签或市级角色；请为本人新开账号，由两位系统管理员办理。")
        )


def _keep_one_keeper(user: User, *, leaving: bool) -> None:
    keepers = User.objects.filter(role=Role.KEEPER, is_active=True)
    is_last = keepers.filter(pk=user.pk).exists() and not keepers.exclude(pk=user.pk).exists()
    if leaving and is_last:
        raise Conflict(_("这是最后一位在用的系统管理员；请先指定另一位。"))


def _check(user: User) -> None:
    problems = _misplacements(user.role, user.reach, user.district, user.office)
    if problems:
        raise Unusable(next(iter(problems.values())), fields=problems)
    check(user)


def _misplacements(role: str, reach: str, district: District | None, office: str) -> dict[str, Any]:
    """What does not fit between role, reach, district and office: field → sentence."""
    is_department = role == Role.DEPARTMENT
    if is_department and reach != DISTRICT:
        return {"reach": _("协同部门属于一个区县，范围请选「一个区县」。")}
    if is_department != bool(office):
        return {"office": _("协同部门的账号要写明部门，其他角色应留空。")}
    if role in roles.DISTRICT_ROLES and reach != DISTRICT:
        return {"reach": _("填报员和审签人属于一个区县，范围请选「一个区县」。")}
    if role in roles.MUNICIPAL_ROLES and reach != CITY:
        return {"reach": _("市级人员的范围是全市，请选「全市」。")}
    if (role == Role.KEEPER) != (reach == ACCOUNTS):
        return {"reach": _("「只管账号」是系统管理员的范围，其他角色不能选。")}
    if reach == DISTRICT and district is None:
        return {"district": _("范围是一个区县时，请选择是哪个区县。")}
    if reach != DISTRICT and district is not None:
        return {"district": _("范围不是一个区县时，区县应留空。")}
    return {}


@transaction.atomic
def create_token(
    *,
    user: User,
    scopes: Sequence[str],
    by: User | None,
    district: District | None = None,
    days: int = 30,
) -> tuple[ApiToken, str]:
    """A new token and its text, which is not kept anywhere: a system's, or one's own.

    Raises NotAllowed for anybody else's, Unusable for unknown scopes, days outside 1–366, a
    district beyond the account and too many tokens.
    """
    _check_owner(user, by)
    _check_token(user, scopes, district, days)
    if ApiToken.objects.usable_at(timezone.now()).filter(user=user).count() >= MOST_TOKENS:
        raise Unusable(_("一个账号最多有 %s 个有效的令牌；请先作废不再使用的。") % MOST_TOKENS)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        prefix=text[:10],
        digest=digest_of(text),
        scopes=sorted(set(scopes)),
        district=district,
        expires_at=timezone.now() + timedelta(days=days),
    )
    facts = {"user": user.username, "scopes": token.scopes, "days": days}
    note(action="token.create", by=by, on=token, changes=facts)
    return token, text


def _check_owner(user: User, by: User | None) -> None:
    """Whoever holds a token acts as its account: nobody is handed another person's."""
    if by is not None and by.pk == user.pk and user.role != Role.CLIENT:
        return
    may_keep_accounts(by)
    if user.role != Role.CLIENT:
        raise NotAllowed(_("令牌只能发给接口账号或自己；%s 的令牌由其本人建立。") % user.username)


def _check_token(user: User, scopes: Sequence[str], district: District | None, days: int) -> None:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        words = {"found": ",".join(unknown), "known": ", ".join(SCOPES)}
        raise Unusable(_("权限范围「%(found)s」不能用；可用的有 %(known)s。") % words)
    if not 1 <= days <= LONGEST_DAYS:
        raise Unusable(
            _("有效天数应在 1 到 %(most)s 之间，现在是 %(days)s。")
            % {"most": LONGEST_DAYS, "days": days}
        )
    if district is not None and user.reach != CITY and user.district_id != district.pk:
        raise Unusable(_("账号 %s 不属于这个区县，令牌不能超出账号的范围。") % user.username)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User | None) -> None:
    """End one's own token, or as keeper anybody's, at once; twice changes nothing."""
    if by is None or by.pk != token.user_id:
        may_keep_accounts(by)
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(action="token.revoke", by=by, on=locked)
